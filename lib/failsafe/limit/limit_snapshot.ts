/** How a limit is used now. */
export interface LimitSnapshot {
  /** Requests in flight; may exceed a limit that has just shrunk. */
  readonly inFlight: number;
  /** Number of callers that wait for a permit. */
  readonly waiting: number;
  /** Remaining pause in which no request starts, in milliseconds; 0 if there is none. */
  readonly pausedMs: number;
}
