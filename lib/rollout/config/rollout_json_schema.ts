import * as z from "zod";
import { rolloutSchema } from "./_rollout_schema.ts";

/**
 * Generate the JSON Schema of a rollout file, for editors.
 *
 * @returns A JSON Schema of draft 2020-12
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { rolloutJsonSchema } from "@civitai-dl/civitai-dl/rollout";
 *
 * const { title, required } = rolloutJsonSchema();
 * assertEquals([title, required], ["Steps of a rollout", ["version", "name", "from", "to", "steps"]]);
 * ```
 */
export function rolloutJsonSchema(): Record<string, unknown> {
  return { ...z.toJSONSchema(rolloutSchema, { io: "input" }), title: "Steps of a rollout" };
}
