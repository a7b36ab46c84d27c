/** What a monitor does; the loop around it knows nothing else. */
export interface MonitorParts {
  /**
   * Measure.
   *
   * @param now Milliseconds since the epoch
   */
  collect(now: number): Promise<void>;
  /**
   * Hold the rules against what was measured, and tell the receivers.
   *
   * @param now Milliseconds since the epoch
   * @returns How many alerts fire
   */
  evaluate(now: number): Promise<{ readonly firing: number }>;
  /**
   * Look at the log once, and hand trouble on.
   *
   * @param options The signal that ends a long look
   * @returns Lines that were new, and issues among them
   */
  follow(
    options: { readonly signal?: AbortSignal | undefined },
  ): Promise<{ readonly lines: number; readonly issues: number }>;
  /** Keep what a restart needs; cheap when nothing has changed. */
  save(): Promise<void>;
  /**
   * Told how a tick ended.
   *
   * @param problem Why it failed; `null` when it went well
   */
  ended?(problem: string | null): void;
}

/** A dead man's switch that hears from the monitor; no method rejects. */
export interface MonitorHeartbeat {
  /** The monitor begins. */
  start(): Promise<unknown>;
  /** A tick went well. */
  success(body?: string): Promise<unknown>;
  /** A tick failed. */
  fail(body?: string): Promise<unknown>;
  /** The monitor ends with this status; 0 is a success. */
  exit(status: number, body?: string): Promise<unknown>;
}

/** The two halves of a monitor: metrics and alerts, and the log. */
export type MonitorHalf = "metrics" | "log";
