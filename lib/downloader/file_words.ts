/**
 * What `--files` takes, in the order of help: the primary file, all, and the types that Civitai's files have. `model` are
 * weights of any kind, `text` is short for `text-encoder`.
 */
export const FILE_WORDS: readonly string[] = [
  "primary",
  "all",
  "model",
  "vae",
  "config",
  "training-data",
  "text-encoder",
  "vision-encoder",
  "clipvision",
  "controlnet",
  "upscaler",
  "enhancement-lora",
  "negative",
  "workflow",
  "archive",
  "other",
  "pruned-model",
  "diffusion-model",
  "unet",
  "text",
];
