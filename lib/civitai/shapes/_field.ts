import * as z from "zod";

/** Maximum length of a name. Real names are far shorter, and longer ones cost time wherever they are processed. */
const MAX_NAME_CHARS = 1000;
/** Characters to keep from the end of a longer name, where a file name has its extension. */
const TAIL_CHARS = 100;

const text = z.union([z.string(), z.number().transform(String)]).nullable().default(null).catch(null);
const tagName = z.union([z.string(), z.looseObject({ name: z.string() }).transform((tag) => tag.name)]).nullable()
  .default(
    null,
  ).catch(
    null,
  );

/**
 * Schemas of single fields. `id` is required. The others never fail: an absent value or an unknown shape becomes
 * `null`, false or an empty list.
 */
export const field = {
  /** A positive integer, or its digits as a string. */
  id: z.union([z.int().positive(), z.string().regex(/^[1-9]\d{0,14}$/).transform(Number)]),
  /** Text. Numbers are accepted too, because user names that consist only of digits arrive as numbers. */
  text,
  /** A name. If it is longer than 1000 characters, only its beginning and its end are kept. */
  name: text.transform((value) => value === null ? null : cutName(value)),
  number: z.number().nullable().default(null).catch(null),
  flag: z.boolean().default(false).catch(false),
  /** A date, converted to ISO 8601 UTC. */
  date: text.transform((value) => {
    const time = value === null ? NaN : Date.parse(value);
    return Number.isNaN(time) ? null : new Date(time).toISOString();
  }),
  /** A list of strings; older responses contain objects with a name instead. */
  texts: z.array(tagName).default([]).catch([]).transform((list) => list.filter((item) => item !== null).map(cutName)),
  /** An object with any fields. */
  fields: z.record(z.string(), z.unknown()).nullable().default(null).catch(null),
};

function cutName(name: string): string {
  if (name.length <= MAX_NAME_CHARS) return name;
  return `${name.slice(0, MAX_NAME_CHARS - TAIL_CHARS)}${name.slice(-TAIL_CHARS)}`.toWellFormed();
}
