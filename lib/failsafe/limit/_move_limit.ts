import type { LimitState } from "./limit_state.ts";

/** Change the limit and discard the latencies gathered under the old one. */
export function moveLimit(state: LimitState, limit: number, nextOrder: number): LimitState {
  return { ...state, limit, changedAt: nextOrder, latencies: [], full: 0, previousMs: null, calm: 0 };
}
