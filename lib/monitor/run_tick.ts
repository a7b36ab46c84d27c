import type { MonitorHalf, MonitorWork } from "./monitor_work.ts";

/** Options of {@linkcode runTick}. */
export interface RunTickOptions {
  /** Milliseconds since the epoch. */
  readonly now: number;
  /** What the tick is to do; the state is saved in any case. */
  readonly halves: readonly MonitorHalf[];
  /** Cancels a long read of the log. */
  readonly signal?: AbortSignal | undefined;
}

/** The outcome of one tick. */
export interface TickOutcome {
  /** Number of firing alerts; `null` if the tick did not evaluate them, or the evaluation failed. */
  readonly firing: number | null;
  /** Log lines that were read. */
  readonly lines: number;
  /** Issues among these lines. */
  readonly issues: number;
  /** What failed; `null` if nothing did. */
  readonly failure: { readonly error: unknown } | null;
}

/**
 * Do what a monitor does in one tick: collect the metrics and evaluate the alerts, read the log, save the state.
 *
 * On a full disk, no report can be written, but the alert about it must still be sent: a failed collection fails the tick
 * after all other work. Any other failure ends the tick at once.
 */
export async function runTick(work: MonitorWork, { now, halves, signal }: RunTickOptions): Promise<TickOutcome> {
  let firing: number | null = null;
  let read = { lines: 0, issues: 0 };
  let failure: TickOutcome["failure"] = null;
  try {
    if (halves.includes("metrics")) {
      try {
        await work.collect(now);
      } catch (error) {
        failure = { error };
      }
      ({ firing } = await work.evaluate(now));
    }
    if (halves.includes("log")) read = await work.readLog({ signal });
    await work.save();
  } catch (error) {
    failure = { error };
  }
  return { firing, ...read, failure };
}
