import { compressText } from "./_compress_text.ts";
import type { RouteAnswer } from "./route.ts";
import type { RouteError } from "./route_error.ts";

/** Headers of every response: they forbid caching, framing, type sniffing, and loading from other origins. */
const HEADERS: Readonly<Record<string, string>> = {
  "cache-control": "no-store",
  "content-security-policy": "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob: data:; " +
    "media-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
  "cross-origin-opener-policy": "same-origin",
  "cross-origin-resource-policy": "same-origin",
  "permissions-policy": "camera=(), geolocation=(), microphone=()",
  "referrer-policy": "no-referrer",
  "x-content-type-options": "nosniff",
  "x-frame-options": "DENY",
};

/** A response, before it is sent. */
export interface HttpResponse extends RouteAnswer {
  readonly headers: Readonly<Record<string, string>>;
}

/** Add the common headers to an answer; its own replace those of the same name. */
export function createResponse({ status, headers = {}, body }: RouteAnswer): HttpResponse {
  const type: Record<string, string> = body === null ? {} : { "content-type": "text/plain; charset=utf-8" };
  return { status, body, headers: { ...HEADERS, ...type, ...headers } };
}

/**
 * Compress the body of a response if it is a long text and the client takes that.
 *
 * @param accepted The header `accept-encoding` of the request; `null` if absent
 */
export async function compressed(response: HttpResponse, accepted: string | null): Promise<HttpResponse> {
  if (typeof response.body !== "string") return response;
  const { headers, body } = await compressText(response.body, accepted);
  return { ...response, headers: { ...response.headers, ...headers }, body };
}

/** Options of {@linkcode jsonResponse}. */
export interface JsonResponseOptions {
  /** @default {200} */
  readonly status?: number | undefined;
  /** The header `accept-encoding` of the request; `null` if absent. */
  readonly accepted: string | null;
}

/** Create a response of JSON text, which is compressed if it is long and the client takes that. */
export async function jsonResponse(text: string, options: JsonResponseOptions): Promise<HttpResponse> {
  const { status = 200, accepted } = options;
  const headers = { "content-type": "application/json" };
  return await compressed(createResponse({ status, headers, body: `${text}\n` }), accepted);
}

const TITLES: Readonly<Record<number, string>> = {
  400: "Bad Request",
  401: "Unauthorized",
  403: "Forbidden",
  404: "Not Found",
  405: "Method Not Allowed",
  408: "Request Timeout",
  409: "Conflict",
  413: "Content Too Large",
  415: "Unsupported Media Type",
  421: "Misdirected Request",
  424: "Failed Dependency",
  500: "Internal Server Error",
  502: "Bad Gateway",
  503: "Service Unavailable",
};

/** Create the response to a request that is refused or has failed (RFC 9457). */
export function problemResponse(
  { status, message, code, hint, headers }: RouteError,
  toText: (value: unknown) => string,
): HttpResponse {
  const problem = { type: "about:blank", title: TITLES[status] ?? "Error", status, detail: message, code, hint };
  return createResponse({
    status,
    headers: { "content-type": "application/problem+json", ...headers },
    body: `${toText(problem)}\n`,
  });
}
