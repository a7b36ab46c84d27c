/** Headers of every response: they forbid caching, framing, type sniffing, and loading from other origins. */
const HEADERS: Readonly<Record<string, string>> = {
  "cache-control": "no-store",
  "content-security-policy": "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; " +
    "connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
  "cross-origin-opener-policy": "same-origin",
  "cross-origin-resource-policy": "same-origin",
  "permissions-policy": "camera=(), geolocation=(), microphone=()",
  "referrer-policy": "no-referrer",
  "x-content-type-options": "nosniff",
  "x-frame-options": "DENY",
};

/** A response, before it is sent. */
export interface PageResponse {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** Options of {@linkcode createResponse}. */
export interface ResponseOptions {
  /** @default {200} */
  readonly status?: number;
  /** @default {"text/plain; charset=utf-8"} */
  readonly type?: string;
  /** Additional headers; they replace the common ones of the same name. */
  readonly headers?: Readonly<Record<string, string>>;
}

/** Create a response with the common headers. */
export function createResponse(body: string, options: ResponseOptions = {}): PageResponse {
  const { status = 200, type = "text/plain; charset=utf-8", headers = {} } = options;
  return { status, body, headers: { ...HEADERS, "content-type": type, ...headers } };
}

/** Create a JSON response. */
export function jsonResponse(value: unknown, status = 200): PageResponse {
  return createResponse(`${JSON.stringify(value)}\n`, { status, type: "application/json" });
}
