import { Buffer } from "node:buffer";

/** Status line and header fields of a response: RFC 9112, sections 4 and 5. */
export interface ResponseHead {
  /** HTTP version of the status line. */
  readonly version: "HTTP/1.0" | "HTTP/1.1";
  /** HTTP status, 100 to 599. */
  readonly status: number;
  /** The reason phrase; often empty. */
  readonly reason: string;
  /** The header fields; bytes above 0x7f are decoded as Latin-1, as `fetch` does. */
  readonly headers: Headers;
}

/** Maximum size of a head, in bytes. */
export const MAX_HEAD_BYTES = 65_536;
/** Maximum number of fields in a head. */
export const MAX_HEAD_FIELDS = 256;

const STATUS_LINE = /^(HTTP\/1\.[01]) ([1-5][0-9]{2}) ([\t\x20-\x7e\x80-\xff]*)$/;
const FIELD_LINE = /^([!#$%&'*+\-.^_`|~0-9A-Za-z]+):([\t\x20-\x7e\x80-\xff]*)$/;

/**
 * Parse the head of a response strictly. Lenient parsers disagree about malformed heads, and then the next response on
 * the connection may not begin where it seems to.
 *
 * @param bytes The head with the blank line that ends it
 * @returns Status and fields
 * @throws {SyntaxError} If the head is malformed; the message does not quote it, because it may contain a signed URL
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { parseResponseHead } from "@civitai-dl/civitai-dl/transfer";
 *
 * const head = parseResponseHead(new TextEncoder().encode("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n"));
 * assertEquals([head.status, head.headers.get("content-length")], [200, "5"]);
 * ```
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
 * Parse one field of a head or of a trailer.
 *
 * @param line The line without its line end, one character per byte
 * @returns Name and value, or `null` if the line is malformed, such as a folded line, a space before the colon or a
 * control character
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { parseFieldLine } from "@civitai-dl/civitai-dl/transfer";
 *
 * assertEquals(parseFieldLine("Content-Length:  5 "), { name: "Content-Length", value: "5" });
 * assertEquals(parseFieldLine("Content-Length : 5"), null);
 * ```
 */
export function parseFieldLine(line: string): { readonly name: string; readonly value: string } | null {
  const match = FIELD_LINE.exec(line);
  return match === null ? null : { name: match[1]!, value: trimBlanks(match[2]!) };
}

/**
 * Remove spaces and tabs at both ends. A regular expression would take quadratic time for a line of blanks, and `trim`
 * would remove other characters, too.
 */
function trimBlanks(text: string): string {
  const isBlank = (index: number): boolean => text[index] === " " || text[index] === "\t";
  let start = 0;
  let end = text.length;
  while (start < end && isBlank(start)) start++;
  while (end > start && isBlank(end - 1)) end--;
  return text.slice(start, end);
}
