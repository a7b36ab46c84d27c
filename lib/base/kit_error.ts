import { type ErrorCode, EXIT_CODES } from "./exit_codes.ts";

/** Options of {@linkcode KitError}. */
export interface KitErrorOptions {
  /** What the user can do next, one sentence without a period. */
  readonly hint?: string;
  /** The error that caused this one. */
  readonly cause?: unknown;
}

/**
 * An expected failure, with a code that determines the exit code, a message that states the action and the problem, and
 * a hint for the next step.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { KitError } from "@civitai-dl/civitai-dl";
 * const error = new KitError("usage", 'Cannot read "x.yml": no such file', { hint: "Check the path" });
 * assertEquals(error.exitCode, 2);
 * ```
 */
export class KitError extends Error {
  /** The name that stack traces print. */
  override name = "KitError";
  /** Kind of the failure; determines the exit code. */
  readonly code: ErrorCode;
  /** What the user can do next; `undefined` if there is no advice. */
  readonly hint: string | undefined;

  /**
   * Create an error. Neither the message nor the hint may contain a key or a signed URL.
   *
   * @param code Kind of the failure; determines the exit code
   * @param message The action, a colon and the problem, without a period
   * @param options Hint and cause
   */
  constructor(code: ErrorCode, message: string, options: KitErrorOptions = {}) {
    super(message, options.cause === undefined ? {} : { cause: options.cause });
    this.code = code;
    this.hint = options.hint;
  }

  /** Exit code of a command that fails with this error. */
  get exitCode(): number {
    return EXIT_CODES[this.code];
  }
}
