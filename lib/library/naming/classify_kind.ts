import { ownValue } from "./_own_value.ts";
import type { NamingFacts } from "./naming_facts.ts";

/** File types that say more than the model's type. */
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

/** Model types that share a folder with another. */
const BY_MODEL_TYPE: Readonly<Record<string, string>> = {
  LoCon: "LORA",
  DoRA: "LORA",
  AestheticGradient: "TextualInversion",
  UNet: "DiffusionModel",
  CLIP: "TextEncoder",
  ComfyWorkflows: "Workflows",
};

/**
 * Say what a file is to the program that loads it: its own type first, then its model's.
 *
 * @param facts Types, format and name of the file
 * @returns A key of {@linkcode Layout}'s folders, or a model type that no program has a folder for
 */
export function classifyKind(facts: Pick<NamingFacts, "fileName" | "fileType" | "modelType" | "format">): string {
  const { fileName, fileType, modelType, format } = facts;
  const own = ownValue(BY_FILE_TYPE, fileType);
  if (own !== undefined && own !== "Archive") return own;
  const kind = ownValue(BY_MODEL_TYPE, modelType) ?? modelType;
  // An archive is kept, not loaded; a workflow comes in one and is still looked for among workflows.
  if (kind !== "Workflows" && (own === "Archive" || /\.(?:zip|7z|rar|tar(?:\.\w+)?)$/i.test(fileName))) {
    return "Archive";
  }
  // GGUF never holds a whole checkpoint: it is the bare diffusion model.
  if (kind === "Checkpoint" && (format === "GGUF" || /\.gguf$/i.test(fileName))) return "DiffusionModel";
  return kind;
}
