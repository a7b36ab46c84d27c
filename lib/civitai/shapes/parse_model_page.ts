import { parsePage } from "./_parse_page.ts";
import type { Model, Page } from "./entities.ts";
import { parseModel } from "./parse_model.ts";

/**
 * Parse an answer of /models.
 *
 * @param json The decoded answer
 * @returns Its models, and the cursor of the next page
 * @throws {SyntaxError} If it is not a page
 */
export function parseModelPage(json: unknown): Page<Model> {
  return parsePage(json, { kind: "model", parse: parseModel });
}
