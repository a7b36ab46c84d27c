import type { LimitRules } from "./limit_rules.ts";
import type { LimitState } from "./limit_state.ts";

/** Change the limit and discard the latencies gathered under the old one. */
export function moveLimit(state: LimitState, limit: number, nextOrder: number): LimitState {
  return {
    ...state,
    limit,
    changedAt: nextOrder,
    latencies: [],
    full: 0,
    previousMs: null,
    calm: 0,
    calmSinceMs: null,
  };
}

/** Shrink a limit that was found too high. Each time that it is found so again, it is tried again later. */
export function shrinkLimit(state: LimitState, limit: number, nextOrder: number, rules: LimitRules): LimitState {
  const { limit: from, brokenAt, shrunkFrom } = state;
  const isAgain = from === brokenAt;
  return {
    ...moveLimit(state, limit, nextOrder),
    brokenAt: from,
    shrunkFrom: Math.max(from, shrunkFrom ?? from),
    patience: isAgain ? Math.min(rules.maxPatience, state.patience * 2) : rules.patience,
    recoverMs: isAgain ? Math.min(rules.maxRecoverMs, state.recoverMs * 2) : rules.recoverMs,
  };
}
