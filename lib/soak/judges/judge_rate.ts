import { clopperPearson } from "../../stats/mod.ts";
import type { ClaimId, ClaimRequirement, SoakClaim } from "./soak_claim.ts";

/** A count that a rate is judged by. */
export interface RateCount {
  /** What is claimed. */
  readonly id: ClaimId;
  /** What was counted. */
  readonly events: number;
  /** Of how many. */
  readonly trials: number;
  /** `<` for what must be rare, `>` for what must be frequent. */
  readonly requirement: ClaimRequirement & { readonly op: "<" | ">" };
}

/** One-sided. */
const CONFIDENCE = 0.95;

/**
 * Judge a rate by Clopper and Pearson's exact one-sided bound: it passes only if the bound keeps the requirement, and
 * fails only if the bound of the other side breaks it. Everything between is not enough to say.
 *
 * @param count What was counted
 * @returns The claim
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
