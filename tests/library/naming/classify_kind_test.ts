import { assertEquals } from "@std/assert";
import { classifyKind } from "../../../lib/library/naming/classify_kind.ts";

Deno.test("classifyKind() uses the type of the file, then of the model", () => {
  const table = [
    ["a.safetensors", "Model", "LoCon", "SafeTensor", "LORA"],
    ["a.safetensors", "VAE", "Checkpoint", "SafeTensor", "VAE"],
    ["a.safetensors", "Text Encoder", "Checkpoint", "SafeTensor", "TextEncoder"],
    ["a.safetensors", "Diffusion Model", "Checkpoint", null, "DiffusionModel"],
    ["a.gguf", "Model", "Checkpoint", "GGUF", "DiffusionModel"],
    ["a.gguf", "Text Encoder", "Checkpoint", "GGUF", "TextEncoder"],
    ["a.zip", "Model", "TextualInversion", "Other", "Archive"],
    ["a.zip", "Archive", "Workflows", "Other", "Workflows"],
    ["a.zip", "Training Data", "LORA", "Other", "TrainingData"],
    ["a.safetensors", "Pruned Model", "Checkpoint", "SafeTensor", "Checkpoint"],
    ["a.bin", "Whatever", "Brand New Type", null, "Brand New Type"],
  ] as const;
  for (const [fileName, fileType, modelType, format, kind] of table) {
    assertEquals(classifyKind({ fileName, fileType, modelType, format }), kind);
  }
});
