import type { LimitReason } from "./limit_decision.ts";

/** One change of a limit. */
export interface LimitChange {
  /** Name of the host. */
  readonly host: string;
  /** The limit before the change. */
  readonly from: number;
  /** The limit after the change. */
  readonly to: number;
  /** Why it changed. */
  readonly reason: LimitReason;
  /** Requests in flight; may exceed a limit that has just shrunk. */
  readonly inFlight: number;
  /** Number of callers that wait for a permit. */
  readonly waiting: number;
  /** The long smoothed latency in milliseconds; `null` if unknown. */
  readonly longMs: number | null;
}
