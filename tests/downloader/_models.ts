import type { ImageItem, Model, ModelFile, ModelVersion } from "../../lib/civitai/mod.ts";

/** A file as the API returns it, with the test's changes. */
export function someFile(id: number, changes: Partial<ModelFile> = {}): ModelFile {
  return {
    id,
    name: `file-${id}.safetensors`,
    type: "Model",
    sizeBytes: 1000,
    format: "SafeTensor",
    fp: "fp16",
    size: "pruned",
    quantType: null,
    hashes: { SHA256: String(id).padStart(64, "0") },
    primary: false,
    pickleScan: "Success",
    virusScan: "Success",
    linkedQuery: null,
    ...changes,
  };
}

/** A version with one primary file. */
export function someVersion(id: number, changes: Partial<ModelVersion> = {}): ModelVersion {
  return {
    id,
    modelId: 1,
    name: `v${id}`,
    baseModel: "SDXL 1.0",
    publishedAt: "2026-01-01T00:00:00.000Z",
    availability: "Public",
    description: null,
    trainedWords: [],
    nsfwLevel: 1,
    index: 0,
    earlyAccessUntil: null,
    permanentlyPaid: false,
    usageControl: "Download",
    files: [someFile(id * 10, { primary: true })],
    images: [],
    raw: { id },
    ...changes,
  };
}

/** A model with one version. */
export function someModel(changes: Partial<Model> = {}): Model {
  return {
    id: 1,
    name: "Copper Fields",
    type: "LORA",
    description: "<p>Fields.</p>",
    creator: "brambleforge",
    tags: ["style"],
    nsfw: false,
    nsfwLevel: 1,
    mode: null,
    versions: [someVersion(1)],
    raw: { id: 1 },
    ...changes,
  };
}

/** A showcase image. */
export function someImage(id: number, changes: Partial<ImageItem> = {}): ImageItem {
  return {
    id,
    url: `https://image.civitai.com/xG1nkqKTMzGDvpLrqFT7WA/00000000-0000-0000-0000-00000000000${
      id % 10
    }/width=450/a.jpeg`,
    type: "image",
    width: 512,
    height: 512,
    nsfwLevel: 1,
    username: "brambleforge",
    postId: 1,
    createdAt: null,
    meta: null,
    ...changes,
  };
}
