import type { Estimate } from "../../stats/mod.ts";

/** Whether a limit is kept. */
export interface LimitVerdict {
  /** Whether the estimate keeps it. */
  readonly isMet: boolean;
  /** Whether the whole interval is on the same side of it. */
  readonly isCertain: boolean;
}

/**
 * Hold an estimate against a limit.
 *
 * @param estimate What was measured
 * @param direction Whether it is to be at most or at least the limit
 * @param limit The limit; exactly that keeps it
 * @returns The verdict
 */
export function judgeLimit(estimate: Estimate, direction: "at most" | "at least", limit: number): LimitVerdict {
  const keeps = (value: number) => direction === "at most" ? value <= limit : value >= limit;
  const isMet = keeps(estimate.value);
  return { isMet, isCertain: keeps(estimate.low) === isMet && keeps(estimate.high) === isMet };
}
