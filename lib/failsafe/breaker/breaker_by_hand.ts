import { closeBreaker, openBreaker } from "./_move_breaker.ts";
import type { BreakerState } from "./breaker_state.ts";
import type { BreakerMoment } from "./decide_breaker.ts";
import type { BreakerStep } from "./breaker_step.ts";

/**
 * Open a breaker manually. When the time is over, it admits probes like any other open breaker.
 *
 * @param state The current state
 * @param forMs Duration in milliseconds
 * @param moment Time, rules and random number
 * @returns The new state and its transition
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { breakerRules, freshBreaker, tripBreaker } from "@civitai-dl/civitai-dl/failsafe";
 *
 * const moment = { now: 0, rules: breakerRules(), dice: 0 };
 * const { state } = tripBreaker(freshBreaker(0), 60_000, moment);
 * assertEquals([state.phase, state.until], ["open", 60_000]);
 * ```
 */
export function tripBreaker(state: BreakerState, forMs: number, moment: BreakerMoment): BreakerStep {
  const { now, rules, dice } = moment;
  const cause = { failure: "tripped", status: null, reason: "opened by hand" } as const;
  return openBreaker(state, { at: now, cause, forMs, dice }, rules);
}

/**
 * Close a breaker manually. Does nothing if it is already closed.
 *
 * @param state The current state
 * @param moment The current time
 * @returns The new state and its transition, if any
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { breakerRules, freshBreaker, resetBreaker, tripBreaker } from "@civitai-dl/civitai-dl/failsafe";
 *
 * const open = tripBreaker(freshBreaker(0), 60_000, { now: 0, rules: breakerRules(), dice: 0 }).state;
 * const { state } = resetBreaker(open, { now: 1000 });
 * assertEquals([state.phase, state.reason], ["closed", "closed by hand"]);
 * ```
 */
export function resetBreaker(state: BreakerState, moment: Pick<BreakerMoment, "now">): BreakerStep {
  return state.phase === "closed" ? { state, changes: [] } : closeBreaker(state, moment.now, "closed by hand");
}
