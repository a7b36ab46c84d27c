/** Where an integer that needs care may begin; digits inside a word, such as a hash, are none. */
const LONG_INTEGER = /(?:^|[\s:,[-])\d{16}/;
/** No integer of fewer characters is beyond 2^53. */
const LONG = 16;
const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const SPACE = 0x20;
/** What `\u0001` takes more than the character that it stands for. */
const ESCAPE_GROWTH = 5;

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
  const [value, valid] = parseTolerant(body);
  // A reviver would cost ten times as much, and a call on the stack for each level of nesting.
  return LONG_INTEGER.test(valid) ? JSON.parse(quoteIntegers(valid)) : value;
}

/** Parse, and return the text that could be parsed. */
function parseTolerant(body: string): readonly [value: unknown, valid: string] {
  try {
    return [JSON.parse(body), body];
  } catch (error) {
    const escaped = escapeControls(body);
    if (escaped === body) throw error;
    return [JSON.parse(escaped), escaped];
  }
}

/** Escape U+0000 to U+001F inside of texts; outside they are white space or an error, both left alone. */
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

/** Put quotes around the integers of valid JSON that a number could not hold. */
function quoteIntegers(json: string): string {
  const parts: string[] = [];
  let from = 0;
  let isInside = false;
  for (let at = 0; at < json.length; at++) {
    const code = json.charCodeAt(at);
    if (isInside && code === BACKSLASH) at++;
    else if (code === QUOTE) isInside = !isInside;
    else if (!isInside && isOfNumber(code)) {
      const end = endOfNumber(json, at);
      if (end - at >= LONG && isBigInteger(json.slice(at, end))) {
        parts.push(json.slice(from, at), `"${json.slice(at, end)}"`);
        from = end;
      }
      at = end - 1;
    }
  }
  return parts.join("") + json.slice(from);
}

/** Outside of texts `e` also stands in `true` and `false`; those are no longer than a short number. */
function isOfNumber(code: number): boolean {
  return (code >= 0x30 && code <= 0x39) || code === 0x2d || code === 0x2b || code === 0x2e || code === 0x45 ||
    code === 0x65;
}

function endOfNumber(json: string, begin: number): number {
  let end = begin + 1;
  while (end < json.length && isOfNumber(json.charCodeAt(end))) end++;
  return end;
}

function isBigInteger(number: string): boolean {
  return /^-?\d+$/.test(number) && !Number.isSafeInteger(Number(number));
}
