import * as z from "zod";
import { alertsSchema } from "./alerts_schema.ts";

/**
 * The JSON Schema of the configuration file, for editors.
 *
 * @returns A JSON Schema document, draft 2020-12
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { alertsJsonSchema } from "@civitai-dl/civitai-dl/alerts";
 *
 * const path = `${await Deno.makeTempDir()}/alerts.schema.json`;
 * await Deno.writeTextFile(path, JSON.stringify(alertsJsonSchema(), null, 2));
 * assertEquals(alertsJsonSchema()["$schema"], "https://json-schema.org/draft/2020-12/schema");
 * ```
 */
export function alertsJsonSchema(): Record<string, unknown> {
  return {
    ...z.toJSONSchema(alertsSchema),
    title: "Alert rules of civitai-dl",
  };
}
