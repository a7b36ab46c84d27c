import { createHash } from "node:crypto";
import { isFields } from "../_lossless_json.ts";

/** Options of {@linkcode contentDigest}. */
export interface ContentDigestOptions {
  /**
   * Keys to omit at any depth: those whose daily changes do not matter, such as `stats`.
   *
   * @default {[]}
   */
  readonly ignore?: readonly string[] | undefined;
}

/**
 * Compute a digest of the content of a JSON value. The order of keys does not matter.
 *
 * @param value Any JSON value
 * @param options Keys to omit
 * @returns 32 hex digits
 */
export function contentDigest(value: unknown, options: ContentDigestOptions = {}): string {
  return digestOfText(contentText(value, options));
}

/** Print a JSON value so that values of the same content have the same text. */
export function contentText(value: unknown, { ignore = [] }: ContentDigestOptions = {}): string {
  return JSON.stringify(sortKeys(value, new Set(ignore))) ?? "undefined";
}

/** Digest of a {@linkcode contentText}: 32 hex digits. */
export function digestOfText(text: string): string {
  return createHash("sha256").update(text).digest("hex").slice(0, 32);
}

function sortKeys(value: unknown, ignore: ReadonlySet<string>): unknown {
  if (Array.isArray(value)) return value.map((item) => sortKeys(item, ignore));
  if (!isFields(value)) return value;
  // Kept as pairs, because an object would move keys that look like numbers to the front.
  const fields: [key: string, value: unknown][] = [];
  for (const key of Object.keys(value).sort()) {
    if (!ignore.has(key)) fields.push([key, sortKeys(value[key], ignore)]);
  }
  return { fields };
}
