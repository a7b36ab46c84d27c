/** A result that ends with an exit code of its own, such as a gate that did not pass. */
export class Outcome {
  /** What to print. */
  readonly result: unknown;
  /** How to end; `undefined` leaves it to the frame. */
  readonly exitCode: number | undefined;

  /**
   * Tie a result to an exit code.
   *
   * @param result What to print
   * @param exitCode How to end
   */
  constructor(result: unknown, exitCode: number | undefined) {
    this.result = result;
    this.exitCode = exitCode;
  }
}

/**
 * Return a result and an exit code from a command's `run`.
 *
 * @param result What to print
 * @param exitCode How to end; wins over the code of an interruption, so that a server may end well by Ctrl-C
 * @returns The outcome
 */
export function withExit(result: unknown, exitCode: number): Outcome {
  return new Outcome(result, exitCode);
}
