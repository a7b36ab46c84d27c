import { isFields } from "../_lossless_json.ts";
import { classifyKind } from "../naming/classify_kind.ts";
import type { JsonObject } from "../json_object.ts";
import type { SidecarFacts } from "./sidecar_facts.ts";
import { splitName } from "../naming/split_name.ts";

/** The file on disk that a `.metadata.json` describes. */
export interface MetadataFile {
  /** Absolute path. */
  readonly path: string;
  /** Size on disk, in bytes. */
  readonly sizeBytes: number;
  /** Modification time on disk, in milliseconds since the epoch. */
  readonly modifiedMs: number;
  /** SHA-256 of the file on disk, as hex in any letter case. */
  readonly sha256: string;
  /** `Model`, `Diffusion Model`, … */
  readonly fileType: string;
  /** `SafeTensor`, `GGUF`, … */
  readonly format: string | null;
  /** Absolute path of the preview; `null` if there is none. */
  readonly previewPath: string | null;
  /** Maturity bits of the preview. */
  readonly previewNsfwLevel: number;
  /** Whether Civitai no longer has the file, its version or its model. */
  readonly isRemoved: boolean;
}

/** Fields of a `.metadata.json` that state a fact about the file on disk; see {@linkcode SidecarKnowledge.facts}. */
export const METADATA_FACTS = ["/file_name", "/file_path", "/size", "/sha256", "/civitai/files"] as const;

/**
 * Build `<stem>.metadata.json` in the form that ComfyUI-Lora-Manager reads.
 *
 * @param facts Version and model
 * @param file The file on disk
 * @returns The content
 */
export function metadataJson(facts: SidecarFacts, file: MetadataFile): JsonObject {
  const path = file.path.replaceAll("\\", "/");
  const name = path.slice(path.lastIndexOf("/") + 1);
  const kind = classifyKind({
    fileName: name,
    fileType: file.fileType,
    modelType: facts.modelType,
    format: file.format,
  });
  return {
    file_name: splitName(name).stem,
    model_name: facts.modelName,
    file_path: path,
    size: file.sizeBytes,
    modified: file.modifiedMs / 1000,
    sha256: file.sha256.toLowerCase(),
    base_model: facts.baseModel,
    preview_url: file.previewPath?.replaceAll("\\", "/") ?? "",
    preview_nsfw_level: file.previewNsfwLevel,
    notes: "",
    from_civitai: true,
    civitai: versionJson(facts),
    tags: facts.tags,
    modelDescription: facts.modelDescription ?? "",
    civitai_deleted: file.isRemoved,
    favorite: false,
    exclude: false,
    db_checked: false,
    skip_metadata_refresh: false,
    metadata_source: "civitai_api",
    last_checked_at: file.modifiedMs / 1000,
    hash_status: "completed",
    trainedWords: facts.trainedWords,
    ...(kind === "LORA" ? { usage_tips: "{}" } : {}),
    ...(kind === "Checkpoint" ? { sub_type: "checkpoint" } : {}),
    ...(kind === "DiffusionModel" ? { sub_type: "diffusion_model" } : {}),
  };
}

function versionJson(facts: SidecarFacts): JsonObject {
  const { versionRaw } = facts;
  return {
    ...versionRaw,
    id: facts.versionId,
    modelId: facts.modelId,
    name: facts.versionName,
    baseModel: facts.baseModel,
    trainedWords: facts.trainedWords,
    model: {
      ...(isFields(versionRaw.model) ? versionRaw.model : {}),
      name: facts.modelName,
      type: facts.modelType,
      nsfw: facts.nsfw,
    },
  };
}
