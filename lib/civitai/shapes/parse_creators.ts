import * as z from "zod";
import { field } from "./_field.ts";
import { parseEach } from "./_parse_each.ts";
import { parseShape } from "./_parse_shape.ts";
import type { UnreadableOptions } from "./unreadable_entry.ts";

/** A creator, as listed by /creators. */
export interface Creator {
  /** The user name. */
  readonly username: string;
  /** Number of published models; `null` if unknown. */
  readonly modelCount: number | null;
}

/** One numbered page of creators. */
export interface CreatorPage {
  /** The creators that have a name. */
  readonly creators: readonly Creator[];
  /** Whether the server announces a next page. */
  readonly hasNext: boolean;
}

const pageSchema = z.looseObject({
  items: z.array(z.unknown()),
  metadata: z.looseObject({ nextPage: field.text, hasMore: field.flag }).nullable().default(null).catch(null),
});

/** A missing name is fine; a name of another type makes the entry unreadable. */
const creatorSchema = z.looseObject({
  username: z.union([z.string(), z.number().transform(String)]).nullable().default(null),
  modelCount: field.number,
});

/**
 * Parse a response of /creators. Names that consist only of digits arrive as numbers and become strings. Creators
 * without a name are dropped.
 *
 * @param json The decoded response
 * @param options Callback for unreadable entries
 * @returns The creators of the page
 * @throws {SyntaxError} If the response is not a page
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { parseCreators } from "@civitai-dl/civitai-dl/civitai";
 *
 * const page = parseCreators({ items: [{ username: 1234, modelCount: 3 }], metadata: {} });
 * assertEquals(page, { creators: [{ username: "1234", modelCount: 3 }], hasNext: false });
 * ```
 */
export function parseCreators(json: unknown, options: UnreadableOptions = {}): CreatorPage {
  const page = parseShape(pageSchema, json, "a page of creators");
  const { items } = parseEach(page.items, {
    ...options,
    kind: "creator",
    parse: (entry) => parseShape(creatorSchema, entry, "a creator"),
  });
  const creators = items.flatMap(({ username, modelCount }) => username === null ? [] : [{ username, modelCount }]);
  return { creators, hasNext: page.metadata?.nextPage != null || page.metadata?.hasMore === true };
}
