import * as z from "zod";
import { field } from "./_field.ts";
import { parseEach } from "./_parse_each.ts";
import { parseShape } from "./_parse_shape.ts";
import { asRecord } from "./_as_record.ts";
import { formatValue } from "./_format_value.ts";
import type { Page } from "./entities.ts";
import type { UnreadableEntry } from "./unreadable_entry.ts";

const pageSchema = z.looseObject({
  items: z.array(z.unknown()),
  metadata: z.looseObject({ nextCursor: field.text }).nullable().default(null).catch(null),
});

/** The kind of a page's entries, and how to parse one. */
interface PageParser<T> {
  readonly kind: "model" | "image";
  readonly parse: (entry: unknown) => T;
}

/** Parse the envelope that all cursor listings share. A numeric cursor becomes a string. */
export function parsePage<T>(json: unknown, { kind, parse }: PageParser<T>): Page<T> {
  const page = parseShape(pageSchema, json, `a page of ${kind}s`);
  const { items, unreadable: entries } = parseEach(page.items, { kind, parse });
  const nextCursor = page.metadata?.nextCursor || null;
  const unreadable = [...entries, ...nextCursor === null ? unreadableCursor(json) : []];
  return unreadable.length === 0 ? { items, nextCursor } : { items, nextCursor, unreadable };
}

/** Report an unreadable cursor, which must not be mistaken for the end of the listing. */
function unreadableCursor(json: unknown): readonly UnreadableEntry[] {
  const metadata = asRecord(json)?.["metadata"] ?? {};
  const cursor = asRecord(metadata) === null ? metadata : asRecord(metadata)?.["nextCursor"];
  if (cursor === undefined || cursor === null || cursor === "") return [];
  return [{
    kind: "cursor",
    name: "the page after this one",
    position: 1,
    reason: `the cursor is ${formatValue(cursor)}`,
  }];
}
