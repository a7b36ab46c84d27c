import * as z from "zod";
import { asRecord } from "./_as_record.ts";
import { field } from "./_field.ts";
import { parseEach } from "./_parse_each.ts";
import { parseEntry } from "./_parse_shape.ts";
import { ShapeError } from "./shape_error.ts";
import type { ModelFile, ModelVersion } from "./entities.ts";
import { parseImage } from "./parse_image.ts";
import { parseModelFile } from "./parse_model_file.ts";

const versionSchema = z.looseObject({
  id: field.id,
  modelId: field.id.nullable().default(null).catch(null),
  index: field.number,
  name: field.name,
  baseModel: field.name,
  publishedAt: field.date,
  availability: field.text,
  description: field.text,
  trainedWords: field.texts,
  nsfwLevel: field.number,
  paidAccess: z.looseObject({ permanent: field.flag, endsAt: field.date }).nullable().default(null).catch(null),
  earlyAccessDeadline: field.date,
  earlyAccessEndsAt: field.date,
  usageControl: field.text,
  vaeId: field.number,
  model: z.looseObject({ type: field.name }).nullable().default(null).catch(null),
  files: z.unknown().optional(),
  images: z.unknown().optional(),
});
type VersionShape = z.output<typeof versionSchema>;

/** The model that contains a nested version. The JSON of the version itself does not name the model. */
export interface VersionParent {
  /** Id of the model. */
  readonly modelId: number;
  /** Type of the model, such as `LORA`. */
  readonly type?: string | undefined;
  /**
   * Position in the model, used if the version has no `index`.
   *
   * @default {0}
   */
  readonly index?: number;
}

/**
 * Parse a version, either nested in a model or alone from /model-versions.
 *
 * @param json The decoded version
 * @param parent The model; required for the nested shape
 * @returns The version
 * @throws {SyntaxError} If it has no id or no model, or is nested too deeply
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { parseVersion } from "@civitai-dl/civitai-dl/civitai";
 *
 * const version = parseVersion({ id: 456, name: "v1", files: [{ id: 789, sizeKB: 2 }] }, {
 *   modelId: 123,
 *   type: "LORA",
 * });
 * assertEquals([version.modelId, version.baseModel, version.files[0]?.sizeBytes], [123, "Other", 2048]);
 * ```
 */
export function parseVersion(json: unknown, parent?: VersionParent): ModelVersion {
  const version = parseEntry(versionSchema, json, "a model version", { lists: ["files", "images"] });
  const modelId = parent?.modelId ?? version.modelId;
  if (modelId === null) throw new ShapeError(`version ${version.id}`, "it has no model id");
  const permanentlyPaid = version.paidAccess?.permanent ?? false;
  const until = version.paidAccess?.endsAt ?? version.earlyAccessDeadline ?? version.earlyAccessEndsAt;
  const of = `version ${version.id}`;
  const files = parseFiles(version, parent);
  const images = parseEach(version.images, { kind: "image", of, parse: parseImage });
  const unreadable = [...files.unreadable, ...images.unreadable];
  return {
    id: version.id,
    modelId,
    name: version.name ?? String(version.id),
    baseModel: version.baseModel ?? "Other",
    publishedAt: version.publishedAt,
    availability: version.availability,
    description: version.description,
    trainedWords: version.trainedWords,
    nsfwLevel: version.nsfwLevel ?? 0,
    index: version.index ?? parent?.index ?? 0,
    earlyAccessUntil: permanentlyPaid ? null : until,
    permanentlyPaid,
    usageControl: version.usageControl ?? "Download",
    files: files.items,
    images: images.items,
    ...unreadable.length === 0 ? {} : { unreadable },
    raw: {
      ...asRecord(json),
      ...files.unreadable.length === 0 ? {} : { files: files.raw },
      ...images.unreadable.length === 0 ? {} : { images: images.raw },
    },
  };
}

function parseFiles(
  version: VersionShape,
  parent: VersionParent | undefined,
): ReturnType<typeof parseEach<ModelFile>> {
  const modelType = parent?.type ?? version.model?.type ?? null;
  return parseEach(version.files, {
    kind: "file",
    of: `version ${version.id}`,
    parse(json) {
      const isLinked = modelType !== "VAE" &&
        isLinkedVae(asRecord(json) ?? {}, version, { isNested: parent !== undefined });
      return parseModelFile(json, { isLinked });
    },
    idOf: (file) => file.id,
  });
}

/**
 * Whether a file is a VAE that the creator linked from another model. It is listed with the id of that model's file,
 * which the download route refuses as `fileId` here. In a nested version, `vaeId` shows the link. A version that was
 * requested alone does not show it, and the version's own VAE looks the same. In that case the query selects the file
 * either way, unless several files share the same URL.
 */
function isLinkedVae(
  file: Readonly<Record<string, unknown>>,
  version: VersionShape,
  options: { readonly isNested: boolean },
): boolean {
  const { type, modelVersionId, downloadUrl } = file;
  if (type !== "VAE" || typeof downloadUrl !== "string" || !/[?&]type=VAE\b/.test(downloadUrl)) return false;
  if (typeof modelVersionId === "number") return modelVersionId !== version.id;
  if (options.isNested || version.vaeId !== null) return version.vaeId !== null;
  const all: readonly unknown[] = Array.isArray(version.files) ? version.files : [];
  return all.filter((other) => asRecord(other)?.["downloadUrl"] === downloadUrl).length === 1;
}
