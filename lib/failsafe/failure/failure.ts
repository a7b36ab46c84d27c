import { type ErrorCode, KitError, type KitErrorOptions } from "../../base/mod.ts";

/**
 * What kind of thing went wrong.
 *
 * - `timeout`, `stall`: nothing, or too little, arrived in time
 * - `connection`, `dns`, `tls`: no usable connection
 * - `server`: 5xx, or no valid answer
 * - `unusable`: an answer with a good status that is not what was asked for, such as a web page instead of a file
 * - `throttled`: slow down; `quota`: stop for hours; `pagecap`: the caller asks wrongly
 * - `expired`: a signed URL aged; ask for a new one
 * - `login`, `forbidden`, `early-access`, `gone`, `archived`, `disabled`, `region`: final answers about one thing
 * - `flagged`: the content came, and is not to be loaded
 * - `rejected`: a 4xx that repeating cannot mend; `refused-host`: a redirect that we will not follow
 * - `too-large`: far more bytes than there were to be
 * - `tripped`: a person opened the breaker of what would be called
 * - `integrity`: the bytes are not the ones promised; `changed`: the object changed while we fetched it
 * - `disk`: the local file system refused; `cancelled`: the caller stopped it; `unknown`: none of these
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

/** Classes where the same request may well succeed a little later. */
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
  disk: "unsafe",
  cancelled: "interrupted",
};

/** Options of {@linkcode FailureError}. */
export interface FailureErrorOptions extends KitErrorOptions {
  /** How long the server asked us to wait. */
  readonly retryAfterMs?: number | undefined;
  /** The HTTP status, if there was one. */
  readonly status?: number | undefined;
  /** The key of the breaker that did not let the call through; absent when the call was made. */
  readonly refusedBy?: string | undefined;
  /** For early access: when it ends, ISO 8601 UTC; absent when it never does. */
  readonly until?: string | undefined;
  /**
   * Whether another try makes sense.
   *
   * @default {true for the transient classes}
   */
  readonly retryable?: boolean | undefined;
}

/** An expected failure of a remote or local operation, with its class. */
export class FailureError extends KitError {
  /** The name that stack traces print. */
  override name = "FailureError";
  /** The kind of failure. */
  readonly failure: FailureClass;
  /** How long the server asked us to wait. */
  readonly retryAfterMs: number | undefined;
  /** The HTTP status, if there was one. */
  readonly status: number | undefined;
  /** The key of the breaker that did not let the call through; `undefined` when the call was made. */
  readonly refusedBy: string | undefined;
  /** When an early access ends, ISO 8601 UTC. */
  readonly until: string | undefined;
  /** Whether another try makes sense. */
  readonly retryable: boolean;

  /**
   * Make one.
   *
   * @param failure The class
   * @param message Action first, colon, state
   * @param options What the server said, hint, cause
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
 * Name the class of any thrown value: ours as it says, the platform's by type and text.
 *
 * @param error What was thrown
 * @returns Its class
 */
export function classifyFailure(error: unknown): FailureClass {
  if (error instanceof FailureError) return error.failure;
  if (!(error instanceof Error)) return "unknown";
  if (error.name === "AbortError") return "cancelled";
  if (error.name === "TimeoutError") return "timeout";
  // The runtime permits some hosts only, and this is another.
  if (error instanceof Deno.errors.NotCapable && /net access/i.test(error.message)) return "refused-host";
  if (isDiskError(error)) return "disk";
  const text = `${error.message} ${error.cause instanceof Error ? error.cause.message : ""}`;
  if (/dns error|failed to lookup|name or service not known|no address associated/i.test(text)) return "dns";
  if (/certificate|tls|handshake|invalidcert|unknownissuer/i.test(text)) return "tls";
  if (error instanceof TypeError && /error sending request|fetch|body|connection|decoding/i.test(text)) {
    return "connection";
  }
  const network = [
    Deno.errors.ConnectionRefused,
    Deno.errors.ConnectionReset,
    Deno.errors.ConnectionAborted,
    Deno.errors.BrokenPipe,
    Deno.errors.UnexpectedEof,
    Deno.errors.NotConnected,
    Deno.errors.Http,
  ];
  if (network.some((type) => error instanceof type)) return "connection";
  if (error instanceof Deno.errors.TimedOut) return "timeout";
  if (/connection (closed|reset|error)|error reading a body|broken pipe|end of file/i.test(text)) return "connection";
  return error.cause === undefined || error.cause === error ? "unknown" : classifyFailure(error.cause);
}

function isDiskError(error: Error): boolean {
  if (
    /os error (28|122|30|27|116|5)\b|no space left|not enough space|quota exceeded|read-only file system|input\/output error/i
      .test(
        error.message,
      )
  ) {
    return true;
  }
  return error instanceof Deno.errors.PermissionDenied || error instanceof Deno.errors.FilesystemLoop ||
    error instanceof Deno.errors.NotADirectory || error instanceof Deno.errors.IsADirectory ||
    (error instanceof Deno.errors.NotFound && /os error 2\b/.test(error.message));
}

/**
 * Whether another try may succeed.
 *
 * @param error What was thrown
 * @returns True for transient failures
 */
export function isRetryable(error: unknown): boolean {
  return error instanceof FailureError ? error.retryable : TRANSIENT.has(classifyFailure(error));
}
