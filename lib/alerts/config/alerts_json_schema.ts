import * as z from "zod";
import { alertsSchema } from "./alerts_schema.ts";

/**
 * The JSON Schema of the configuration file, for editors.
 *
 * @returns A document of draft 2020-12
 */
export function alertsJsonSchema(): Record<string, unknown> {
  return {
    ...z.toJSONSchema(alertsSchema),
    title: "Alert rules of civitai-dl",
  };
}
