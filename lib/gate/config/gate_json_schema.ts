import * as z from "zod";
import { checkName, gateSchema } from "./_gate_schema.ts";

/** Options of {@linkcode gateJsonSchema}. */
export interface GateJsonSchemaOptions {
  /** Names of the existing checks, which the schema then lists. If absent, it takes any name. */
  readonly checks?: readonly string[] | undefined;
}

/**
 * Generate the JSON Schema of a phases file, for editors.
 *
 * @param options The existing checks
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
export function gateJsonSchema({ checks }: GateJsonSchemaOptions = {}): Record<string, unknown> {
  const schema = z.toJSONSchema(gateSchema, {
    io: "input",
    override({ zodSchema, jsonSchema }) {
      if (zodSchema === checkName && checks !== undefined) jsonSchema.enum = [...checks];
    },
  });
  return { ...schema, title: "Phases and their conditions" };
}
