import { KitError } from "../../base/mod.ts";

/** The signals that ask a run to stop, and the exit code of each. */
export const INTERRUPT_CODES: Readonly<Partial<Record<Deno.Signal, number>>> = {
  SIGHUP: 129,
  SIGINT: 130,
  SIGBREAK: 130,
  SIGTERM: 143,
};

/** The reason with which a run's signal aborts. */
export class Interruption extends KitError {
  /** The name that stack traces print. */
  override name = "Interruption";
  /** What asked us to stop. */
  readonly signal: Deno.Signal;

  /**
   * Make the reason.
   *
   * @param signal What asked us to stop
   * @param commandLine What the user typed, for a hint
   */
  constructor(signal: Deno.Signal, commandLine?: string) {
    const hint = commandLine === undefined ? {} : { hint: `Run again with: ${commandLine}` };
    super("interrupted", `Stopped before the end: received ${signal}`, hint);
    this.signal = signal;
  }

  /** 128 and the number of the signal. */
  override get exitCode(): number {
    return INTERRUPT_CODES[this.signal] ?? super.exitCode;
  }
}
