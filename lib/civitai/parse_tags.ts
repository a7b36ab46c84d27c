import * as z from "npm:zod@^4";
import { field } from "./_field.ts";
import { parseShape } from "./_parse_shape.ts";

const pageSchema = z.looseObject({ items: field.texts });

/**
 * Parse an answer of /tags. Its totals are not counted any more and its next page is never announced: the end is an
 * empty page.
 *
 * @param json The answer
 * @returns The names
 * @throws {SyntaxError} If it is not a page
 */
export function parseTags(json: unknown): readonly string[] {
  return parseShape(pageSchema, json, "a page of tags").items;
}
