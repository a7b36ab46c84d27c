import * as z from "npm:zod@^4";
import { field } from "./_field.ts";
import { parseShape } from "./_parse_shape.ts";

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
  items: z.array(z.looseObject({ username: field.text, modelCount: field.number })),
  metadata: z.looseObject({ nextPage: field.text, hasMore: field.flag }).nullable().default(null).catch(null),
});

/**
 * Parse an answer of /creators. Names of digits only come as numbers, nameless creators are left out.
 *
 * @param json The answer
 * @returns The creators
 * @throws {SyntaxError} If it is not a page
 */
export function parseCreators(json: unknown): CreatorPage {
  const page = parseShape(pageSchema, json, "a page of creators");
  const creators = page.items.flatMap(({ username, modelCount }) =>
    username === null ? [] : [{ username, modelCount }]
  );
  return { creators, hasNext: page.metadata?.nextPage != null || page.metadata?.hasMore === true };
}
