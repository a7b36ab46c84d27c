import type { LimitState } from "./limit_state.ts";

/** Result of a decision about the limit. */
export interface LimitDecision {
  /** The new state. */
  readonly state: LimitState;
  /** Why the limit changed; absent if it did not. */
  readonly reason?: LimitReason;
  /** Start no request for this time, in milliseconds; absent for no pause. */
  readonly pauseMs?: number;
}

/**
 * Why a limit changed.
 *
 * - `latency`: responses take longer than before; `refused`: the host refused a request because of overload
 * - `room`: the limit was fully used and latencies were calm; `idle`: unused for so long that measurements are outdated
 * - `measure`: halved for a round of double length, to measure the latency with less load, or restored after that
 */
export type LimitReason = "latency" | "refused" | "room" | "idle" | "measure";
