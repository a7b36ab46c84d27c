import { DISK_CODE, type ErrorCode, isDenoError, isDiskFault, KitError, type KitErrorOptions } from "../../base/mod.ts";

/**
 * Class of a failure.
 *
 * - `timeout`, `stall`: nothing, or too little, was received in time
 * - `connection`, `dns`, `tls`: no usable connection
 * - `server`: 5xx, or no valid response
 * - `unusable`: a response with a good status but the wrong content, such as a web page instead of a file
 * - `throttled`: the server asks to slow down; `quota`: a quota is exhausted for hours; `pagecap`: the caller requested
 *   too many pages
 * - `expired`: a signed URL has expired; request a new one
 * - `login`, `forbidden`, `early-access`, `gone`, `archived`, `disabled`, `region`: a final response about one item
 * - `flagged`: the content was received, but must not be loaded
 * - `rejected`: a 4xx that a retry cannot fix; `refused-host`: a redirect or host that is not allowed
 * - `too-large`: there are more bytes than allowed or expected
 * - `tripped`: the breaker of the dependency was opened manually
 * - `integrity`: the bytes are not the expected ones; `changed`: the object changed while it was being fetched
 * - `disk`: the local file system reported an error; `cancelled`: the caller canceled the operation; `unknown`: none of
 *   these
 */
export type FailureClass =
  | "timeout"
  | "stall"
  | "connection"
  | "dns"
  | "tls"
  | "server"
  | "unusable"
  | "throttled"
  | "quota"
  | "pagecap"
  | "expired"
  | "login"
  | "forbidden"
  | "early-access"
  | "gone"
  | "archived"
  | "disabled"
  | "region"
  | "flagged"
  | "rejected"
  | "refused-host"
  | "too-large"
  | "integrity"
  | "changed"
  | "tripped"
  | "disk"
  | "cancelled"
  | "unknown";

/** Classes for which the same request may succeed a little later. */
const TRANSIENT: ReadonlySet<FailureClass> = new Set<FailureClass>([
  "timeout",
  "stall",
  "connection",
  "dns",
  "server",
  "unusable",
  "throttled",
  "expired",
  "integrity",
  "changed",
  "tripped",
]);

const CODES: Partial<Record<FailureClass, ErrorCode>> = {
  timeout: "network",
  stall: "network",
  connection: "network",
  dns: "network",
  tls: "network",
  server: "network",
  unusable: "network",
  throttled: "network",
  quota: "network",
  tripped: "network",
  login: "auth",
  forbidden: "auth",
  "early-access": "auth",
  integrity: "integrity",
  changed: "integrity",
  disk: DISK_CODE,
  cancelled: "interrupted",
};

/** Options of {@linkcode FailureError}. */
export interface FailureErrorOptions extends KitErrorOptions {
  /** Wait that the server requested, in milliseconds. */
  readonly retryAfterMs?: number | undefined;
  /** HTTP status, if there was a response. */
  readonly status?: number | undefined;
  /** Key of the breaker that refused the call; absent if the call was made. */
  readonly refusedBy?: string | undefined;
  /** For early access: when it ends, ISO 8601 UTC; absent if it never does. */
  readonly until?: string | undefined;
  /**
   * Whether another attempt may succeed.
   *
   * @default {true for the transient classes}
   */
  readonly retryable?: boolean | undefined;
}

/**
 * An expected failure of a remote or local operation, with its class.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { FailureError } from "@civitai-dl/civitai-dl/failsafe";
 *
 * const message = 'Cannot fetch "a.bin": the server asks to slow down';
 * const error = new FailureError("throttled", message, { status: 429, retryAfterMs: 5000 });
 * assertEquals([error.code, error.retryable], ["network", true]);
 * ```
 */
export class FailureError extends KitError {
  /** The name that stack traces print. */
  override name = "FailureError";
  /** Class of the failure. */
  readonly failure: FailureClass;
  /** Wait that the server requested, in milliseconds; `undefined` if it did not. */
  readonly retryAfterMs: number | undefined;
  /** HTTP status; `undefined` if there was no response. */
  readonly status: number | undefined;
  /** Key of the breaker that refused the call; `undefined` if the call was made. */
  readonly refusedBy: string | undefined;
  /** When early access ends, ISO 8601 UTC; `undefined` for other failures, or if it never ends. */
  readonly until: string | undefined;
  /** Whether another attempt may succeed. */
  readonly retryable: boolean;

