import type { LimitState } from "./limit_state.ts";

/** The state with another limit: what was gathered under the old one is left out. */
export function moveLimit(state: LimitState, limit: number, nextOrder: number): LimitState {
  return { ...state, limit, changedAt: nextOrder, latencies: [], full: 0, previousMs: null, calm: 0 };
}
