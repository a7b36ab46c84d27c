/**
 * The words that choose files of a version: the primary file, all files, and the file types of Civitai. `model` means
 * weights of any kind; `text` is short for `text-encoder`.
 */
export const FILE_WORDS = [
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
] as const;

/** One of {@linkcode FILE_WORDS}. */
export type FileWord = typeof FILE_WORDS[number];

/** Types of models, in the order and spelling of the API. */
export const MODEL_TYPES = [
  "Checkpoint",
  "TextualInversion",
  "Hypernetwork",
  "AestheticGradient",
  "LORA",
  "LoCon",
  "DoRA",
  "Controlnet",
  "Upscaler",
  "MotionModule",
  "VAE",
  "TextEncoder",
  "UNet",
  "CLIPVision",
  "Poses",
  "Wildcards",
  "Workflows",
  "ComfyWorkflows",
  "Detection",
  "VisionLanguage",
  "CLIP",
  "LLM",
  "Other",
] as const;

/** One of {@linkcode MODEL_TYPES}. */
export type ModelType = typeof MODEL_TYPES[number];

/** `Choice.levels` by the highest maturity rating: the bits of all ratings up to it. */
export const MATURITY_LEVELS = { "PG": 1, "PG-13": 3, "R": 7, "X": 15, "XXX": 31 } as const;

/** Name of the highest maturity rating. */
export type LevelName = keyof typeof MATURITY_LEVELS;
