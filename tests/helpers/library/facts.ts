import type { NamingFacts, PlannedItem, SidecarFacts } from "../../../lib/library/mod.ts";

/** One file of one version, with the test's changes. */
export function namingFacts(changes: Partial<NamingFacts> = {}): NamingFacts {
  return {
    modelId: 3100001,
    modelName: "Lantern Fields XL",
    modelType: "LORA",
    creator: "brambleforge",
    tags: ["style", "landscape"],
    versionId: 2900101,
    versionName: "v2.0",
    baseModel: "SDXL 1.0",
    publishedAt: "2026-06-11T10:00:00.000Z",
    nsfwLevel: 1,
    fileId: 2800101,
    fileName: "lantern_fields_xl_v2.safetensors",
    fileType: "Model",
    format: "SafeTensor",
    fp: "fp16",
    size: null,
    quant: null,
    ...changes,
  };
}

/** One version with its model, with the test's changes. */
export function sidecarFacts(changes: Partial<SidecarFacts> = {}): SidecarFacts {
  return {
    modelId: 3100001,
    modelName: "Lantern Fields XL",
    modelType: "LORA",
    modelDescription: "<p>Warm <b>light</b>.</p>",
    creator: "brambleforge",
    tags: ["style", "landscape"],
    nsfw: false,
    modelRaw: {
      id: 3100001,
      allowNoCredit: true,
      allowCommercialUse: ["Image"],
      creator: { username: "brambleforge" },
    },
    versionId: 2900101,
    versionName: "v2.0",
    baseModel: "SDXL 1.0",
    versionDescription: null,
    trainedWords: ["lntrnflds"],
    publishedAt: "2026-06-11T10:00:00.000Z",
    versionRaw: {
      id: 2900101,
      updatedAt: "2026-06-11T10:00:30.000Z",
      air: "urn:air:sdxl:lora:civitai:3100001@2900101",
    },
    ...changes,
  };
}

/** A planned model file, with the test's changes. */
export function plannedItem(id: number, changes: Partial<PlannedItem> = {}): PlannedItem {
  return {
    key: `file:${id}:${id}`,
    kind: "file",
    modelId: 1,
    versionId: id,
    fileId: id,
    imageId: null,
    creator: "brambleforge",
    path: `models/${id}.safetensors`,
    sizeBytes: 1000,
    hashes: { SHA256: id.toString(16).padStart(64, "0") },
    source: `https://civitai.com/api/download/models/${id}`,
    ...changes,
  };
}
