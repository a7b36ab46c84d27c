import type { Language } from "../../base/mod.ts";

/** Why a command ends with another code than 0 although it has a result. */
export interface ExitReason {
  /** What is wrong, as the message of an error says it. */
  readonly message: string;
  /** What the user can do next. */
  readonly hint?: string | undefined;
  /**
   * Language of both, for the words before them.
   *
   * @default {"en"}
   */
  readonly language?: Language | undefined;
}

/** A result with an explicit exit code, such as the report of a gate that did not pass. */
export class Outcome {
  /** The result to print. */
  readonly result: unknown;
  /** The exit code; `undefined` means 0, or the code of the interruption if the run was interrupted. */
  readonly exitCode: number | undefined;
  /** Why the exit code is not 0; `undefined` if the result alone says it, as a verdict does. */
  readonly reason: ExitReason | undefined;

  /**
   * Combine a result with an exit code.
   *
   * @param exitCode The exit code, or `undefined` for the default
   * @param reason Why it is not 0, for those who read standard error only
   */
  constructor(result: unknown, exitCode: number | undefined, reason?: ExitReason) {
    this.result = result;
    this.exitCode = exitCode;
    this.reason = reason;
  }
}

/**
 * Create a return value for a command's `run` that also sets the exit code.
 *
 * @param exitCode The exit code; overrides that of an interruption, so that a server can exit with 0 after Ctrl-C
 * @param reason Why it is not 0, for those who read standard error only
 * @returns The outcome to return from `run`
 */
export function withExit(result: unknown, exitCode: number, reason?: ExitReason): Outcome {
  return new Outcome(result, exitCode, reason);
}
