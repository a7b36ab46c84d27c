import { Buffer } from "node:buffer";

/** The first lines of an answer: RFC 9112, sections 4 and 5. */
export interface ResponseHead {
  /** The version that the server speaks. */
  readonly version: "HTTP/1.0" | "HTTP/1.1";
  /** HTTP status, 100 to 599. */
  readonly status: number;
  /** The words behind the status; often empty. */
  readonly reason: string;
  /** The fields; bytes above 0x7f stand for themselves, as with `fetch`. */
  readonly headers: Headers;
}

/** A head may have this many bytes. */
export const MAX_HEAD_BYTES = 65_536;
/** A head may have this many fields. */
export const MAX_HEAD_FIELDS = 256;

const STATUS_LINE = /^(HTTP\/1\.[01]) ([1-5][0-9]{2}) ([\t\x20-\x7e\x80-\xff]*)$/;
const FIELD_LINE = /^([!#$%&'*+\-.^_`|~0-9A-Za-z]+):([\t\x20-\x7e\x80-\xff]*)$/;

/**
 * Read the head of an answer, by the letter: what one reader forgives, another reads differently, and the next answer
 * on the connection is then not the one it seems.
 *
 * @param bytes The head with the blank line that ends it
 * @returns Status and fields
 * @throws {SyntaxError} If it is no head; the text quotes nothing of it, for it may hold a signed URL
 */
export function parseResponseHead(bytes: Uint8Array): ResponseHead {
  if (bytes.length > MAX_HEAD_BYTES) throw new SyntaxError(`the head has more than ${MAX_HEAD_BYTES} bytes`);
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString("latin1");
  if (!text.endsWith("\r\n\r\n")) throw new SyntaxError("the head does not end with a blank line");
  const [statusLine = "", ...lines] = text.slice(0, -4).split("\r\n");
  const match = STATUS_LINE.exec(statusLine);
  if (match === null) throw new SyntaxError("the first line is not a status line of HTTP/1.0 or HTTP/1.1");
  if (lines.length > MAX_HEAD_FIELDS) throw new SyntaxError(`the head has more than ${MAX_HEAD_FIELDS} fields`);
  const headers = new Headers();
  for (const [index, line] of lines.entries()) {
    const field = parseFieldLine(line);
    if (field === null) throw new SyntaxError(`line ${index + 2} of the head is not a field`);
    headers.append(field.name, field.value);
  }
  const version = match[1] === "HTTP/1.0" ? "HTTP/1.0" : "HTTP/1.1";
  return { version, status: Number(match[2]), reason: match[3]!, headers };
}

/**
 * Read one field of a head or of a trailer.
 *
 * @param line The line without its end, one character a byte
 * @returns Name and value, or `null` if it is no field: folded, a space before the colon, a control character
 */
export function parseFieldLine(line: string): { readonly name: string; readonly value: string } | null {
  const match = FIELD_LINE.exec(line);
  return match === null ? null : { name: match[1]!, value: trimBlanks(match[2]!) };
}

/** By hand: a regular expression takes quadratic time for a line of blanks, and `trim` takes away more than blanks. */
function trimBlanks(text: string): string {
  const isBlank = (index: number): boolean => text[index] === " " || text[index] === "\t";
  let start = 0;
  let end = text.length;
  while (start < end && isBlank(start)) start++;
  while (end > start && isBlank(end - 1)) end--;
  return text.slice(start, end);
}
