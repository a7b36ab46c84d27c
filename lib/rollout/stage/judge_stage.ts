import { formatCount } from "../../base/mod.ts";
import { median, sprt, sprtComparison, type SprtResult } from "../../stats/mod.ts";
import { type ArmRecord, countDownloads, countFailures, EMPTY_ARM } from "./arm_record.ts";
import type { JudgeRules } from "./judge_rules.ts";
import type { ArmFigures, Criterion, Judgement } from "./judgement.ts";
import { EMPTY_SPEED, type SpeedRecord } from "./speed_record.ts";

/** What was measured in a stage. */
export interface StageArms {
  /** Downloads that got what is rolled out. */
  readonly canary: ArmRecord;
  /** As many downloads at the same time that got the stable alternative. */
  readonly baseline: ArmRecord;
  /** Comparisons of the speed of both. */
  readonly speed: SpeedRecord;
}

/** A stage without downloads. */
export const EMPTY_ARMS: StageArms = { canary: EMPTY_ARM, baseline: EMPTY_ARM, speed: EMPTY_SPEED };

/**
 * Decide about a stage of a rollout. One download with wrong content aborts. Failures are judged by two
 * sequential tests, of the canary's rate and against the baseline, the speed by a third one of how often the canary is
 * slower; all of them may be evaluated after each download. Without enough downloads the decision is to hold.
 *
 * @param arms What was measured in the stage so far
 * @param rules Thresholds
 * @returns The decision, in words and figures
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { DEFAULT_RULES, EMPTY_ARMS, judgeStage } from "@civitai-dl/civitai-dl/rollout";
 *
 * const canary = { ...EMPTY_ARMS.canary, errors: 3 };
 * const { verdict, reason } = judgeStage({ ...EMPTY_ARMS, canary }, DEFAULT_RULES);
 * assertEquals(verdict, "abort");
 * assertEquals(reason, "3 of 3 canary downloads failed: too many for a healthy engine");
 * ```
 */
export function judgeStage(arms: StageArms, rules: JudgeRules): Judgement {
  const { canary, baseline, speed } = arms;
  const tests = { canary: testFailures(canary, rules), baseline: testFailures(baseline, rules) };
  const speedTest = testSpeed(speed, rules);
  const criteria = [
    judgeIntegrity(canary),
    judgeFailures(arms, tests.canary, rules),
    judgeSamples(arms, rules),
    judgeSpeed(speed, speedTest, rules),
  ];
  return {
    ...conclude(criteria),
    criteria,
    canary: figuresOf(canary, tests.canary),
    baseline: figuresOf(baseline, tests.baseline),
    bounds: { lower: tests.canary.lower, upper: tests.canary.upper },
    speed: {
      comparisons: speed.comparisons,
      slow: speed.slow,
      ratio: speed.ratios.length === 0 ? null : median(speed.ratios),
      logRatio: speedTest.logRatio,
      bounds: { lower: speedTest.lower, upper: speedTest.upper },
    },
  };
}

/**
 * Return why a stage must be aborted now; `null` if it need not be. {@linkcode judgeStage} decides for an abort exactly
 * if this does, whatever the step, and this takes microseconds.
 */
export function findAbortReason(arms: StageArms, rules: JudgeRules): string | null {
  const { canary, speed } = arms;
  const criteria = [
    judgeIntegrity(canary),
    judgeFailures(arms, testFailures(canary, rules), rules),
    judgeSpeed(speed, testSpeed(speed, rules), rules),
  ];
  return criteria.find(({ verdict }) => verdict === "fail")?.reason ?? null;
}

function testFailures(arm: ArmRecord, rules: JudgeRules): SprtResult {
  return sprt({ events: countFailures(arm), trials: countDownloads(arm) }, {
    nullRate: rules.healthyRate,
    alternativeRates: alternativesOf(rules),
    alpha: rules.alpha,
    beta: rules.beta,
  });
}

/**
 * A rate that nobody needs many downloads to see. Tested together with the failing rate, it makes two failures among the
 * first eleven downloads enough.
 */
const GROSS_RATE = 0.3;

/** Return the rates that must be detected. */
function alternativesOf({ failingRate }: JudgeRules): readonly number[] {
  return failingRate < GROSS_RATE ? [failingRate, GROSS_RATE] : [failingRate];
}

function judgeIntegrity({ integrity }: ArmRecord): Criterion {
  const name = "integrity";
  if (integrity === 0) return { name, verdict: "pass", reason: "no canary download had wrong content" };
  return { name, verdict: "fail", reason: `${formatCount(integrity, "canary download")} had wrong content` };
}

/**
 * Judge the failures of the canary. The test of its rate decides whether it is healthy. If it is not, the comparison
 * decides whether to abort: a host or a network that fails hits the baseline alike, and an abort would not help.
 */
function judgeFailures(arms: StageArms, canaryTest: SprtResult, rules: JudgeRules): Criterion {
  const name = "failures";
  const { decision } = canaryTest;
  const canary = countOf(arms.canary);
  const baseline = countOf(arms.baseline);
  const failed = `${canary.events} of ${canary.trials} canary downloads failed`;
  if (decision === "null") return { name, verdict: "pass", reason: `${failed}: as few as of a healthy engine` };
  if (decision === "open") {
    return {
      name,
      verdict: "unknown",
      reason: `${failed}: too few downloads to tell a healthy engine from a failing one`,
    };
  }
  const comparison = compareFailures(arms, rules);
  const others = `${baseline.events} of ${baseline.trials} of the baseline`;
  if (comparison.logRatio < comparison.needed) {
    return {
      name,
      verdict: "unknown",
      reason: `${failed}, not clearly more often than ${others}: a host that fails both says nothing about the engine`,
    };
  }
  const more = comparison.isComparable ? `, and clearly more than ${others}` : "";
  return { name, verdict: "fail", reason: `${failed}: too many for a healthy engine${more}` };
}

