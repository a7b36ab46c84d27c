import type { JsonObject } from "./json_object.ts";

/** Part of the language since 2025, not yet of TypeScript's library. */
interface RawJson {
  rawJSON(text: string): unknown;
  isRawJSON(value: unknown): boolean;
}
const { rawJSON, isRawJSON } = JSON as unknown as RawJson;

/**
 * Parse JSON so that every number is written again as it was: `1.0` and seeds above 2^53 of other programs stay as they
 * are.
 *
 * @throws {SyntaxError} If it is no JSON, or nested thousands deep
 */
export function parseLossless(text: string): unknown {
  const revive = (_key: string, value: unknown, context?: { source?: string }): unknown =>
    typeof value === "number" && context?.source !== undefined && String(value) !== context.source
      ? rawJSON(context.source)
      : value;
  try {
    return JSON.parse(text.replace(/^\uFEFF/, ""), revive as (key: string, value: unknown) => unknown);
  } catch (error) {
    // Each level of nesting is a call on the stack.
    if (error instanceof RangeError) {
      throw new SyntaxError("Cannot read JSON: it is nested too deeply", { cause: error });
    }
    throw error;
  }
}

/** A number of such a tree, however it was written; `null` if it is none. */
export function numberOf(value: unknown): number | null {
  if (typeof value === "number") return value;
  return isRawJSON(value) ? Number((value as { readonly rawJSON: string }).rawJSON) : null;
}

/** An object with fields: neither `null`, nor an array, nor a number kept as text. */
export function isFields(value: unknown): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value) && !isRawJSON(value);
}
