import { formatCount } from "../../base/mod.ts";
import { mannWhitney, median, medianRatio, sprt, sprtComparison, type SprtResult } from "../../stats/mod.ts";
import { type ArmRecord, countDownloads, countFailures, MAX_RATES } from "./arm_record.ts";
import type { JudgeRules } from "./judge_rules.ts";
import type { ArmFigures, Criterion, Judgement } from "./judgement.ts";

/** The measured arms of a stage. */
export interface StageArms {
  /** Downloads that got what is rolled out. */
  readonly canary: ArmRecord;
  /** As many downloads at the same time that got the stable alternative. */
  readonly baseline: ArmRecord;
}

/**
 * Decide about a stage of a rollout. One download with wrong content aborts. Failures are judged by two
 * sequential tests, of the canary's rate and against the baseline, which may be evaluated after each download; the
 * throughput is judged by a rank test against the baseline. Without enough downloads the decision is to hold.
 *
 * @param arms Downloads of the stage so far
 * @param rules Thresholds
 * @returns The decision, in words and figures
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { DEFAULT_RULES, EMPTY_ARM, judgeStage } from "@civitai-dl/civitai-dl/rollout";
 *
 * const canary = { ...EMPTY_ARM, errors: 3 };
 * const { verdict, reason } = judgeStage({ canary, baseline: EMPTY_ARM }, DEFAULT_RULES);
 * assertEquals(verdict, "abort");
 * assertEquals(reason, "3 of 3 canary downloads failed: log-likelihood ratio 9.52 has reached 3.17");
 * ```
 */
export function judgeStage(arms: StageArms, rules: JudgeRules): Judgement {
  const { canary, baseline } = arms;
  const tests = { canary: testFailures(canary, rules), baseline: testFailures(baseline, rules) };
  const first = [judgeIntegrity(canary), judgeFailures(arms, tests.canary, rules), judgeSamples(arms, rules)];
  // The rank test is made when the rest is decided: it takes milliseconds, and each look may see a chance difference.
  const isDue = first.every(({ verdict }) => verdict === "pass");
  const throughput = isDue ? compareThroughput(arms, rules) : null;
  const criteria = [...first, isDue ? judgeThroughput(throughput, arms, rules) : LATER];
  const { lower, upper } = tests.canary;
  return {
    ...conclude(criteria),
    criteria,
    canary: figuresOf(canary, tests.canary),
    baseline: figuresOf(baseline, tests.baseline),
    bounds: { lower, upper },
    throughput,
  };
}

/**
 * Return why a stage must be aborted now; `null` if it need not be. It is the part of {@linkcode judgeStage} that is
 * evaluated after each download, whatever the step, and takes microseconds.
 */
export function findAbortReason(arms: StageArms, rules: JudgeRules): string | null {
  const criteria = [judgeIntegrity(arms.canary), judgeFailures(arms, testFailures(arms.canary, rules), rules)];
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
  const { logRatio, lower, upper, decision } = canaryTest;
  const canary = countOf(arms.canary);
  const baseline = countOf(arms.baseline);
  const failed = `${canary.events} of ${canary.trials} canary downloads failed`;
  const figures = `${failed}: log-likelihood ratio ${fixed(logRatio)}`;
  if (decision === "null") return { name, verdict: "pass", reason: `${figures} has reached ${fixed(lower)}` };
  if (decision === "open") {
    return { name, verdict: "unknown", reason: `${figures} is between ${fixed(lower)} and ${fixed(upper)}` };
  }
  const comparison = compareFailures(arms, rules);
  const others = `${baseline.events} of ${baseline.trials} of the baseline`;
  if (comparison.logRatio < comparison.needed) {
    const state = `log-likelihood ratio ${fixed(comparison.logRatio)}, needed ${fixed(comparison.needed)}`;
    return { name, verdict: "unknown", reason: `${failed}, not clearly more often than ${others}: ${state}` };
  }
  const more = comparison.isComparable ? `, and ${fixed(comparison.logRatio)} against ${others}` : "";
  return { name, verdict: "fail", reason: `${figures} has reached ${fixed(upper)}${more}` };
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

/** Compare the rates of both arms as soon as both have enough of them. */
function compareThroughput({ canary, baseline }: StageArms, rules: JudgeRules): Judgement["throughput"] {
  const needed = neededRates(rules);
  if (canary.rates.length < needed || baseline.rates.length < needed) return null;
  return {
    ratio: medianRatio(canary.rates, baseline.rates),
    pValue: mannWhitney(canary.rates, baseline.rates).pValue,
  };
}

const LATER: Criterion = {
  name: "throughput",
  verdict: "unknown",
  reason: "the throughput is compared when the other criteria are met",
};

function judgeThroughput(throughput: Judgement["throughput"], arms: StageArms, rules: JudgeRules): Criterion {
  const name = "throughput";
  if (throughput === null) {
    const measured = Math.min(arms.canary.rates.length, arms.baseline.rates.length);
    return {
      name,
      verdict: "unknown",
      reason: `the throughput of ${measured}/${neededRates(rules)} downloads is known`,
    };
  }
  const { ratio, pValue } = throughput;
  const limit = 1 - rules.maxDrop;
  const figures = `throughput is ${ratio.toFixed(2)} of the baseline's`;
  if (ratio > limit) return { name, verdict: "pass", reason: figures };
  const below = `${figures}, not above ${limit.toFixed(2)}`;
  if (pValue < rules.throughputAlpha) return { name, verdict: "fail", reason: `${below} (p ${formatP(pValue)})` };
  return { name, verdict: "unknown", reason: `${below}, which may be chance (p ${formatP(pValue)})` };
}

function neededRates({ minSamples }: JudgeRules): number {
  return Math.min(minSamples, MAX_RATES);
}

function conclude(criteria: readonly Criterion[]): Pick<Judgement, "verdict" | "reason"> {
  const failed = criteria.find(({ verdict }) => verdict === "fail");
  if (failed !== undefined) return { verdict: "abort", reason: failed.reason };
  const reasonOf = (name: string) => criteria.find((criterion) => criterion.name === name)!.reason;
  // The number of samples comes first: the other criteria cannot be met without them.
  const open = criteria.find(({ name, verdict }) => name === "samples" && verdict === "unknown") ??
    criteria.find(({ verdict }) => verdict === "unknown");
  if (open !== undefined) return { verdict: "hold", reason: `inconclusive: ${open.reason}` };
  return { verdict: "advance", reason: `${reasonOf("failures")}; ${reasonOf("throughput")}` };
}

function figuresOf(arm: ArmRecord, { logRatio }: SprtResult): ArmFigures {
  const { ok, errors, timeouts, integrity, rates } = arm;
  const bytesPerSecond = rates.length === 0 ? null : Math.round(median(rates));
  return { n: countDownloads(arm), ok, errors, timeouts, integrity, logRatio, bytesPerSecond };
}

function countOf(arm: ArmRecord): { readonly events: number; readonly trials: number } {
  return { events: countFailures(arm), trials: countDownloads(arm) };
}

function fixed(value: number): string {
  return value.toFixed(2);
}

function formatP(pValue: number): string {
  return pValue < 0.001 ? "< 0.001" : `= ${pValue.toFixed(3)}`;
}
