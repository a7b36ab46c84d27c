import { type EvidenceTool, VERSION } from "../lib/base/mod.ts";

/** The program and what it runs on, as reports that are evidence name them. */
export function thisProgram(): EvidenceTool {
  const { deno, v8 } = Deno.version;
  return { name: "civitai-dl", version: VERSION, deno, v8 };
}
