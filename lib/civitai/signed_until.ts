/**
 * Find out when a signed storage URL expires: from `X-Amz-Date` and `X-Amz-Expires` for S3 and R2, from `Expires` for
 * old S3 signatures, and from the end time in the download token for B2.
 *
 * @param url The signed URL
 * @returns Milliseconds since the epoch, or `null` if the URL does not say
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { signedUntil } from "@civitai-dl/civitai-dl/civitai";
 *
 * const url = new URL("https://files.example/a?X-Amz-Date=20260101T000000Z&X-Amz-Expires=3600");
 * assertEquals(signedUntil(url), Date.parse("2026-01-01T01:00:00Z"));
 * ```
 */
export function signedUntil(url: URL): number | null {
  const parameters = new Map([...url.searchParams].map(([name, value]) => [name.toLowerCase(), value]));
  const start = stampMs(parameters.get("x-amz-date")?.replace(/[TZ]/g, ""));
  const seconds = parameters.get("x-amz-expires") ?? "";
  if (start !== null && /^\d{1,9}$/.test(seconds)) return start + Number(seconds) * 1000;
  const expires = parameters.get("expires") ?? "";
  if (/^\d{9,11}$/.test(expires)) return Number(expires) * 1000;
  // B2 download token: 3_<from>_<account>_<digest>_000_<until>_0006_dnld
  return stampMs(/_(\d{14})_\d+_dnld$/.exec(parameters.get("authorization") ?? "")?.[1]);
}

/** Parse a timestamp in UTC, such as `20261125090000`; `null` if the text is not one. */
function stampMs(digits: string | undefined): number | null {
  const parts = /^(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)$/.exec(digits ?? "");
  if (parts === null) return null;
  const [year, month, day, hour, minute, second] = parts.slice(1).map(Number) as [
    number,
    number,
    number,
    number,
    number,
    number,
  ];
  return Date.UTC(year, month - 1, day, hour, minute, second);
}
