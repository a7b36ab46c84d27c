import * as z from "zod";
import { parseEach } from "./_parse_each.ts";
import { parseShape } from "./_parse_shape.ts";
import type { UnreadableOptions } from "./unreadable_entry.ts";

const pageSchema = z.looseObject({ items: z.array(z.unknown()) });
const tagSchema = z.union([z.string(), z.looseObject({ name: z.string() }).transform((tag) => tag.name)]);

/**
 * Parse a response of /tags. The server no longer reports totals and never announces a next page. An empty page is the
 * end.
 *
 * @param json The decoded response
 * @param options Callback for unreadable entries
 * @returns The names
 * @throws {SyntaxError} If the response is not a page
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { parseTags } from "@civitai-dl/civitai-dl/civitai";
 *
 * const reasons: string[] = [];
 * const tags = parseTags({ items: [{ name: "anime" }, { id: 7 }] }, {
 *   onUnreadable: ({ name, reason }) => reasons.push(`${name}: ${reason}`),
 * });
 * assertEquals([tags, reasons.length], [["anime"], 1]);
 * ```
 */
export function parseTags(json: unknown, options: UnreadableOptions = {}): readonly string[] {
  const page = parseShape(pageSchema, json, "a page of tags");
  return parseEach(page.items, { ...options, kind: "tag", parse: (entry) => parseShape(tagSchema, entry, "a tag") })
    .items;
}
