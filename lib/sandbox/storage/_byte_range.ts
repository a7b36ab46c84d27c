/** The part of an object that a Range header requests. */
export type ByteRange =
  | { readonly type: "whole" }
  | { readonly type: "part"; readonly start: number; readonly end: number }
  | { readonly type: "unsatisfiable" };

/**
 * Parse a Range header. If it is invalid or contains several ranges, the whole object is requested.
 *
 * @param header The header, if there is one
 * @param sizeBytes Size of the object
 * @returns The range; `end` is exclusive
 */
export function parseRange(header: string | undefined, sizeBytes: number): ByteRange {
  const match = /^bytes=(\d*)-(\d*)$/.exec(header ?? "");
  if (match === null || (match[1] === "" && match[2] === "")) return { type: "whole" };
  const first = match[1]!;
  const last = match[2]!;
  if (first === "") {
    const count = Math.min(Number(last), sizeBytes);
    return count === 0 ? { type: "unsatisfiable" } : { type: "part", start: sizeBytes - count, end: sizeBytes };
  }
  const start = Number(first);
  if (last !== "" && Number(last) < start) return { type: "whole" };
  if (start >= sizeBytes) return { type: "unsatisfiable" };
  return { type: "part", start, end: last === "" ? sizeBytes : Math.min(Number(last) + 1, sizeBytes) };
}
