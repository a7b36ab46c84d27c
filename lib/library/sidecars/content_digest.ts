import { createHash } from "node:crypto";
import { isFields } from "../_lossless_json.ts";
import type { JsonObject } from "../json_object.ts";

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
  return JSON.stringify(inOrder(value, new Set(ignore))) ?? "undefined";
}

/** Digest of a {@linkcode contentText}: 32 hex digits. */
export function digestOfText(text: string): string {
  return createHash("sha256").update(text).digest("hex").slice(0, 32);
}

/** Replace each object with a list of its keys and values in the order of the keys, which is in an object of its own. */
function inOrder(value: unknown, ignore: ReadonlySet<string>): unknown {
  if (Array.isArray(value)) return value.map((item) => inOrder(item, ignore));
  if (!isFields(value)) return value;
  const fields: unknown[] = [];
  for (const key of sortedKeys(value)) {
    if (!ignore.has(key)) fields.push(key, inOrder(value[key], ignore));
  }
  return { "": fields };
}

/** Number of lists of keys at which all are forgotten: the API has some thirty, other programs any number. */
const MAX_SHAPES = 1000;

/** Sorted keys by the keys in their first order, since sorting is half of the work. */
const shapes = new Map<string, readonly string[]>();

function sortedKeys(value: JsonObject): readonly string[] {
  const keys = Object.keys(value);
  const shape = JSON.stringify(keys);
  const known = shapes.get(shape);
  if (known !== undefined) return known;
  if (shapes.size >= MAX_SHAPES) shapes.clear();
  keys.sort();
  shapes.set(shape, keys);
  return keys;
}
