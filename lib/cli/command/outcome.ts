/** A result with an explicit exit code, such as the report of a gate that did not pass. */
export class Outcome {
  /** The result to print. */
  readonly result: unknown;
  /** The exit code; `undefined` means 0, or the code of the interruption if the run was interrupted. */
  readonly exitCode: number | undefined;

  /**
   * Combine a result with an exit code.
   *
   * @param result The result to print
   * @param exitCode The exit code, or `undefined` for the default
   */
  constructor(result: unknown, exitCode: number | undefined) {
    this.result = result;
    this.exitCode = exitCode;
  }
}

/**
 * Create a return value for a command's `run` that also sets the exit code.
 *
 * @param result The result to print
 * @param exitCode The exit code; overrides that of an interruption, so that a server can exit with 0 after Ctrl-C
 * @returns The outcome to return from `run`
 */
export function withExit(result: unknown, exitCode: number): Outcome {
  return new Outcome(result, exitCode);
}
