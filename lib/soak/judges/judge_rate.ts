import { clopperPearson } from "../../stats/mod.ts";
import type { ClaimId, ClaimRequirement, GroupClaimId, SoakClaim } from "./soak_claim.ts";

/** The counts from which a rate is judged. */
export interface RateCount {
  /** The claim about the rate. */
  readonly id: ClaimId | GroupClaimId;
  /** How often the event occurred. */
  readonly events: number;
  /** How often it could have occurred. */
  readonly trials: number;
  /** The limit of the rate: `<` for an event that must be rare, `>` for one that must be frequent. */
  readonly requirement: ClaimRequirement & { readonly op: "<" | ">" };
}

/** The confidence of the one-sided bounds. */
const CONFIDENCE = 0.95;

/**
 * Judge a rate by exact one-sided Clopper-Pearson bounds. With `<`, it passes if the upper bound is below the limit, and
 * fails if the lower bound is not. With `>`, it passes if the lower bound is above the limit, and fails if the upper
 * bound is not. Otherwise it is inconclusive.
 *
 * @param count The counts and the requirement
 * @returns The claim with its bound and verdict
 */
export function judgeRate(count: RateCount): SoakClaim {
  const { id, events, trials, requirement } = count;
  const facts = { id, unit: "rate", events, trials, requirement, note: null } as const;
  if (trials === 0) {
    return { ...facts, estimate: null, bound: null, confidence: null, verdict: "inconclusive" };
  }
  const upper = clopperPearson({ events, trials, confidence: CONFIDENCE, side: "upper" }).high;
  const lower = clopperPearson({ events, trials, confidence: CONFIDENCE, side: "lower" }).low;
  const { op, value } = requirement;
  const [isKept, isBroken] = op === "<" ? [upper < value, lower >= value] : [lower > value, upper <= value];
  return {
    ...facts,
    estimate: events / trials,
    bound: op === "<" ? upper : lower,
    confidence: CONFIDENCE,
    verdict: isKept ? "pass" : isBroken ? "fail" : "inconclusive",
  };
}
