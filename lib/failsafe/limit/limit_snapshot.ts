import type { LimitReason } from "./limit_decision.ts";

/** Current values of a limit, for `status`. */
export interface LimitSnapshot {
  /** Name of the host. */
  readonly host: string;
  /** Current limit of requests in flight. */
  readonly limit: number;
  /** Maximum of the limit. */
  readonly ceiling: number;
  /** Why the limit last changed, or is as it is; `null` before the first change. */
  readonly reason: LimitReason | null;
  /** When it last changed, in milliseconds since the epoch; `null` before the first change. */
  readonly changedAt: number | null;
  /** Requests in flight. */
  readonly inFlight: number;
  /** Number of callers that wait for a permit. */
  readonly waiting: number;
  /** Remaining pause in which no request starts, in milliseconds; 0 if there is none. */
  readonly pausedMs: number;
  /** The long smoothed latency in milliseconds; `null` if unknown. */
  readonly longMs: number | null;
}
