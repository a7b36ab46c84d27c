import { FailureError, parseRetryAfter } from "../failsafe/mod.ts";
import { parseContentLength } from "./http/body_framing.ts";

/** What a response means for the existing part. */
export type ResponseAction =
  | { readonly type: "append"; readonly totalBytes: number }
  | { readonly type: "rewrite"; readonly totalBytes: number | null }
  | { readonly type: "complete" }
  | { readonly type: "restart"; readonly reason: string }
  | { readonly type: "fail"; readonly error: FailureError };

/** Options of {@linkcode judgeResponse}: the request that the response belongs to. */
export interface JudgeResponseOptions {
  /** First requested byte. */
  readonly offset: number;
  /** Exclusive end of the requested range; absent if everything to the end was requested. */
  readonly end?: number | undefined;
  /** Size of the whole file according to the journal; `null` if unknown. */
  readonly totalBytes: number | null;
  /** Validator from the journal; `null` if there is none. */
  readonly etag: string | null;
  /** The host, used in error messages. */
  readonly host: string;
  /** Current time, milliseconds since the epoch. */
  readonly nowMs: number;
}

/**
 * Decide what to do with a response to a (ranged) GET: RFC 9110, sections 13 to 15, and the observed behavior of R2
 * and B2.
 *
 * @param status HTTP status
 * @param headers Response headers
 * @param options The request that it belongs to
 * @returns The action
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { judgeResponse } from "@civitai-dl/civitai-dl/transfer";
 *
 * const headers = new Headers({ "content-range": "bytes 100-199/200", etag: '"v1"' });
 * const options = { offset: 100, totalBytes: 200, etag: '"v1"', host: "files.example", nowMs: Date.now() };
 * assertEquals(judgeResponse(206, headers, options), { type: "append", totalBytes: 200 });
 * ```
 */
export function judgeResponse(status: number, headers: Headers, options: JudgeResponseOptions): ResponseAction {
  if (status === 206) return judgePartial(headers, options);
  if (status === 416) {
    const total = /\*\/(\d+)/.exec(headers.get("content-range") ?? "")?.[1];
    const known = options.totalBytes ?? options.offset;
    if (Number(total) === options.offset && known === options.offset) return { type: "complete" };
    return { type: "restart", reason: "the size of the file changed on the server" };
  }
  if (status === 200) return judgeWhole(headers, options);
  return { type: "fail", error: failureOf(status, headers, options) };
}

function judgePartial(headers: Headers, options: JudgeResponseOptions): ResponseAction {
  const match = /^bytes (\d+)-(\d+)\/(\d+)$/.exec(headers.get("content-range")?.trim() ?? "");
  if (match === null) return { type: "restart", reason: "the response has no valid Content-Range" };
  const start = Number(match[1]);
  const end = Number(match[2]);
  const total = Number(match[3]);
  const isWhole = start === options.offset && end === (options.end ?? total) - 1;
  if (!isWhole || (options.totalBytes !== null && total !== options.totalBytes)) {
    return { type: "restart", reason: "the response is not the requested range" };
  }
  // No range was requested: this is the whole file under another status.
  if (start === 0 && options.end === undefined && options.totalBytes === null) {
    return { type: "rewrite", totalBytes: total };
  }
  const etag = headers.get("etag");
  if (options.etag !== null && etag !== null && etag !== options.etag) {
    return { type: "restart", reason: "the file changed on the server" };
  }
  return { type: "append", totalBytes: total };
}

function judgeWhole(headers: Headers, options: JudgeResponseOptions): ResponseAction {
  const type = headers.get("content-type")?.toLowerCase() ?? "";
  if (/^(text\/html|application\/json|application\/problem\+json)/.test(type)) {
    const error = new FailureError(
      "unusable",
      `Cannot fetch from "${options.host}": got ${type.split(";")[0]}, not a file`,
      {
        status: 200,
        hint: "If this persists, a login page or a captive portal intercepts the request",
      },
    );
    return { type: "fail", error };
  }
  const encoding = headers.get("content-encoding");
  if (encoding !== null && encoding !== "identity") {
    const message =
      `Cannot fetch from "${options.host}": the body is ${encoding}-encoded although identity was requested`;
    return { type: "fail", error: new FailureError("unusable", message, { status: 200 }) };
  }
  const length = headers.get("content-length");
  if (length === null) return { type: "rewrite", totalBytes: null };
  try {
    return { type: "rewrite", totalBytes: parseContentLength(length) };
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    const message = `Cannot fetch from "${options.host}": ${error.message}`;
    return { type: "fail", error: new FailureError("server", message, { status: 200, cause: error }) };
  }
}

/**
 * Map an error status to a failure. Depending on the service that signed the URL, an expired signature gives 400, 401
 * or 403.
 */
function failureOf(status: number, headers: Headers, options: JudgeResponseOptions): FailureError {
  const retryAfterMs = parseRetryAfter(headers.get("retry-after"), options.nowMs);
  const message = `Cannot fetch from "${options.host}": the server answered ${status}`;
  const details = { status, retryAfterMs };
  if (status === 400 || status === 401 || status === 403) return new FailureError("expired", message, details);
  if (status === 404 || status === 410) return new FailureError("gone", message, details);
  if (status === 429 || status === 503) return new FailureError("throttled", message, details);
  if (status >= 500 || status === 408 || status === 425) return new FailureError("server", message, details);
  if (status >= 300 && status < 400) {
    return new FailureError("refused-host", `${message}, an unexpected redirect`, details);
  }
  return new FailureError("rejected", message, details);
}
