import * as z from "zod";
import { gateSchema } from "./_gate_schema.ts";

/**
 * Generate the JSON Schema of a phases file, for editors.
 *
 * @returns A JSON Schema of draft 2020-12
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { gateJsonSchema } from "@civitai-dl/civitai-dl/gate";
 *
 * const { title, required } = gateJsonSchema();
 * assertEquals([title, required], ["Phases and their conditions", ["version", "phases"]]);
 * ```
 */
export function gateJsonSchema(): Record<string, unknown> {
  return { ...z.toJSONSchema(gateSchema, { io: "input" }), title: "Phases and their conditions" };
}
