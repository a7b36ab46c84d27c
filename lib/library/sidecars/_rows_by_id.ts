import { isFields } from "../_lossless_json.ts";
import type { JsonObject } from "../json_object.ts";

/** Whether a value is a list of objects, such as images, which are identified by `id` and not by position. */
export function isRows(value: unknown): value is readonly JsonObject[] {
  return Array.isArray(value) && value.every(isFields);
}

/**
 * Index rows by id, in their order. Rows without an id, or with the id of an earlier row, are named by their position.
 */
export function fromRows(rows: readonly JsonObject[]): JsonObject {
  const result = new Map<string, JsonObject>();
  for (const [index, row] of rows.entries()) {
    // Other programs can write any value as the id, but only numbers and strings can be used as a key.
    const key = typeof row.id === "number" || typeof row.id === "string" ? `id:${row.id}` : null;
    result.set(key === null || result.has(key) ? `at:${index}` : key, row);
  }
  return Object.fromEntries(result);
}

/** Turn indexed rows back into a list. */
export function toRows(fields: JsonObject): readonly unknown[] {
  return Object.values(fields);
}
