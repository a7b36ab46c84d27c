import type { Estimate } from "./estimate.ts";

/** Whether a candidate is not worse than allowed: `proven`, `refuted`, or `open` if the interval contains the limit. */
export type NonInferiority = "proven" | "refuted" | "open";

/**
 * Decide whether a ratio (less is better) stays within a margin. The result is `proven` if the whole interval is at
 * most `1 + margin`, `refuted` if the whole interval is above that, and `open` otherwise.
 *
 * @param ratio The new value divided by the old one, for example from {@linkcode hodgesLehmannRatio}
 * @param margin Allowed increase as a fraction: 0.05 is 5%
 * @returns The decision
 * @throws {RangeError} If the margin is negative or not finite
 */
export function nonInferiority(ratio: Pick<Estimate, "low" | "high">, margin: number): NonInferiority {
  if (!(margin >= 0 && Number.isFinite(margin))) throw new RangeError(`Cannot allow a margin of ${margin}`);
  if (ratio.high <= 1 + margin) return "proven";
  return ratio.low > 1 + margin ? "refuted" : "open";
}
