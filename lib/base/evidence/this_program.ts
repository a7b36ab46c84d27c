import type { EvidenceTool } from "./evidence.ts";
import { VERSION } from "../version.ts";

/** Describe this program and its runtime for the header of a report. */
export function thisProgram(): EvidenceTool {
  const { deno, v8 } = Deno.version;
  return { name: "civitai-dl", version: VERSION, deno, v8 };
}
