import { closeBreaker, openBreaker } from "./_move_breaker.ts";
import { PROOFS } from "../reason.ts";
import type { BreakerState } from "../state/breaker_state.ts";
import type { MoveBreakerOptions } from "./decide_breaker.ts";
import type { BreakerStep } from "../state/breaker_step.ts";

/**
 * Open a breaker manually. When the time is over, it admits probes like any other open breaker.
 *
 * @param state The current state
 * @param forMs Duration in milliseconds
 * @param options Time, rules and random number
 * @returns The new state and its transition
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { breakerRules, freshBreaker, tripBreaker } from "@civitai-dl/civitai-dl/failsafe";
 *
 * const options = { now: 0, rules: breakerRules(), dice: 0 };
 * const { state } = tripBreaker(freshBreaker(0), 60_000, options);
 * assertEquals([state.phase, state.until], ["open", 60_000]);
 * ```
 */
export function tripBreaker(state: BreakerState, forMs: number, options: MoveBreakerOptions): BreakerStep {
  const { now, rules, dice } = options;
  const { en, ja } = PROOFS.opened;
  const cause = { failure: "tripped", status: null, fault: null, reason: en, ja: { fault: null, reason: ja } } as const;
  return openBreaker(state, { at: now, cause, forMs, dice }, rules);
}

/**
 * Close a breaker manually. Does nothing if it is already closed.
 *
 * @param state The current state
 * @param options The current time
 * @returns The new state and its transition, if any
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { breakerRules, freshBreaker, resetBreaker, tripBreaker } from "@civitai-dl/civitai-dl/failsafe";
 *
 * const open = tripBreaker(freshBreaker(0), 60_000, { now: 0, rules: breakerRules(), dice: 0 }).state;
 * const { state } = resetBreaker(open, { now: 1000 });
 * assertEquals([state.phase, state.reason], ["closed", "closed manually"]);
 * ```
 */
export function resetBreaker(state: BreakerState, options: Pick<MoveBreakerOptions, "now">): BreakerStep {
  return state.phase === "closed" ? { state, changes: [] } : closeBreaker(state, options.now, PROOFS.closed);
}
