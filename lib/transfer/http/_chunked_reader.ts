import { Buffer } from "node:buffer";
import { parseFieldLine } from "./parse_response_head.ts";

/** Maximum length of a size line, including extensions and line end. */
const MAX_LINE_BYTES = 1024;
/** Maximum length of all trailers together. */
const MAX_TRAILER_BYTES = 16_384;

const TOKEN = "[!#$%&'*+\\-.^_`|~0-9A-Za-z]+";
const QUOTED = '"(?:[\\t \\x21\\x23-\\x5b\\x5d-\\x7e\\x80-\\xff]|\\\\[\\t\\x20-\\x7e\\x80-\\xff])*"';
const SIZE_LINE = new RegExp(
  `^([0-9A-Fa-f]{1,16})(?:[\\t ]*;[\\t ]*${TOKEN}(?:[\\t ]*=[\\t ]*(?:${TOKEN}|${QUOTED}))?)*$`,
);

/** Decodes the chunked transfer coding of a body in place, strictly according to RFC 9112, section 7.1. */
export class ChunkedReader {
  #state: "size" | "data" | "data-end" | "trailer" | "done" = "size";
  #line = "";
  #left = 0;
  #trailerBytes = 0;

  /** Whether the last chunk and the trailers were decoded. */
  get isDone(): boolean {
    return this.#state === "done";
  }

  /**
   * Decode the next bytes: those that belong to the body are moved to the start of the array.
   *
   * @param bytes The received bytes; the content after the decoded bytes is lost
   * @returns Number of decoded bytes, and number of bytes after the end of the body
   * @throws {SyntaxError} If the bytes are not valid chunked coding
   */
  decode(bytes: Uint8Array): { readonly count: number; readonly leftover: number } {
    let count = 0;
    let offset = 0;
    while (offset < bytes.length && this.#state !== "done") {
      if (this.#state !== "data") {
        offset = this.#takeLine(bytes, offset);
        continue;
      }
      const size = Math.min(this.#left, bytes.length - offset);
      if (count !== offset) bytes.copyWithin(count, offset, offset + size);
      count += size;
      offset += size;
      this.#left -= size;
      if (this.#left === 0) this.#state = "data-end";
    }
    return { count, leftover: bytes.length - offset };
  }

  /** Take bytes up to the end of a line, or of the received bytes; returns the position after them. */
  #takeLine(bytes: Uint8Array, start: number): number {
    const room = this.#limit() - this.#line.length;
    const lf = bytes.subarray(start, start + room).indexOf(10);
    const end = lf < 0 ? Math.min(bytes.length, start + room) : start + lf + 1;
    this.#line += Buffer.from(bytes.buffer, bytes.byteOffset + start, end - start).toString("latin1");
    if (lf < 0) {
      if (end - start === room) throw new SyntaxError("a line of the chunked body is too long or has no end");
      return end;
    }
    if (!this.#line.endsWith("\r\n")) throw new SyntaxError("a line of the chunked body ends without CR LF");
    const line = this.#line.slice(0, -2);
    this.#line = "";
    this.#state = this.#next(line);
    return end;
  }

  #limit(): number {
    if (this.#state === "data-end") return 2;
    return this.#state === "size" ? MAX_LINE_BYTES : MAX_TRAILER_BYTES - this.#trailerBytes;
  }

  /** Return the state that follows a complete line. */
  #next(line: string): "size" | "data" | "trailer" | "done" {
    if (this.#state === "data-end") return "size";
    if (this.#state === "trailer") {
      if (line === "") return "done";
      if (parseFieldLine(line) === null) throw new SyntaxError("a trailer of the chunked body is not a field");
      this.#trailerBytes += line.length + 2;
      return "trailer";
    }
    const digits = SIZE_LINE.exec(line)?.[1];
    if (digits === undefined) throw new SyntaxError("a chunk has no valid size");
    this.#left = Number.parseInt(digits, 16);
    if (!Number.isSafeInteger(this.#left)) throw new SyntaxError("a chunk is too large");
    return this.#left === 0 ? "trailer" : "data";
  }
}
