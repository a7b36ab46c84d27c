/** What kind of end an error means for a command; each kind has one exit code. */
export type ErrorCode =
  | "failed"
  | "usage"
  | "inconclusive"
  | "unsafe"
  | "auth"
  | "network"
  | "integrity"
  | "interrupted";

/** The exit code of each kind of error, as `--help` prints it. */
export const EXIT_CODES: Readonly<Record<ErrorCode, number>> = {
  failed: 1,
  usage: 2,
  inconclusive: 3,
  unsafe: 4,
  auth: 5,
  network: 6,
  integrity: 7,
  interrupted: 130,
};

/** Options of {@linkcode KitError}. */
export interface KitErrorOptions {
  /** What the user can do next, one sentence. */
  readonly hint?: string;
  /** The error below this one. */
  readonly cause?: unknown;
}

/**
 * An expected failure: a code that decides the exit code, a message that says what was attempted and what happened,
 * and a hint that says what to do.
 *
 * @example
 * ```ts
 * import { KitError } from "@civitai-dl/civitai-dl";
 * const error = new KitError("usage", 'Cannot read "x.yml": no such file', { hint: "Check the path" });
 * console.assert(error.exitCode === 2);
 * ```
 */
export class KitError extends Error {
  /** The name that stack traces print. */
  override name = "KitError";
  /** The kind of failure. */
  readonly code: ErrorCode;
  /** What to do next. */
  readonly hint: string | undefined;

  /**
   * Make one.
   *
   * @param code The kind of failure
   * @param message Action first, colon, state
   * @param options Hint and cause
   */
  constructor(code: ErrorCode, message: string, options: KitErrorOptions = {}) {
    super(message, options.cause === undefined ? {} : { cause: options.cause });
    this.code = code;
    this.hint = options.hint;
  }

  /** The exit code of a command that ends with this error. */
  get exitCode(): number {
    return EXIT_CODES[this.code];
  }
}
