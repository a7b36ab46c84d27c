import type { LimitState } from "./limit_state.ts";

/** Result of a decision about the limit. */
export interface LimitDecision {
  /** The new state. */
  readonly state: LimitState;
  /** Why the limit changed; absent if it did not. */
  readonly reason?: LimitReason;
  /** Time during which no request may start, in milliseconds; absent if there is no pause. */
  readonly pauseMs?: number;
}

/**
 * Why a limit changed.
 *
 * - `latency`: responses took longer than before; `refused`: the host refused a request because of overload
 * - `room`: the limit was mostly used and latencies did not rise; `recovered`: it had shrunk, and bytes have flowed
 *   without a refusal for long enough; `idle`: the limit was unused for so long that its
 *   measurements are outdated
 * - `measure`: the limit was halved for a round of double length, to measure the latency under less load, or restored
 *   after that
 */
export type LimitReason = "latency" | "refused" | "room" | "recovered" | "idle" | "measure";
