import { isFields } from "../_lossless_json.ts";
import type { JsonObject } from "../json_object.ts";

/** A list of objects, such as images, which are told apart by `id` and not by position. */
export function isRows(value: unknown): value is readonly JsonObject[] {
  return Array.isArray(value) && value.every(isFields);
}

/** The rows by id, in their order; rows without an id, or with one seen before, keep their position as a name. */
export function fromRows(rows: readonly JsonObject[]): JsonObject {
  const result = new Map<string, JsonObject>();
  for (const [index, row] of rows.entries()) {
    // Other programs write what they like there: an object has no text of its own.
    const key = typeof row.id === "number" || typeof row.id === "string" ? `id:${row.id}` : null;
    result.set(key === null || result.has(key) ? `at:${index}` : key, row);
  }
  return Object.fromEntries(result);
}

/** The list again. */
export function toRows(fields: JsonObject): readonly unknown[] {
  return Object.values(fields);
}