/**
 * Part of `alpha` that the comparison may use. Each failure of a host hits one of both arms, so without this, more than
 * 5 % of the rollouts whose both arms fail 2 % would be aborted.
 */
const COMPARISON_PART = 0.2;

/** Comparison of the failures of both arms. */
interface FailureComparison {
  readonly logRatio: number;
  /** Value of `logRatio` from which the canary counts as worse. */
  readonly needed: number;
  /** Whether both arms have enough downloads for the full bound. */
  readonly isComparable: boolean;
}

/**
 * Compare the failures of the arms. With fewer downloads than make one failure likely at the failing rate, nobody can
 * tell the arms apart: two failures of the canary at the start must abort, so it is then enough that the baseline has
 * two failures less, or that the comparison points to the canary. The same applies if the baseline has next to no
 * downloads.
 */
function compareFailures({ canary, baseline }: StageArms, rules: JudgeRules): FailureComparison {
  const { healthyRate, failingRate, alpha, beta } = rules;
  const { logRatio, upper } = sprtComparison(countOf(canary), countOf(baseline), {
    ratios: alternativesOf(rules).map((rate) => rate / healthyRate),
    alpha: alpha * COMPARISON_PART,
    beta,
  });
  const expectedFailures = countDownloads(canary) * failingRate;
  const isComparable = expectedFailures >= 1 && countDownloads(baseline) >= expectedFailures;
  const early = countFailures(canary) - countFailures(baseline) >= 2 ? -Infinity : 0;
  return { logRatio, needed: isComparable ? upper : early, isComparable };
}

function judgeSamples({ canary, baseline }: StageArms, { minSamples }: JudgeRules): Criterion {
  const counts = [countDownloads(canary), countDownloads(baseline)];
  const least = Math.min(...counts);
  const reason = `${least}/${minSamples} samples (canary ${counts[0]}, baseline ${counts[1]})`;
  return { name: "samples", verdict: least >= minSamples ? "pass" : "unknown", reason };
}

/**
 * How often a comparison finds the canary slower by more than the plan allows, if both engines are equally fast, at
 * most; and how often if it takes half as much time again, at least. The recorded runs of
 * `tests/acceptance/nights/canaries.ts` measure both.
 */
const SLOW_COMPARISONS = { healthy: 0.3, slow: 0.6 } as const;
/**
 * With fewer comparisons the speed says nothing, and the rollout does not wait for it: most files are too small, or
 * those of both engines are never under way at the same time.
 */
const MIN_COMPARISONS = 6;

function testSpeed({ comparisons, slow }: SpeedRecord, { speedAlpha, beta }: JudgeRules): SprtResult {
  return sprt({ events: slow, trials: comparisons }, {
    nullRate: SLOW_COMPARISONS.healthy,
    alternativeRates: [SLOW_COMPARISONS.slow],
    alpha: speedAlpha,
    beta,
  });
}

function judgeSpeed(speed: SpeedRecord, { decision }: SprtResult, { maxDrop }: JudgeRules): Criterion {
  const name = "speed";
  const { comparisons, slow } = speed;
  if (comparisons === 0) return { name, verdict: "pass", reason: "the speed was not compared" };
  const drop = `${+(100 * maxDrop).toFixed(1)} %`;
  const figures = `the canary was slower by more than ${drop} in ${slow} of ${formatCount(comparisons, "comparison")}`;
  if (decision === "alternative") return { name, verdict: "fail", reason: `${figures}: too often for chance` };
  if (decision === "null") return { name, verdict: "pass", reason: figures };
  if (comparisons < MIN_COMPARISONS) {
    return { name, verdict: "pass", reason: `${figures}: too few to judge the speed` };
  }
  return { name, verdict: "unknown", reason: `${figures}: it may be chance` };
}

function conclude(criteria: readonly Criterion[]): Pick<Judgement, "verdict" | "reason"> {
  const failed = criteria.find(({ verdict }) => verdict === "fail");
  if (failed !== undefined) return { verdict: "abort", reason: failed.reason };
  const reasonOf = (name: string) => criteria.find((criterion) => criterion.name === name)!.reason;
  // The number of samples comes first: the other criteria cannot be met without them.
  const open = criteria.find(({ name, verdict }) => name === "samples" && verdict === "unknown") ??
    criteria.find(({ verdict }) => verdict === "unknown");
  if (open !== undefined) return { verdict: "hold", reason: `inconclusive: ${open.reason}` };
  return { verdict: "advance", reason: `${reasonOf("failures")}; ${reasonOf("speed")}` };
}

function figuresOf(arm: ArmRecord, { logRatio }: SprtResult): ArmFigures {
  const { ok, errors, timeouts, integrity } = arm;
  return { n: countDownloads(arm), ok, errors, timeouts, integrity, logRatio };
}

function countOf(arm: ArmRecord): { readonly events: number; readonly trials: number } {
  return { events: countFailures(arm), trials: countDownloads(arm) };
}
