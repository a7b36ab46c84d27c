import { ownValue } from "./_own_value.ts";
import type { NamingFacts } from "./naming_facts.ts";

/** File types that are more specific than the model's type. */
const BY_FILE_TYPE: Readonly<Record<string, string>> = {
  "VAE": "VAE",
  "Text Encoder": "TextEncoder",
  "Vision Encoder": "CLIPVision",
  "CLIPVision": "CLIPVision",
  "UNet": "DiffusionModel",
  "Diffusion Model": "DiffusionModel",
  "ControlNet": "Controlnet",
  "Upscaler": "Upscaler",
  "Enhancement LoRA": "LORA",
  "Workflow": "Workflows",
  "Training Data": "TrainingData",
  "Archive": "Archive",
};

/** Model types that programs load from the same folder as another type. */
const BY_MODEL_TYPE: Readonly<Record<string, string>> = {
  LoCon: "LORA",
  DoRA: "LORA",
  AestheticGradient: "TextualInversion",
  UNet: "DiffusionModel",
  CLIP: "TextEncoder",
  ComfyWorkflows: "Workflows",
};

/**
 * Classify a file for the program that loads it: by its own type first, then by its model's type.
 *
 * @param facts Types, format and name of the file
 * @returns A key of {@linkcode Layout}'s folders, or a model type that no program has a folder for
 */
export function classifyKind(facts: Pick<NamingFacts, "fileName" | "fileType" | "modelType" | "format">): string {
  const { fileName, fileType, modelType, format } = facts;
  const own = ownValue(BY_FILE_TYPE, fileType);
  if (own !== undefined && own !== "Archive") return own;
  const kind = ownValue(BY_MODEL_TYPE, modelType) ?? modelType;
  // Programs do not load archives. A workflow is published as an archive and still belongs among the workflows.
  if (kind !== "Workflows" && (own === "Archive" || /\.(?:zip|7z|rar|tar(?:\.\w+)?)$/i.test(fileName))) {
    return "Archive";
  }
  // GGUF never holds a whole checkpoint: it is the bare diffusion model.
  if (kind === "Checkpoint" && (format === "GGUF" || /\.gguf$/i.test(fileName))) return "DiffusionModel";
  return kind;
}
