/**
 * Serialize a value as canonical JSON, with sorted keys and without spaces, so that equal values produce equal strings.
 * A property that is `undefined` is omitted, as in `JSON.stringify`.
 *
 * @param value Plain data: objects, arrays, strings, finite numbers, booleans, `null`
 * @returns The JSON text
 * @throws {TypeError} For a value that JSON cannot represent, such as `NaN`; the message names its path
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { canonicalJson } from "@civitai-dl/civitai-dl";
 * assertEquals(canonicalJson({ b: 1, a: [true, null] }), '{"a":[true,null],"b":1}');
 * ```
 */
export function canonicalJson(value: unknown): string {
  return write(value, "$");
}

function write(value: unknown, path: string): string {
  if (value === null || typeof value === "string" || typeof value === "boolean") return JSON.stringify(value);
  if (typeof value === "number") {
    if (!Number.isFinite(value)) {
      throw new TypeError(`Cannot write ${path}: JSON cannot represent ${value}`);
    }
    return JSON.stringify(value);
  }
  if (Array.isArray(value)) {
    return `[${Array.from(value, (item, index) => write(item, `${path}[${index}]`)).join(",")}]`;
  }
  if (typeof value !== "object" || !isPlain(value)) {
    throw new TypeError(`Cannot write ${path}: it is not plain data`);
  }
  const parts: string[] = [];
  for (const key of Object.keys(value).sort()) {
    const item: unknown = (value as Record<string, unknown>)[key];
    if (item !== undefined) parts.push(`${JSON.stringify(key)}:${write(item, `${path}.${key}`)}`);
  }
  return `{${parts.join(",")}}`;
}

/** Check that an object is not an instance of a class: a date or a map would lose its type. */
function isPlain(value: object): boolean {
  const prototype = Object.getPrototypeOf(value);
  return prototype === null || prototype === Object.prototype;
}
