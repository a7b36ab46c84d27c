/**
 * Parse a Retry-After header (RFC 9110, section 10.2.3): seconds or an HTTP date.
 *
 * @param value The header, or `null`
 * @param nowMs Current time, milliseconds since the epoch
 * @returns Milliseconds to wait, never negative; `undefined` if absent or malformed
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { parseRetryAfter } from "@civitai-dl/civitai-dl/failsafe";
 *
 * assertEquals(parseRetryAfter("120", Date.now()), 120_000);
 * const now = Date.parse("2026-01-01T00:00:00Z");
 * assertEquals(parseRetryAfter("Thu, 01 Jan 2026 00:00:30 GMT", now), 30_000);
 * ```
 */
export function parseRetryAfter(value: string | null, nowMs: number): number | undefined {
  if (value === null) return undefined;
  const text = value.trim();
  if (/^\d+$/.test(text)) return Number(text) * 1000;
  // Date.parse accepts almost anything; an HTTP date begins with a weekday.
  if (!/^(mon|tue|wed|thu|fri|sat|sun)/i.test(text)) return undefined;
  const time = Date.parse(text);
  return Number.isNaN(time) ? undefined : Math.max(0, time - nowMs);
}
