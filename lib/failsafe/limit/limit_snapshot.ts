/** What `status` shows of a limit. */
export interface LimitSnapshot {
  /** The host. */
  readonly host: string;
  /** How much may be in flight. */
  readonly limit: number;
  /** The greatest that the limit may become. */
  readonly ceiling: number;
  /** What is in flight. */
  readonly inFlight: number;
  /** Who waits. */
  readonly waiting: number;
  /** How long nothing more is started, in milliseconds; 0 for no pause. */
  readonly pausedMs: number;
  /** The long smoothed latency, if known. */
  readonly longMs: number | null;
}
