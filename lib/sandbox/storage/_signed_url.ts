import { Buffer } from "node:buffer";
import { createHmac, timingSafeEqual } from "node:crypto";

const ALGORITHM = "AWS4-HMAC-SHA256";

/** Options of {@linkcode signPath}. */
export interface SignPathOptions {
  readonly secret: string;
  readonly path: string;
  /** The file name for `Content-Disposition`. */
  readonly fileName: string;
  readonly nowMs: number;
  readonly ttlMs: number;
}

/**
 * Sign a path of the storage host, as S3 does for presigned URLs.
 *
 * @param options The request that the signature allows
 * @returns Path and query
 */
export function signPath(options: SignPathOptions): string {
  const { secret, path, fileName, nowMs, ttlMs } = options;
  const date = new Date(nowMs).toISOString().replaceAll(/[-:]|\.\d+/g, "");
  const query = new URLSearchParams({
    "X-Amz-Algorithm": ALGORITHM,
    "X-Amz-Content-Sha256": "UNSIGNED-PAYLOAD",
    "X-Amz-Credential": `SANDBOX/${date.slice(0, 8)}/us-east-1/s3/aws4_request`,
    "X-Amz-Date": date,
    "X-Amz-Expires": `${Math.round(ttlMs / 1000)}`,
    "X-Amz-SignedHeaders": "host",
    "response-content-disposition": `attachment; filename="${quotable(fileName)}"`,
    "x-id": "GetObject",
  });
  query.set("X-Amz-Signature", signatureOf(secret, path, query));
  return `${path}?${query}`;
}

/**
 * Check a signed URL.
 *
 * @param secret The key that it was signed with
 * @param url The URL
 * @param nowMs The current time, in milliseconds since the epoch
 * @returns `valid`, `expired`, or `unsigned` if the signature is missing or wrong
 */
export function checkSignature(secret: string, url: URL, nowMs: number): "valid" | "expired" | "unsigned" {
  const query = new URLSearchParams(url.search);
  const given = query.get("X-Amz-Signature");
  const date = /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/.exec(query.get("X-Amz-Date") ?? "");
  if (given === null || date === null) return "unsigned";
  query.delete("X-Amz-Signature");
  const actual = Buffer.from(given);
  const expected = Buffer.from(signatureOf(secret, url.pathname, query));
  if (actual.length !== expected.length || !timingSafeEqual(actual, expected)) return "unsigned";
  const [, year, month, day, hour, minute, second] = date.map(Number);
  const signedMs = Date.UTC(year!, month! - 1, day!, hour!, minute!, second!);
  return nowMs >= signedMs + Number(query.get("X-Amz-Expires")) * 1000 ? "expired" : "valid";
}

function signatureOf(secret: string, path: string, query: URLSearchParams): string {
  const canonical = [...query].map(([name, value]) => `${name}=${value}`).sort().join("&");
  return createHmac("sha256", secret).update(`GET\n${path}\n${canonical}`).digest("hex");
}

/** Escape a file name for a quoted string, and replace characters that would end the header. */
function quotable(fileName: string): string {
  // deno-lint-ignore no-control-regex -- control characters are what must go
  return fileName.replaceAll(/[\x00-\x1f\x7f]/g, "_").replaceAll(/["\\]/g, "\\$&");
}
