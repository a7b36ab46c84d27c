import type * as z from "npm:zod@^4";
import { asRecord } from "./_as_record.ts";
import { shownValue } from "./_shown_value.ts";

/** Nothing that Civitai sends comes near it, and what works through a tree level by level has room for it. */
const MAX_DEPTH = 200;

/** Run a schema; what cannot be read is a SyntaxError that names the bad field. */
export function parseShape<T extends z.ZodType>(schema: T, json: unknown, what: string): z.output<T> {
  const result = schema.safeParse(json);
  if (result.success) return result.data;
  throw new SyntaxError(`Cannot read ${what}: ${describeMisfit(json, result.error.issues[0]?.path ?? [])}`);
}

/** Options of {@linkcode parseEntry}. */
interface ParseEntryOptions {
  /** Fields whose entries are looked at one by one, each for itself. */
  readonly lists?: readonly string[];
}

/** Run the schema of one thing that is kept as it came; one nested too deep for those who read it is refused. */
export function parseEntry<T extends z.ZodType>(
  schema: T,
  json: unknown,
  what: string,
  { lists = [] }: ParseEntryOptions = {},
): z.output<T> {
  const fields = Object.entries(asRecord(json) ?? {});
  const deep = fields.find(([name, value]) => !lists.includes(name) && isNestedBeyond(value, MAX_DEPTH));
  if (deep === undefined) return parseShape(schema, json, what);
  throw new SyntaxError(`Cannot read ${what}: ${shownValue(deep[0])} is nested deeper than ${MAX_DEPTH} levels`);
}

function describeMisfit(json: unknown, path: readonly PropertyKey[]): string {
  if (path.length === 0) return `it is ${shownValue(json)}`;
  let value = json;
  for (const key of path) value = (value as Readonly<Record<PropertyKey, unknown>> | null | undefined)?.[key];
  return `"${path.join(".")}" is ${shownValue(value)}`;
}

function isNestedBeyond(value: unknown, levels: number): boolean {
  if (typeof value !== "object" || value === null) return false;
  return levels === 0 || Object.values(value).some((inner) => isNestedBeyond(inner, levels - 1));
}
