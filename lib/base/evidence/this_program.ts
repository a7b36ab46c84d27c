import type { EvidenceTool } from "./evidence.ts";
import { VERSION } from "../version.ts";

/** The program and what it runs on, as reports that are evidence name them. */
export function thisProgram(): EvidenceTool {
  const { deno, v8 } = Deno.version;
  return { name: "civitai-dl", version: VERSION, deno, v8 };
}
