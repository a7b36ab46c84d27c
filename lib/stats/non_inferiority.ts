import type { Estimate } from "./estimate.ts";

/** Whether something is not worse than allowed: `proven`, `refuted`, or `open` where the interval spans the limit. */
export type NonInferiority = "proven" | "refuted" | "open";

/**
 * Decide whether a ratio, less being better, stays within a margin: `proven` if all of its interval is at most
 * `1 + margin`, `refuted` if all of it is above, `open` else.
 *
 * @param ratio New by old, such as {@linkcode hodgesLehmannRatio} gives
 * @param margin How much worse is allowed: 0.05 is five percent
 * @returns The decision
 * @throws {RangeError} If the margin is negative or not finite
 */
export function nonInferiority(ratio: Pick<Estimate, "low" | "high">, margin: number): NonInferiority {
  if (!(margin >= 0 && Number.isFinite(margin))) throw new RangeError(`Cannot allow a margin of ${margin}`);
  if (ratio.high <= 1 + margin) return "proven";
  return ratio.low > 1 + margin ? "refuted" : "open";
}
