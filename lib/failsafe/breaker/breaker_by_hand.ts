import { closeBreaker, openBreaker } from "./_move_breaker.ts";
import { PROOFS } from "../reason.ts";
import type { BreakerRecord } from "../state/breaker_record.ts";
import type { MoveBreakerOptions } from "./decide_breaker.ts";
import type { BreakerStep } from "../state/breaker_step.ts";

/**
 * Open a breaker manually. When the time is over, it admits probes like any other open breaker.
 *
 * @param record The current record
 * @param forMs Duration in milliseconds
 * @param options Time, rules and random number
 * @returns The new record and its transition
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { breakerRules, freshBreaker, tripBreaker } from "@civitai-dl/civitai-dl/failsafe";
 *
 * const options = { now: 0, rules: breakerRules(), dice: 0 };
 * const { record } = tripBreaker(freshBreaker(0), 60_000, options);
 * assertEquals([record.state, record.until], ["open", 60_000]);
 * ```
 */
export function tripBreaker(record: BreakerRecord, forMs: number, options: MoveBreakerOptions): BreakerStep {
  const { now, rules, dice } = options;
  const { en, ja } = PROOFS.opened;
  const cause = { failure: "tripped", status: null, fault: null, reason: en, ja: { fault: null, reason: ja } } as const;
  return openBreaker(record, { at: now, cause, forMs, dice }, rules);
}

/**
 * Close a breaker manually. Does nothing if it is already closed.
 *
 * @param record The current record
 * @param options The current time
 * @returns The new record and its transition, if any
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { breakerRules, freshBreaker, resetBreaker, tripBreaker } from "@civitai-dl/civitai-dl/failsafe";
 *
 * const open = tripBreaker(freshBreaker(0), 60_000, { now: 0, rules: breakerRules(), dice: 0 }).record;
 * const { record } = resetBreaker(open, { now: 1000 });
 * assertEquals([record.state, record.reason], ["closed", "closed manually"]);
 * ```
 */
export function resetBreaker(record: BreakerRecord, options: Pick<MoveBreakerOptions, "now">): BreakerStep {
  return record.state === "closed" ? { record, changes: [] } : closeBreaker(record, options.now, PROOFS.closed);
}
