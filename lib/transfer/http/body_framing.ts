import type { ResponseHead } from "./parse_response_head.ts";

/** How the end of a body is determined. */
export type BodyFraming =
  | { readonly type: "none" }
  | { readonly type: "length"; readonly bytes: number }
  | { readonly type: "chunked" }
  | { readonly type: "until-close" };

/**
 * Decide how the body of a response to a GET is framed: RFC 9112, section 6.3. Where the RFC leaves a choice, ambiguous
 * heads are rejected.
 *
 * @param head The head
 * @returns The framing
 * @throws {SyntaxError} If the head contradicts itself or names a transfer coding other than chunked
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { bodyFraming, parseResponseHead } from "@civitai-dl/civitai-dl/transfer";
 *
 * const head = parseResponseHead(new TextEncoder().encode("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n"));
 * assertEquals(bodyFraming(head), { type: "length", bytes: 5 });
 * ```
 */
export function bodyFraming(head: ResponseHead): BodyFraming {
  const { headers, status, version } = head;
  if (status < 200 || status === 204 || status === 304) return { type: "none" };
  const coding = headers.get("transfer-encoding");
  const length = headers.get("content-length");
  if (coding !== null) {
    if (version === "HTTP/1.0") throw new SyntaxError("Transfer-Encoding is not allowed in HTTP/1.0");
    if (length !== null) throw new SyntaxError("both Transfer-Encoding and Content-Length frame the body");
    if (coding.toLowerCase() !== "chunked") throw new SyntaxError("the Transfer-Encoding is not just chunked");
    return { type: "chunked" };
  }
  return length === null ? { type: "until-close" } : { type: "length", bytes: parseContentLength(length) };
}

/**
 * Parse a Content-Length: RFC 9110, section 8.6. Repeated lengths, which `fetch` joins with commas, count as one length
 * if they are textually identical.
 *
 * @param text The value of the header
 * @returns The length in bytes
 * @throws {SyntaxError} If it is not a number, or the lengths differ
 */
export function parseContentLength(text: string): number {
  if (!/^[0-9]+(?:[\t ]*,[\t ]*[0-9]+)*$/.test(text)) throw new SyntaxError("the Content-Length is not a number");
  const [first = "", ...others] = text.split(",").map((part) => part.trim());
  if (others.some((other) => other !== first)) throw new SyntaxError("the Content-Lengths differ");
  const bytes = Number(first);
  if (!Number.isSafeInteger(bytes)) throw new SyntaxError("the Content-Length is too large");
  return bytes;
}
