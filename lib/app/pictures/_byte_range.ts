/** The part of a file that a request asks for; `end` is exclusive. */
export type ByteRange =
  | { readonly type: "whole" }
  | { readonly type: "part"; readonly start: number; readonly end: number }
  | { readonly type: "unsatisfiable" };

const WHOLE: ByteRange = { type: "whole" };

/**
 * Parse a `Range` header (RFC 9110, section 14). The whole file answers a header that is invalid, and one that names
 * several ranges, as the standard allows.
 *
 * @param header The header; `null` if there is none
 * @param sizeBytes Size of the file
 */
export function parseByteRange(header: string | null, sizeBytes: number): ByteRange {
  const match = /^bytes=\s*(\d*)-(\d*)\s*$/i.exec(header ?? "");
  if (match === null) return WHOLE;
  const [, first = "", last = ""] = match;
  if (first === "") return last === "" ? WHOLE : lastBytes(Number(last), sizeBytes);
  const start = Number(first);
  const end = last === "" ? Infinity : Number(last) + 1;
  if (last !== "" && end <= start) return WHOLE;
  return start < sizeBytes ? { type: "part", start, end: Math.min(end, sizeBytes) } : { type: "unsatisfiable" };
}

function lastBytes(count: number, sizeBytes: number): ByteRange {
  if (count === 0 || sizeBytes === 0) return { type: "unsatisfiable" };
  return { type: "part", start: Math.max(0, sizeBytes - count), end: sizeBytes };
}
