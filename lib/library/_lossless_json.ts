import type { JsonObject } from "./json_object.ts";

/** The parts of `JSON` that ECMAScript has had since 2025 and that TypeScript's library does not declare yet. */
interface RawJson {
  rawJSON(text: string): unknown;
  isRawJSON(value: unknown): boolean;
}
const { rawJSON, isRawJSON } = JSON as unknown as RawJson;

/**
 * Parse JSON and keep the source text of each number that JavaScript would print differently. Values from other
 * programs, such as `1.0` and seeds above 2^53, are then written back unchanged.
 *
 * @throws {SyntaxError} If the text is not JSON, or is nested thousands of levels deep
 */
export function parseLossless(text: string): unknown {
  const revive = (_key: string, value: unknown, context?: { source?: string }): unknown =>
    typeof value === "number" && context?.source !== undefined && String(value) !== context.source
      ? rawJSON(context.source)
      : value;
  try {
    return JSON.parse(text.replace(/^\uFEFF/, ""), revive as (key: string, value: unknown) => unknown);
  } catch (error) {
    // Each level of nesting takes a stack frame.
    if (error instanceof RangeError) {
      throw new SyntaxError("Cannot read JSON: it is nested too deeply", { cause: error });
    }
    throw error;
  }
}

/**
 * Return the value of a number from {@linkcode parseLossless}, whether plain or kept as text; `null` for anything else.
 */
export function numberOf(value: unknown): number | null {
  if (typeof value === "number") return value;
  return isRawJSON(value) ? Number((value as { readonly rawJSON: string }).rawJSON) : null;
}

/** Whether a value is an object with fields: not `null`, an array, or a number kept as text. */
export function isFields(value: unknown): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value) && !isRawJSON(value);
}
