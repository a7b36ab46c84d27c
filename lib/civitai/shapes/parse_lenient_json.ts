/** The possible start of an integer that needs quotes. Digits inside a word, such as a hash, do not match. */
const LONG_INTEGER = /(?:^|[\s:,[-])\d{16}/;
/** Minimum length of an integer beyond 2^53. */
const MIN_LONG_DIGITS = 16;
const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const SPACE = 0x20;
/** Additional bytes that the escape `\u0001` takes, compared with the one byte that it replaces. */
const ESCAPE_GROWTH = 5;

/**
 * Parse JSON as Civitai sends it: raw control characters inside strings are accepted, and integers beyond 2^53 (seeds,
 * cursors) become strings, because a number cannot represent them.
 *
 * @param text The body
 * @returns The value
 * @throws {SyntaxError} If the text is still not valid JSON
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { parseLenientJson } from "@civitai-dl/civitai-dl/civitai";
 * assertEquals(JSON.stringify(parseLenientJson('{"seed":18446744073709551615}')), '{"seed":"18446744073709551615"}');
 * ```
 */
export function parseLenientJson(text: string): unknown {
  const body = text.replace(/^\uFEFF/, "");
  const [value, valid] = parseTolerant(body);
  // A reviver would take ten times as long, and use a stack frame for each level of nesting.
  return LONG_INTEGER.test(valid) ? JSON.parse(quoteIntegers(valid)) : value;
}

/** Parse the body. Also returns the text that was valid JSON. */
function parseTolerant(body: string): readonly [value: unknown, valid: string] {
  try {
    return [JSON.parse(body), body];
  } catch (error) {
    const escaped = escapeControls(body);
    if (escaped === body) throw error;
    return [JSON.parse(escaped), escaped];
  }
}

/** Escape U+0000 to U+001F inside strings. Outside strings they are white space or an error, and are not changed. */
function escapeControls(json: string): string {
  const bytes = new TextEncoder().encode(json);
  let controls = 0;
  for (let at = 0; at < bytes.length; at++) if (bytes[at]! < SPACE) controls++;
  const escaped = new Uint8Array(bytes.length + ESCAPE_GROWTH * controls);
  let length = 0;
  let isInside = false;
  let isEscaped = false;
  for (let at = 0; at < bytes.length; at++) {
    const byte = bytes[at]!;
    if (isInside && byte < SPACE) {
      for (const char of `\\u${byte.toString(16).padStart(4, "0")}`) escaped[length++] = char.charCodeAt(0);
      isEscaped = false;
      continue;
    }
    escaped[length++] = byte;
    if (isEscaped) isEscaped = false;
    else if (byte === BACKSLASH) isEscaped = isInside;
    else if (byte === QUOTE) isInside = !isInside;
  }
  return new TextDecoder().decode(escaped.subarray(0, length));
}

/** Put quotes around the integers in valid JSON that a number cannot represent. */
function quoteIntegers(json: string): string {
  const parts: string[] = [];
  let from = 0;
  let isInside = false;
  for (let index = 0; index < json.length; index++) {
    const code = json.charCodeAt(index);
    if (isInside && code === BACKSLASH) index++;
    else if (code === QUOTE) isInside = !isInside;
    else if (!isInside && isNumberChar(code)) {
      const end = endOfNumber(json, index);
      if (end - index >= MIN_LONG_DIGITS && isBigInteger(json.slice(index, end))) {
        parts.push(json.slice(from, index), `"${json.slice(index, end)}"`);
        from = end;
      }
      index = end - 1;
    }
  }
  return parts.join("") + json.slice(from);
}

/**
 * Whether the character may belong to a number. `e` also occurs in `true` and `false`, which are too short to matter.
 */
function isNumberChar(code: number): boolean {
  return (code >= 0x30 && code <= 0x39) || code === 0x2d || code === 0x2b || code === 0x2e || code === 0x45 ||
    code === 0x65;
}

function endOfNumber(json: string, start: number): number {
  let end = start + 1;
  while (end < json.length && isNumberChar(json.charCodeAt(end))) end++;
  return end;
}

function isBigInteger(number: string): boolean {
  return /^-?\d+$/.test(number) && !Number.isSafeInteger(Number(number));
}
