/** Whether an `If-None-Match` header names a strong ETag, or any. */
export function namesTag(header: string | null, etag: string): boolean {
  if (header === null) return false;
  if (header.trim() === "*") return true;
  // The weak comparison ignores the prefix (RFC 9110, section 13.1.2).
  return header.split(",").some((one) => one.trim().replace(/^W\//, "") === etag);
}

/** Whether the range of a request belongs to the content with this ETag; a date or a weak ETag never does. */
export function allowsRange(ifRange: string | null, etag: string): boolean {
  return ifRange === null || ifRange.trim() === etag;
}
