/** Where an integer that needs care may begin; digits inside a word, such as a hash, are none. */
const LONG_INTEGER = /(?:^|[\s:,[-])\d{16}/;

/**
 * Parse JSON as Civitai sends it: raw control characters inside texts are tolerated, and integers beyond 2^53 (seeds,
 * cursors) come back as texts, because a number could not hold them.
 *
 * @param text The body
 * @returns The value
 * @throws {SyntaxError} If it is not JSON even then
 *
 * @example
 * ```ts
 * import { parseLenientJson } from "@civitai-dl/civitai-dl/civitai";
 * console.assert(JSON.stringify(parseLenientJson('{"seed":18446744073709551615}')) === '{"seed":"18446744073709551615"}');
 * ```
 */
export function parseLenientJson(text: string): unknown {
  const body = text.replace(/^\uFEFF/, "");
  // A reviver costs several times the parsing; most bodies have no such number.
  const revive = LONG_INTEGER.test(body) ? keepBigIntegers : undefined;
  try {
    return JSON.parse(body, revive);
  } catch (error) {
    const escaped = escapeControls(body);
    if (escaped === body) throw error;
    return JSON.parse(escaped, revive);
  }
}

function keepBigIntegers(_key: string, value: unknown, context?: { readonly source?: string }): unknown {
  return typeof value === "number" && !Number.isSafeInteger(value) && /^-?\d+$/.test(context?.source ?? "")
    ? context!.source
    : value;
}

/** Escape U+0000 to U+001F inside string literals; outside they are white space or an error, both left alone. */
function escapeControls(text: string): string {
  return text.replace(
    /"(?:[^"\\]|\\[^])*"/g,
    (literal) =>
      // deno-lint-ignore no-control-regex -- these characters are the subject
      literal.replace(/[\u0000-\u001f]/g, (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, "0")}`),
  );
}
