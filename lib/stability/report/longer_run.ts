import type { SoakClaim } from "../../soak/mod.ts";
import { timesToDecide } from "../../stats/mod.ts";

/** How much longer a run must be, at the same rate, and the verdict that it then has. */
export interface LongerRun {
  /** The factor; `null` if not even 1000 times the length is enough. */
  readonly times: number | null;
  /** The verdict. */
  readonly verdict: "pass" | "fail";
}

/**
 * Estimate how much longer a run must be to decide about a rate that is open.
 *
 * @param claim The claim
 * @returns The factor and the verdict; `null` for any other claim
 */
export function longerRunOf(
  { unit, verdict, estimate, events, trials, requirement: { op, value } }: SoakClaim,
): LongerRun | null {
  if (unit !== "rate" || verdict !== "inconclusive" || estimate === null || events === null) return null;
  const [isMet, decides] = op === "<"
    ? [estimate < value, (low: number, high: number) => estimate < value ? high < value : low >= value]
    : [estimate > value, (low: number, high: number) => estimate > value ? low > value : high <= value];
  const found = timesToDecide({ events, trials, confidence: 0.95 }, ({ low, high }) => decides(low, high));
  return { times: found?.times ?? null, verdict: isMet ? "pass" : "fail" };
}
