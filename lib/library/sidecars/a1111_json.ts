import { plainText } from "./_plain_text.ts";
import type { JsonObject } from "../json_object.ts";
import type { SidecarFacts } from "./sidecar_facts.ts";

/**
 * Build `<stem>.json`, the user metadata of A1111 and Forge. The user edits this file, so merge it and never overwrite
 * it.
 *
 * @param facts Version and model
 * @returns The content
 */
export async function a1111Json(facts: SidecarFacts): Promise<JsonObject> {
  const { trainedWords, baseModel } = facts;
  // A trained word that contains a comma would be split at `, `.
  const separator = trainedWords.some((word) => word.includes(",")) ? " || " : ", ";
  return {
    "description": await plainText(facts.versionDescription ?? facts.modelDescription ?? ""),
    "sd version": sdVersion(baseModel),
    "activation text": trainedWords.join(separator),
    "preferred weight": 0,
    "negative text": "",
    "notes": "",
  };
}

function sdVersion(baseModel: string): "SD1" | "SD2" | "SD3" | "SDXL" | "Unknown" {
  if (/^SD 1\b/i.test(baseModel)) return "SD1";
  if (/^SD 2\b/i.test(baseModel)) return "SD2";
  if (/^SD 3\b/i.test(baseModel)) return "SD3";
  // Unlike Pony, Pony V7 is not based on SDXL.
  return /^(?:SDXL\b|Pony$|Illustrious|NoobAI)/i.test(baseModel) ? "SDXL" : "Unknown";
}
