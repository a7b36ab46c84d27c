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
  return value === undefined ? "undefined" : canonicalText(value, new Set(ignore));
}

/** Digest of a {@linkcode contentText}: 32 hex digits. */
export function digestOfText(text: string): string {
  return createHash("sha256").update(text).digest("hex").slice(0, 32);
}

/** Write a value as JSON does, with the keys of its objects in order. */
function canonicalText(value: unknown, ignore: ReadonlySet<string>): string {
  if (Array.isArray(value)) {
    let text = "[";
    for (const item of value) text += `${canonicalText(item, ignore)},`;
    return `${text}]`;
  }
  if (!isFields(value)) return JSON.stringify(value) ?? "null";
  let text = "{";
  for (const key of Object.keys(value).sort()) {
    if (!ignore.has(key)) text += `${JSON.stringify(key)}:${canonicalText(value[key], ignore)},`;
  }
  return `${text}}`;
}
