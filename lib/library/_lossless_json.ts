import type { JsonObject } from "./json_object.ts";

/** Part of the language since 2025, not yet of TypeScript's library. */
interface RawJson {
  rawJSON(text: string): unknown;
  isRawJSON(value: unknown): boolean;
}
const { rawJSON, isRawJSON } = JSON as unknown as RawJson;

/** Parse JSON so that every number is written again as it was: `1.0` and seeds above 2^53 belong to somebody else. */
export function parseLossless(text: string): unknown {
  const revive = (_key: string, value: unknown, context?: { source?: string }): unknown =>
    typeof value === "number" && context?.source !== undefined && String(value) !== context.source
      ? rawJSON(context.source)
      : value;
  return JSON.parse(text.replace(/^\uFEFF/, ""), revive as (key: string, value: unknown) => unknown);
}

/** An object with fields: neither `null`, nor an array, nor a number kept as text. */
export function isFields(value: unknown): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value) && !isRawJSON(value);
}
