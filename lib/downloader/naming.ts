import type { Model, ModelFile, ModelVersion } from "../civitai/mod.ts";
import type { NamingFacts, SidecarFacts } from "../library/mod.ts";

/**
 * Gather what a path may be made of.
 *
 * @param model The model
 * @param version The version
 * @param file The file
 * @returns Facts for the library
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
 * Gather what sidecars are made of.
 *
 * @param model The model
 * @param version The version
 * @returns Facts for the library
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
