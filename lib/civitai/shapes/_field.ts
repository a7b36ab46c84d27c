import * as z from "npm:zod@^4";

/** Names of people are far shorter; longer ones only cost, wherever they are looked at. */
const MAX_NAME_CHARS = 1000;
/** So much of a long one is its end, where a file has its extension. */
const TAIL_CHARS = 100;

const text = z.union([z.string(), z.number().transform(String)]).nullable().default(null).catch(null);
const tagName = z.union([z.string(), z.looseObject({ name: z.string() }).transform((tag) => tag.name)]).nullable()
  .default(
    null,
  ).catch(
    null,
  );

/**
 * Schemas of single fields. `id` is required; all others never fail: what is absent or has another shape than ever seen
 * counts as not told.
 */
export const field = {
  /** A positive number, or its digits as text. */
  id: z.union([z.int().positive(), z.string().regex(/^[1-9]\d{0,14}$/).transform(Number)]),
  /** A text; numbers too, because user names of digits arrive as numbers. */
  text,
  /** A name, without its middle where it is longer than any. */
  name: text.transform((value) => value === null ? null : cutName(value)),
  number: z.number().nullable().default(null).catch(null),
  flag: z.boolean().default(false).catch(false),
  /** ISO 8601 UTC. */
  date: text.transform((value) => {
    const at = value === null ? NaN : Date.parse(value);
    return Number.isNaN(at) ? null : new Date(at).toISOString();
  }),
  /** Texts; older answers have objects with a name. */
  texts: z.array(tagName).default([]).catch([]).transform((list) => list.filter((item) => item !== null).map(cutName)),
  /** An object of any fields. */
  fields: z.record(z.string(), z.unknown()).nullable().default(null).catch(null),
};

function cutName(name: string): string {
  if (name.length <= MAX_NAME_CHARS) return name;
  return `${name.slice(0, MAX_NAME_CHARS - TAIL_CHARS)}${name.slice(-TAIL_CHARS)}`.toWellFormed();
}
