/** The work of a monitor; {@linkcode runMonitor} and {@linkcode runMonitorOnce} only decide when to do it. */
export interface MonitorWork {
  /**
   * Collect the metrics.
   *
   * @param now Milliseconds since the epoch
   */
  collect(now: number): Promise<void>;
  /**
   * Evaluate the alert rules against the collected metrics, and notify the receivers.
   *
   * @param now Milliseconds since the epoch
   */
  evaluate(now: number): Promise<{ readonly firing: number }>;
  /**
   * Read the new lines of the log once, and report the issues in them.
   *
   * @returns The number of new lines, and the number of issues in them
   */
  readLog(
    options: { readonly signal?: AbortSignal | undefined },
  ): Promise<{ readonly lines: number; readonly issues: number }>;
  /** Run checks of `doctor`, beside the ticks; absent if nobody would be notified. */
  readonly check?: ((options: CheckOptions) => Promise<void>) | undefined;
  /** Save what a restart needs. It is called after every tick, so it should be cheap when nothing has changed. */
  save(): Promise<void>;
  /**
   * Called after each tick with its outcome.
   *
   * @param problem The error message; `null` if the tick succeeded
   */
  onTickEnd?(problem: string | null): void;
}

/** Options of `check` of {@linkcode MonitorWork}. */
export interface CheckOptions {
  /** `all` in a round, `failing` between two rounds: whether those that failed are good again. */
  readonly which: "all" | "failing";
  /** Cancels them. */
  readonly signal: AbortSignal;
}

/** A dead man's switch that the monitor pings; no method rejects. */
export interface MonitorHeartbeat {
  /** Report that the monitor has started. */
  pingStart(): Promise<unknown>;
  /** Report a successful tick. */
  pingSuccess(body?: string): Promise<unknown>;
  /** Report a failed tick; the body is its error message. */
  pingFailure(body?: string): Promise<unknown>;
  /** Report that the monitor ends with this exit status; 0 is success. */
  pingExit(status: number, body?: string): Promise<unknown>;
}

/** The two halves of a monitor: metrics and alerts, and the log. */
export type MonitorHalf = "metrics" | "log";
