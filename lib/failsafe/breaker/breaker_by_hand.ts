import { closeBreaker, openBreaker } from "./_move_breaker.ts";
import type { BreakerState } from "./breaker_state.ts";
import type { BreakerMoment, BreakerStep } from "./decide_breaker.ts";

/**
 * Open a breaker by hand; when the time is over it is tried like any other.
 *
 * @param state What is remembered
 * @param forMs For how long, in milliseconds
 * @param moment Time, rules, dice
 * @returns The state from now on
 */
export function tripBreaker(state: BreakerState, forMs: number, moment: BreakerMoment): BreakerStep {
  const { now, rules, dice } = moment;
  const cause = { failure: "tripped", status: null, reason: "opened by hand" } as const;
  return openBreaker(state, { at: now, cause, forMs, dice }, rules);
}

/**
 * Close a breaker by hand.
 *
 * @param state What is remembered
 * @param moment Time
 * @returns The state from now on
 */
export function resetBreaker(state: BreakerState, moment: Pick<BreakerMoment, "now">): BreakerStep {
  return state.phase === "closed" ? { state, changes: [] } : closeBreaker(state, moment.now, "closed by hand");
}
