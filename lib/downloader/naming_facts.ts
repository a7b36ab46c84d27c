import type { Model, ModelFile, ModelVersion } from "../civitai/mod.ts";
import type { NamingFacts, SidecarFacts } from "../library/mod.ts";

/**
 * Collect the facts that a path may be built from.
 *
 * @param model The model that the version belongs to
 * @param version The version that the file belongs to
 * @param file The file that needs a path
 * @returns Input for the library's layouts and templates
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { parseModel } from "@civitai-dl/civitai-dl/civitai";
 * import { namingFacts } from "@civitai-dl/civitai-dl/downloader";
 *
 * const modelVersions = [{ id: 2, name: "v1", files: [{ id: 3, name: "a.safetensors" }] }];
 * const model = parseModel({ id: 1, name: "A", type: "LORA", modelVersions });
 * const version = model.versions[0]!;
 * const { modelType, versionName, fileName } = namingFacts(model, version, version.files[0]!);
 * assertEquals([modelType, versionName, fileName], ["LORA", "v1", "a.safetensors"]);
 * ```
 */
export function namingFacts(model: Model, version: ModelVersion, file: ModelFile): NamingFacts {
  return {
    modelId: model.id,
    modelName: model.name,
    modelType: model.type,
    creator: model.creator,
    tags: model.tags,
    versionId: version.id,
    versionName: version.name,
    baseModel: version.baseModel,
    publishedAt: version.publishedAt,
    nsfwLevel: version.nsfwLevel,
    fileId: file.id,
    fileName: file.name,
    fileType: file.type,
    format: file.format,
    fp: file.fp,
    size: file.size,
    quant: file.quantType,
  };
}

/**
 * Collect the facts that sidecars are written from.
 *
 * @param model The model that the version belongs to
 * @param version The version that the sidecars describe
 * @returns Input for the library's sidecar formats
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { parseModel } from "@civitai-dl/civitai-dl/civitai";
 * import { sidecarFacts } from "@civitai-dl/civitai-dl/downloader";
 *
 * const model = parseModel({ id: 1, name: "A", modelVersions: [{ id: 2, trainedWords: ["copper"] }] });
 * const { modelName, trainedWords } = sidecarFacts(model, model.versions[0]!);
 * assertEquals([modelName, trainedWords], ["A", ["copper"]]);
 * ```
 */
export function sidecarFacts(model: Model, version: ModelVersion): SidecarFacts {
  return {
    modelId: model.id,
    modelName: model.name,
    modelType: model.type,
    modelDescription: model.description,
    creator: model.creator,
    tags: model.tags,
    nsfw: model.nsfw,
    modelRaw: model.raw,
    versionId: version.id,
    versionName: version.name,
    baseModel: version.baseModel,
    versionDescription: version.description,
    trainedWords: version.trainedWords,
    publishedAt: version.publishedAt,
    versionRaw: version.raw,
  };
}
