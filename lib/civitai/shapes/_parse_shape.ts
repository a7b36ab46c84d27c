import type * as z from "zod";
import { asRecord } from "./_as_record.ts";
import { formatValue } from "./_format_value.ts";
import { ShapeError } from "./shape_error.ts";

/** Maximum nesting to accept. Civitai's data is far shallower, and recursive code has enough stack for this depth. */
const MAX_DEPTH = 200;

/** Apply a schema. Unreadable data throws a ShapeError that names the bad field. */
export function parseShape<T extends z.ZodType>(schema: T, json: unknown, what: string): z.output<T> {
  const result = schema.safeParse(json);
  if (result.success) return result.data;
  throw new ShapeError(what, describeMisfit(json, result.error.issues[0]?.path ?? []));
}

/** Options of {@linkcode parseEntry}. */
interface ParseEntryOptions {
  /** Fields that contain lists. The entries of these lists are parsed, and checked for nesting, one by one. */
  readonly lists?: readonly string[];
}

/** Apply the schema of an entity whose JSON is kept. Data that is nested too deeply for recursive code is refused. */
export function parseEntry<T extends z.ZodType>(
  schema: T,
  json: unknown,
  what: string,
  { lists = [] }: ParseEntryOptions = {},
): z.output<T> {
  const fields = Object.entries(asRecord(json) ?? {});
  const deep = fields.find(([name, value]) => !lists.includes(name) && isNestedBeyond(value, MAX_DEPTH));
  if (deep === undefined) return parseShape(schema, json, what);
  throw new ShapeError(what, `${formatValue(deep[0])} is nested deeper than ${MAX_DEPTH} levels`);
}

function describeMisfit(json: unknown, path: readonly PropertyKey[]): string {
  if (path.length === 0) return `it is ${formatValue(json)}`;
  let value = json;
  for (const key of path) value = (value as Readonly<Record<PropertyKey, unknown>> | null | undefined)?.[key];
  return `"${path.join(".")}" is ${formatValue(value)}`;
}

function isNestedBeyond(value: unknown, levels: number): boolean {
  if (typeof value !== "object" || value === null) return false;
  return levels === 0 || Object.values(value).some((inner) => isNestedBeyond(inner, levels - 1));
}
