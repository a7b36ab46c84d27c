import { fisherExact, mannWhitney, median, medianRatio, sprt, type SprtResult } from "../../stats/mod.ts";
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
 * Decide about a stage of a rollout. One download with wrong content aborts. Failures are judged by a sequential test,
 * which may be evaluated after each download, and throughput by a rank test against the baseline. Without enough
 * downloads the decision is to hold.
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
 * assertEquals(reason, "3 of 3 canary downloads failed: log-likelihood ratio 4.83 has reached 3.64");
 * ```
 */
export function judgeStage(arms: StageArms, rules: JudgeRules): Judgement {
  const { canary, baseline } = arms;
  const tests = { canary: testFailures(canary, rules), baseline: testFailures(baseline, rules) };
  const first = [judgeIntegrity(canary), judgeFailures(arms, tests, rules), judgeSamples(arms, rules)];
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
  const tests = { canary: testFailures(arms.canary, rules), baseline: testFailures(arms.baseline, rules) };
  const criteria = [judgeIntegrity(arms.canary), judgeFailures(arms, tests, rules)];
  return criteria.find(({ verdict }) => verdict === "fail")?.reason ?? null;
}

function testFailures(arm: ArmRecord, rules: JudgeRules): SprtResult {
  return sprt({ events: countFailures(arm), trials: countDownloads(arm) }, {
    nullRate: rules.healthyRate,
    alternativeRate: rules.failingRate,
    alpha: rules.alpha,
    beta: rules.beta,
  });
}

function judgeIntegrity({ integrity }: ArmRecord): Criterion {
  const name = "integrity";
  if (integrity === 0) return { name, verdict: "pass", reason: "no canary download had wrong content" };
  return { name, verdict: "fail", reason: `${times(integrity, "canary download")} had wrong content` };
}

type ArmTests = Readonly<Record<keyof StageArms, SprtResult>>;

function judgeFailures(arms: StageArms, tests: ArmTests, rules: JudgeRules): Criterion {
  const name = "failures";
  const { logRatio, lower, upper, decision } = tests.canary;
  const canary = countOf(arms.canary);
  const failed = `${canary.events} of ${canary.trials} canary downloads failed: log-likelihood ratio ${
    fixed(logRatio)
  }`;
  if (decision === "null") return { name, verdict: "pass", reason: `${failed} has reached ${fixed(lower)}` };
  if (decision === "open") {
    return { name, verdict: "unknown", reason: `${failed} is between ${fixed(lower)} and ${fixed(upper)}` };
  }
  // If the stable alternative fails just as often, the host is at fault, and an abort would not help.
  const baseline = countOf(arms.baseline);
  const pValue = tests.baseline.decision === "alternative" ? fisherExact(canary, baseline) : 0;
  if (pValue < rules.alpha) return { name, verdict: "fail", reason: `${failed} has reached ${fixed(upper)}` };
  const both = `${canary.events} of ${canary.trials} canary and ${baseline.events} of ${baseline.trials} baseline`;
  return { name, verdict: "unknown", reason: `both arms fail: ${both} downloads; the canary is not worse` };
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

function times(count: number, what: string): string {
  return `${count} ${what}${count === 1 ? "" : "s"}`;
}

function fixed(value: number): string {
  return value.toFixed(2);
}

function formatP(pValue: number): string {
  return pValue < 0.001 ? "< 0.001" : `= ${pValue.toFixed(3)}`;
}
