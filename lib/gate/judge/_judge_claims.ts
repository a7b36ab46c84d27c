import { holm, ratioTests } from "../../stats/mod.ts";
import type { Claim } from "../evidence/claim.ts";
import { type ClaimJudgement, judgeClaim, type JudgeClaimOptions, type RatioEvidence } from "./_judge_claim.ts";

/**
 * Judge all claims of a report that a condition selects. By `ratios`, they are one family: the more there are, the surer
 * each must be, so that the probability of a wrong verdict on any of them is that of one test (Holm).
 *
 * @param claims The claims
 * @param options The method and the requirement
 * @returns A judgment for each claim, in the same order
 */
export function judgeClaims(
  claims: readonly Claim[],
  options: Omit<JudgeClaimOptions, "ratio">,
): readonly ClaimJudgement[] {
  const ratios = options.judge === "ratios" ? testTogether(claims, options.require?.limit ?? NaN) : new Map();
  return claims.map((claim) => judgeClaim(claim, { ...options, ratio: ratios.get(claim) ?? null }));
}

/** Test all claims that have samples against the limit, and adjust the p-values of each side of it. */
function testTogether(claims: readonly Claim[], limit: number): ReadonlyMap<Claim, RatioEvidence> {
  const tested = claims.flatMap((claim) => claim.samples === null ? [] : [{ claim, samples: claim.samples }]);
  const tests = tested.map(({ samples }) => ratioTests(samples.values, samples.base, limit));
  const below = holm(tests.map(({ pBelow }) => pBelow));
  const above = holm(tests.map(({ pAbove }) => pAbove));
  return new Map(tested.map(({ claim, samples }, index) => [claim, {
    pBelow: below[index]!,
    pAbove: above[index]!,
    family: tested.length,
    floor: samples.floor,
  }]));
}
