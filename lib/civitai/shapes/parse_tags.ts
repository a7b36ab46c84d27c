import * as z from "npm:zod@^4";
import { parseEach } from "./_parse_each.ts";
import { parseShape } from "./_parse_shape.ts";
import type { UnreadableOptions } from "./unreadable_entry.ts";

const pageSchema = z.looseObject({ items: z.array(z.unknown()) });
const tagSchema = z.union([z.string(), z.looseObject({ name: z.string() }).transform((tag) => tag.name)]);

/**
 * Parse an answer of /tags. Its totals are not counted any more and its next page is never announced: the end is an
 * empty page.
 *
 * @param json The answer
 * @param options Told what is left out
 * @returns The names
 * @throws {SyntaxError} If it is not a page
 */
export function parseTags(json: unknown, options: UnreadableOptions = {}): readonly string[] {
  const page = parseShape(pageSchema, json, "a page of tags");
  return parseEach(page.items, { ...options, kind: "tag", parse: (entry) => parseShape(tagSchema, entry, "a tag") })
    .items;
}