  /**
   * Create an error. By default, it is retryable if its class is transient.
   *
   * @param failure The class
   * @param message The action, a colon and the problem
   * @param options Facts from the server, hint, cause
   */
  constructor(failure: FailureClass, message: string, options: FailureErrorOptions = {}) {
    super(CODES[failure] ?? "failed", message, options);
    this.failure = failure;
    this.retryAfterMs = options.retryAfterMs;
    this.status = options.status;
    this.refusedBy = options.refusedBy;
    this.until = options.until;
    this.retryable = options.retryable ?? TRANSIENT.has(failure);
  }
}

/**
 * Determine the class of a thrown value. A `FailureError` states its class; errors of Deno and of Node are classified
 * by type, code and message.
 *
 * @param error The thrown value
 * @returns Its class
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { classifyFailure } from "@civitai-dl/civitai-dl/failsafe";
 *
 * assertEquals(classifyFailure(new DOMException("late", "TimeoutError")), "timeout");
 * assertEquals(classifyFailure(new Deno.errors.ConnectionRefused("refused")), "connection");
 * ```
 */
export function classifyFailure(error: unknown): FailureClass {
  if (error instanceof FailureError) return error.failure;
  if (!(error instanceof Error)) return "unknown";
  if (error.name === "AbortError") return "cancelled";
  if (error.name === "TimeoutError") return "timeout";
  // Deno's net permission does not include this host.
  if (isDenoError(error, "NotCapable") && /net access/i.test(error.message)) return "refused-host";
  if (isDiskError(error)) return "disk";
  const text = `${error.message} ${error.cause instanceof Error ? error.cause.message : ""}`;
  if (/dns error|failed to lookup|name or service not known|no address associated|getaddrinfo/i.test(text)) {
    return "dns";
  }
  // The `fetch` of Node puts its timeouts into the cause of a TypeError.
  if (/\b(?:connect|headers|body) timeout error\b/i.test(text)) return "timeout";
  if (/certificate|tls|handshake|invalidcert|unknownissuer/i.test(text)) return "tls";
  if (error instanceof TypeError && /error sending request|fetch|body|connection|decoding/i.test(text)) {
    return "connection";
  }
  if (isDenoError(error, ...NETWORK_ERRORS) || NETWORK_CODES.has(codeOf(error))) return "connection";
  if (isDenoError(error, "TimedOut") || codeOf(error) === "ETIMEDOUT") return "timeout";
  if (/connection (closed|reset|error)|error reading a body|broken pipe|end of file/i.test(text)) return "connection";
  return error.cause === undefined || error.cause === error ? "unknown" : classifyFailure(error.cause);
}

const NETWORK_ERRORS = [
  "ConnectionRefused",
  "ConnectionReset",
  "ConnectionAborted",
  "BrokenPipe",
  "UnexpectedEof",
  "NotConnected",
  "Http",
] as const;
/** Codes that errors of sockets have in Node. */
const NETWORK_CODES: ReadonlySet<string> = new Set(["ECONNREFUSED", "ECONNRESET", "ECONNABORTED", "EPIPE", "ENOTCONN"]);

/** Codes that errors of the file system have in Node. */
const DISK_CODES: ReadonlySet<string> = new Set(["ENOENT", "EACCES", "EPERM", "ELOOP", "ENOTDIR", "EISDIR"]);

/** Any error of the local file system counts, not only a fault of the disk. */
function isDiskError(error: Error): boolean {
  return isDiskFault(error) || DISK_CODES.has(codeOf(error)) ||
    isDenoError(error, "PermissionDenied", "FilesystemLoop", "NotADirectory", "IsADirectory") ||
    (isDenoError(error, "NotFound") && /os error 2\b/.test(error.message));
}

function codeOf(error: Error): string {
  return "code" in error && typeof error.code === "string" ? error.code : "";
}

/**
 * Whether another attempt may succeed.
 *
 * @param error The thrown value
 * @returns The value that a `FailureError` states; for other values, whether their class is transient
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { FailureError, isRetryable } from "@civitai-dl/civitai-dl/failsafe";
 *
 * assertEquals(isRetryable(new FailureError("server", 'Cannot fetch "a.bin": 502')), true);
 * assertEquals(isRetryable(new FailureError("gone", 'Cannot fetch "a.bin": 404')), false);
 * ```
 */
export function isRetryable(error: unknown): boolean {
  return error instanceof FailureError ? error.retryable : TRANSIENT.has(classifyFailure(error));
}
