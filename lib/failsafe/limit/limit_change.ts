import type { LimitReason } from "./decide_limit.ts";

/** One change of a limit. */
export interface LimitChange {
  /** The host. */
  readonly host: string;
  /** The limit before. */
  readonly from: number;
  /** The limit now. */
  readonly to: number;
  /** What moved it. */
  readonly reason: LimitReason;
  /** What is in flight; more than the limit when it has just shrunk. */
  readonly inFlight: number;
  /** Who waits. */
  readonly waiting: number;
  /** The long smoothed latency, if known. */
  readonly longMs: number | null;
}
