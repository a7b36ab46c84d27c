import * as z from "npm:zod@^4";
import { field } from "./_field.ts";
import { parseEach } from "./_parse_each.ts";
import { parseShape } from "./_parse_shape.ts";
import type { UnreadableOptions } from "./unreadable_entry.ts";

/** A creator as /creators lists them. */
export interface Creator {
  /** Their name. */
  readonly username: string;
  /** Published models; `null` when not told. */
  readonly modelCount: number | null;
}

/** One numbered page of creators. */
export interface CreatorPage {
  /** Those with a name. */
  readonly creators: readonly Creator[];
  /** Whether the server announces a next page. */
  readonly hasNext: boolean;
}

const pageSchema = z.looseObject({
  items: z.array(z.unknown()),
  metadata: z.looseObject({ nextPage: field.text, hasMore: field.flag }).nullable().default(null).catch(null),
});

/** Some have no name; one that is no text is another matter. */
const creatorSchema = z.looseObject({
  username: z.union([z.string(), z.number().transform(String)]).nullable().default(null),
  modelCount: field.number,
});

/**
 * Parse an answer of /creators. Names of digits only come as numbers, nameless creators are left out.
 *
 * @param json The answer
 * @param options Told what is left out
 * @returns The creators
 * @throws {SyntaxError} If it is not a page
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
