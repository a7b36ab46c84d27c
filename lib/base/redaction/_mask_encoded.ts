import { MASK } from "./_secret_value.ts";

/** A space, `"`, `:`, `=` or `@`, percent-encoded once or several times. */
const ENCODED = /%(?:25)*(?:2[02]|3[AD]|40)/gi;
/** What ends a part of a URL. */
const EDGE = /[\s"'<>`\\&=?#,;]/;
/** A decoded text may have encoded text in it. */
const MAX_DEPTH = 5;

/**
 * Mask the secrets in percent-encoded parts of a text, such as a URL in the query of another one.
 *
 * @param redact Masks the secrets of the decoded text
 * @param depth How often the text was decoded already
 * @returns The text; parts without a secret stay as they are
 */
export function maskEncoded(text: string, redact: (decoded: string) => string, depth: number): string {
  if (depth >= MAX_DEPTH) return text;
  const parts = findEncoded(text);
  // Most parts have no secret, and to examine many short texts takes long.
  const all = parts.map(({ decoded }) => decoded).join("\n");
  if (parts.length === 0 || redact(all) === all) return text;
  const pieces: string[] = [];
  let done = 0;
  for (const { start, end, lead, decoded } of parts) {
    const clean = redact(decoded);
    if (clean === decoded) continue;
    pieces.push(text.slice(done, start), encodeAscii(clean.slice(lead.length)));
    done = end;
  }
  return pieces.join("") + text.slice(done);
}

interface EncodedPart {
  readonly start: number;
  readonly end: number;
  /** The character before it, which may make a parameter of it. */
  readonly lead: string;
  readonly decoded: string;
}

function findEncoded(text: string): readonly EncodedPart[] {
  const parts: EncodedPart[] = [];
  let done = 0;
  ENCODED.lastIndex = 0;
  for (let found = ENCODED.exec(text); found !== null; found = ENCODED.exec(text)) {
    let start = found.index;
    while (start > done && !EDGE.test(text[start - 1]!)) start--;
    let end = ENCODED.lastIndex;
    while (end < text.length && !EDGE.test(text[end]!)) end++;
    const lead = start > done ? text[start - 1]! : "";
    parts.push({ start, end, lead, decoded: lead + decodeAscii(text.slice(start, end)) });
    done = end;
    ENCODED.lastIndex = end;
  }
  return parts;
}

/** Decode the references to ASCII characters; others, and invalid ones, stay. */
function decodeAscii(text: string): string {
  return text.replace(/%([2-7][0-9a-f])/gi, (_, digits: string) => String.fromCharCode(parseInt(digits, 16)));
}

/** Encode what `decodeAscii` decoded, except the mask. */
function encodeAscii(text: string): string {
  return text.split(MASK).map((part) =>
    part.replace(/[!-,/:-@[-^`{-~ ]/g, (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`)
  ).join(MASK);
}
