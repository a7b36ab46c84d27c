import { INTERRUPT_CODES, KitError } from "../../base/mod.ts";

/**
 * Return the signals that ask a run to stop.
 *
 * On Windows, SIGHUP is the closed console window. Windows ends the process some seconds later in any case, and a part
 * that is not saved by then is continued like that of a killed run.
 *
 * @returns Names of signals that this system can deliver
 */
export function stopSignals(os: typeof Deno.build.os): readonly Deno.Signal[] {
  return os === "windows" ? ["SIGINT", "SIGBREAK", "SIGHUP"] : ["SIGINT", "SIGTERM", "SIGHUP"];
}

/** The abort reason of a run that was stopped by a signal. */
export class Interruption extends KitError {
  /** The name that stack traces print. */
  override name = "Interruption";
  /** The received signal. */
  readonly signal: Deno.Signal;

  /**
   * Create the reason.
   *
   * @param hint How to go on, if that is known
   */
  constructor(signal: Deno.Signal, hint?: string) {
    super("interrupted", `Stopped before completion: received ${signal}`, hint === undefined ? {} : { hint });
    this.signal = signal;
  }

  /** 128 plus the signal's number, as shells report it; SIGBREAK of Windows counts as SIGINT. */
  override get exitCode(): number {
    return INTERRUPT_CODES[this.signal] ?? super.exitCode;
  }
}
