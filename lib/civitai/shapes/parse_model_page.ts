import { parsePage } from "./_parse_page.ts";
import type { Model, Page } from "./entities.ts";
import { parseModel } from "./parse_model.ts";

/**
 * Parse a response of /models.
 *
 * @param json The decoded response
 * @returns Its models, and the cursor of the next page
 * @throws {SyntaxError} If it is not a page
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { parseModelPage } from "@civitai-dl/civitai-dl/civitai";
 *
 * const page = parseModelPage({ items: [{ id: 123, name: "A style" }, { name: "No id" }], metadata: {} });
 * assertEquals([page.items.length, page.unreadable?.length, page.nextCursor], [1, 1, null]);
 * ```
 */
export function parseModelPage(json: unknown): Page<Model> {
  return parsePage(json, { kind: "model", parse: parseModel });
}
