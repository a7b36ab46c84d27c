import type { LimitOutcome } from "./limit_outcome.ts";

/** A sign of one request: its response, that its bytes flow, or its end. */
export interface LimitReport {
  /** What happened. */
  readonly outcome: LimitOutcome;
  /** Number of the request, in the order of starts. */
  readonly order: number;
  /** Number that the next request will get. */
  readonly nextOrder: number;
  /** Requests in flight when it happened, including itself. */
  readonly inFlight: number;
  /** Monotonic time in milliseconds. */
  readonly nowMs: number;
}
