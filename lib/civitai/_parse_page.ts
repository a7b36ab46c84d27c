import * as z from "npm:zod@^4";
import { field } from "./_field.ts";
import { parseEach } from "./_parse_each.ts";
import { parseShape } from "./_parse_shape.ts";
import type { Page } from "./entities.ts";

const pageSchema = z.looseObject({
  items: z.array(z.unknown()),
  metadata: z.looseObject({ nextCursor: field.text }).nullable().default(null).catch(null),
});

/** Parse the frame that all cursor listings share; the cursor is text, whatever it came as. */
export function parsePage<T>(json: unknown, what: string, parse: (entry: unknown) => T): Page<T> {
  const page = parseShape(pageSchema, json, what);
  const { items, unreadable } = parseEach(page.items, parse);
  const nextCursor = page.metadata?.nextCursor || null;
  return unreadable.length === 0 ? { items, nextCursor } : { items, nextCursor, unreadable };
}
