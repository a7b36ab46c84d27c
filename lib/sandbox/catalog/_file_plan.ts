import { rollPick } from "../_roll.ts";

/** Type and format of a file, before it has a name and a size. */
export interface FileKind {
  readonly type: string;
  readonly format: string;
  readonly extension: string;
  readonly fp: string | null;
  readonly size: string | null;
  readonly quantType: string | null;
}

const PLAIN = { fp: null, size: null, quantType: null };
const WEIGHTS: FileKind = { ...PLAIN, type: "Model", format: "SafeTensor", extension: "safetensors" };
const PRUNED: FileKind = { ...WEIGHTS, fp: "fp16", size: "pruned" };
const FULL: FileKind = { ...WEIGHTS, fp: "fp32", size: "full" };
const PICKLE: FileKind = {
  ...PLAIN,
  type: "Model",
  format: "PickleTensor",
  extension: "ckpt",
  fp: "fp16",
  size: "full",
};
const GGUF: FileKind = { ...PLAIN, type: "Model", format: "GGUF", extension: "gguf", quantType: "Q4_K_M" };
const GGUF_LARGE: FileKind = { ...GGUF, quantType: "Q8_0" };
const VAE: FileKind = { ...PLAIN, type: "VAE", format: "SafeTensor", extension: "safetensors" };
const CONFIG: FileKind = { ...PLAIN, type: "Config", format: "Other", extension: "yaml" };
const TRAINING: FileKind = { ...PLAIN, type: "Training Data", format: "Other", extension: "zip" };
const ARCHIVE: FileKind = { ...PLAIN, type: "Archive", format: "Other", extension: "zip" };
const EMBEDDING: FileKind = { ...PLAIN, type: "Model", format: "PickleTensor", extension: "pt" };
const NEGATIVE: FileKind = { ...PLAIN, type: "Negative", format: "PickleTensor", extension: "pt" };
const WORKFLOW: FileKind = { ...PLAIN, type: "Workflow", format: "Other", extension: "json" };

/** For each type of model: the first file, the second, and the kinds from which the others are drawn. */
const PLANS: Readonly<Record<string, readonly [FileKind, FileKind, readonly FileKind[]]>> = {
  Checkpoint: [PRUNED, FULL, [VAE, CONFIG, TRAINING, PICKLE, GGUF]],
  TextualInversion: [EMBEDDING, NEGATIVE, [WEIGHTS]],
  LLM: [GGUF, GGUF_LARGE, [CONFIG]],
  Poses: [ARCHIVE, CONFIG, [ARCHIVE]],
  Wildcards: [ARCHIVE, CONFIG, [ARCHIVE]],
  Workflows: [WORKFLOW, ARCHIVE, [CONFIG]],
};
const OTHER_PLAN: readonly [FileKind, FileKind, readonly FileKind[]] = [WEIGHTS, TRAINING, [CONFIG, TRAINING]];

/**
 * Choose the type and format of a file of a version.
 *
 * @param modelType Type of the model, such as `LORA`
 * @param fileIndex Position in the version
 * @param seed The catalog's seed
 * @param fileId Id of the file; determines the kind from the third file on
 * @returns Its kind
 */
export function fileKindOf(modelType: string, fileIndex: number, seed: number, fileId: number): FileKind {
  const [first, second, others] = PLANS[modelType] ?? OTHER_PLAN;
  if (fileIndex === 0) return first;
  if (fileIndex === 1) return second;
  return rollPick(others, seed, "kind", fileId);
}
