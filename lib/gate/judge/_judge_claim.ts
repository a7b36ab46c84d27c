import { formatCount, formatShare } from "../../base/mod.ts";
import { clopperPearson, normalQuantile, samplesToDecide, timesToDecide } from "../../stats/mod.ts";
import type { Claim } from "../evidence/claim.ts";
import { formatAmount } from "./_format_amount.ts";
import { decimalsOf, formatBeside } from "./_format_beside.ts";
import { explainFewTrials, formatTrials } from "./_format_trials.ts";
import type { ClaimJudge } from "../config/gate_config.ts";
import type { GateVerdict } from "./gate_report.ts";
import { meets, type Requirement } from "../config/requirement.ts";

/** The result of judging one claim. */
export interface ClaimJudgement {
  /** Whether the claim meets the requirement. */
  readonly verdict: GateVerdict;
  /** The point estimate or the exact number; `null` if the claim has none. */
  readonly estimate: number | null;
  /** The bound that decided; `null` if none did. */
  readonly bound: number | null;
  /** Number of trials, runs or samples; `null` if the report does not give it. */
  readonly count: number | null;
  /** Estimate, bound and count, as text; empty if there are none. */
  readonly measured: string;
  /** Reason for the verdict, if the numbers do not show it; otherwise empty. */
  readonly reason: string;
  /** How many times as long a run must be for a verdict, if everything stays as it is; absent if that is not known. */
  readonly times?: number | undefined;
  /** How many runs of a side decide; absent if that is not known. */
  readonly runs?: number | undefined;
}

/** How to judge a claim, and by which requirement. */
export interface JudgeClaimOptions {
  /** Method of judging; `verdict` and `run` accept the report's own verdict. */
  readonly judge: ClaimJudge;
  /** The requirement; not `null` for `rate`, `interval`, `ratios` and `count`. */
  readonly require: Requirement | null;
  /**
   * Required confidence of a bound, between 0.5 and 1.
   *
   * @default {0.95}
   */
  readonly confidence?: number | undefined;
  /**
   * Required number of trials. With fewer, a claim cannot pass; by `interval` and `ratios`, whose number of runs is fixed
   * beforehand, it cannot fail either.
   *
   * @default {1}
   */
  readonly minCount?: number | undefined;
  /**
   * What the trials are, in the plural, unless the claim says so itself.
   *
   * @default {""}
   */
  readonly counted?: string | undefined;
  /** For `ratios`: what the samples show; `null` or absent if the claim has none. */
  readonly ratio?: RatioEvidence | null | undefined;
}

/** What the samples of a claim show about its ratio, together with those of all other claims. */
export interface RatioEvidence {
  /** A small one shows that the ratio is below the limit; one-sided, adjusted for the family. */
  readonly pBelow: number;
  /** A small one shows that the ratio is above the limit; one-sided, adjusted for the family. */
  readonly pAbove: number;
  /** Number of claims that were tested together. */
  readonly family: number;
  /** How much runs of equal code differ, as a fraction; `null` if that is unknown. */
  readonly floor: number | null;
}

/**
 * Judge one claim by a requirement. For rates, exact one-sided bounds are computed from the counts, regardless of the
 * bound in the report. A claim passes if its whole interval meets the requirement, and fails if no part of it does. No
 * number makes a claim better than its own report says, which may know that a run proves nothing.
 *
 * @param claim The claim
 * @param options The method and the requirement
 * @returns The judgment; `not evaluated` if the claim lacks the numbers that the method needs
 */
export function judgeClaim(claim: Claim, options: JudgeClaimOptions): ClaimJudgement {
  const judged = heedOwnVerdict(judge(claim, options), claim, options.judge);
  if (judged.verdict === "pass" || claim.note === "") return judged;
  return { ...judged, reason: judged.reason === "" ? claim.note : `${judged.reason}: ${claim.note}` };
}

/** Take over the report's own verdict if the numbers pass and the report does not. */
function heedOwnVerdict(judged: ClaimJudgement, { verdict }: Claim, method: ClaimJudge): ClaimJudgement {
  if (method === "taken" || judged.verdict !== "pass" || verdict === null || verdict === "pass") return judged;
  return { ...judged, verdict, reason: `the report's own verdict is ${verdict}` };
}

function judge(claim: Claim, options: JudgeClaimOptions): ClaimJudgement {
  const { judge: method, require, confidence = 0.95, minCount = 1, ratio = null } = options;
  const { trials, estimate } = claim;
  const counted = countedOf(claim, options);
  const base = { estimate, bound: null, count: trials };
  if (method === "taken") return judgeTaken(claim, minCount, counted);
  // A stated failure overrides all numbers. Its absence does not make the claim pass.
  if (claim.failure !== null) return { ...factsOf(claim, counted), verdict: "fail", reason: claim.failure };
  if (method === "verdict" || method === "run") return judgeOwnVerdict(claim, minCount, counted);
  if (require === null) throw new TypeError(`Cannot judge a claim by ${method}: nothing is required of it`);
  if (trials === null || !Number.isSafeInteger(trials) || trials < 0) {
    return {
      ...base,
      verdict: "not evaluated",
      measured: "",
      reason: `"${claim.id}" does not give its number of trials`,
    };
  }
  const few = trials < minCount ? judgeFewTrials(claim, trials, { minCount, counted }) : null;
  if (method === "interval") return few ?? judgeInterval(claim, { require, trials, confidence, counted });
  if (method === "ratios") return few ?? judgeRatio(claim, { require, trials, confidence, counted, ratio });
  if (few !== null && trials === 0) return few;
  const { events } = claim;
  if (events === null || !Number.isSafeInteger(events) || events < 0 || (method === "rate" && events > trials)) {
    return { ...base, verdict: "not evaluated", measured: "", reason: `"${claim.id}" has no valid count` };
  }
  const judged = method === "count"
    ? judgeCount(events, { trials, counted, require })
    : judgeRate(events, trials, require, confidence);
  // Bounds are exact for any number of trials, and a count never falls: few trials prove nothing, but refute.
  const isOver = events >= require.limit && !require.op.startsWith(">");
  const isFinal = judged.verdict === "fail" && (method === "rate" || isOver);
  return isFinal ? judged : few ?? judged;
}

/** Too few trials for a pass: say how many there are. */
function judgeFewTrials(
  { estimate }: Claim,
  trials: number,
  { minCount, counted }: { readonly minCount: number; readonly counted: string },
): ClaimJudgement {
  return {
    verdict: trials === 0 ? "not evaluated" : "inconclusive",
    estimate,
    bound: null,
    count: trials,
    measured: formatTrials(trials, counted),
    reason: explainFewTrials(trials, minCount, counted),
    times: trials === 0 ? undefined : minCount / trials,
  };
}

function judgeRate(events: number, trials: number, require: Requirement, confidence: number): ClaimJudgement {
  const estimate = events / trials;
  const { high } = clopperPearson({ events, trials, confidence, side: "upper" });
  const { low } = clopperPearson({ events, trials, confidence, side: "lower" });
  const format = (value: number) => formatBeside(value, require);
  const rateText = `${format(estimate)} (${events} of ${trials})`;
  const verdict = verdictOf(require, low, high);
  const isUpper = require.op.startsWith("<") === (verdict !== "fail");
  const bound = isUpper ? high : low;
  const measured = `${rateText}, ${isUpper ? "at most" : "at least"} ${format(bound)} at ${formatShare(confidence)}`;
  const facts = { verdict, estimate, bound, count: trials, measured };
  return verdict === "inconclusive"
    ? { ...facts, ...explainTooFew(events, trials, require, confidence) }
    : { ...facts, reason: "" };
}

/** Say how much longer a run must be for a verdict, if its rate stays as it is. */
function explainTooFew(
  events: number,
  trials: number,
  require: Requirement,
  confidence: number,
): Pick<ClaimJudgement, "reason" | "times"> {
  const isMet = meets(require, events / trials);
  const few = `too few trials for a verdict${isMet ? "" : ", and the rate itself does not meet the requirement"}`;
  const wanted = isMet ? "pass" : "fail";
  const found = timesToDecide(
    { events, trials, confidence },
    ({ low, high }) => verdictOf(require, low, high) === wanted,
  );
  if (found === null) return { reason: `${few}; at this rate, not even a run 1000 times as long would ${wanted}` };
  const { times } = found;
  return {
    reason: `${few}; at this rate, a run about ${
      times.toFixed(1)
    } times as long would ${wanted} (${found.trials} trials)`,
    times,
  };
}

/** Say how many runs it takes until the interval leaves the limit. */
function explainWide(
  { low, high, estimate }: Claim,
  { limit }: Requirement,
  trials: number,
): Pick<ClaimJudgement, "reason" | "runs"> {
  const contains = "the interval contains the limit";
  if (estimate === null || low === null || high === null || estimate === limit) return { reason: contains };
  return adviseRuns(samplesToDecide(trials, { value: estimate, low, high, limit }), contains);
}

/** Say how many runs a side would decide, by an estimate that knows only the spread of the runs so far. */
function adviseRuns(runs: number | null, reason: string): Pick<ClaimJudgement, "reason" | "runs"> {
  if (runs === null) return { reason: `${reason}; not even 1000 times as many runs would decide` };
  return { reason: `${reason}; if it stays like this, about ${runs} runs of each side would decide`, runs };
}

interface IntervalOptions {
  readonly require: Requirement;
  readonly trials: number;
  readonly confidence: number;
  readonly counted: string;
}

function judgeInterval(claim: Claim, { require, trials, confidence, counted }: IntervalOptions): ClaimJudgement {
  const { low, high, estimate } = claim;
  const wanted = require.op.startsWith("<") ? high : low;
  if (wanted === null || !Number.isFinite(wanted) || (low !== null && high !== null && low > high)) {
    const reason = `"${claim.id}" has no valid bound`;
    return { verdict: "not evaluated", estimate, bound: null, count: trials, measured: "", reason };
  }
  const isConfident = claim.confidence !== null && claim.confidence >= confidence;
  const verdict = isConfident ? verdictOf(require, low ?? -Infinity, high ?? Infinity) : "inconclusive";
  const decimals = decimalsOf(figuresOf(claim));
  const format = (value: number) => formatBeside(value, require, { decimals });
  const figures = [estimate === null ? "" : format(estimate), formatInterval(claim, format)].filter((text) =>
    text !== ""
  );
  const open = claim.confidence === null
    ? { reason: "it gives no confidence for its interval" }
    : !isConfident
    ? { reason: `its interval has ${formatShare(claim.confidence)} confidence, ${formatShare(confidence)} is required` }
    : verdict === "inconclusive"
    ? explainWide(claim, require, trials)
    : { reason: "" };
  const unit = claim.unit === "ratio" ? " times" : "";
  const measured = `${figures.join(", ")}${unit} (${formatTrials(trials, counted)})`;
  return { verdict, estimate, bound: wanted, count: trials, measured, ...open };
}

interface RatioOptions extends IntervalOptions {
  readonly ratio: RatioEvidence | null;
}

/** Judge a ratio by its tests. A number that never varies has none: its interval is a point. */
function judgeRatio(claim: Claim, { ratio, ...options }: RatioOptions): ClaimJudgement {
  const { require, trials, confidence } = options;
  const byInterval = judgeInterval(claim, options);
  if (byInterval.verdict === "not evaluated") return byInterval;
  if (ratio === null) {
    if (claim.confidence === 1 && claim.low === claim.high) return judgeExact(claim, require, byInterval);
    return { ...byInterval, verdict: "not evaluated", reason: `"${claim.id}" gives no samples` };
  }
  const { pBelow, pAbove, family, floor } = ratio;
  // As sure as both ends of the interval that is shown.
  const level = (1 - confidence) / 2;
  const [right, wrong] = require.op.startsWith("<") ? [pBelow, pAbove] : [pAbove, pBelow];
  const p = Math.min(right, wrong);
  const together = family === 1 ? "" : `, adjusted for ${family} benchmarks`;
  const equal = floor === null ? "" : `; equal code differs by ${formatShare(floor, { decimals: 1 })}`;
  const facts = {
    ...byInterval,
    runs: undefined,
    measured: `${byInterval.measured}, p ${formatP(p)}${together}${equal}`,
  };
  if (p >= level) {
    const reason = `the limit is not excluded: p must be below ${level.toFixed(3)}`;
    return { ...facts, verdict: "inconclusive", ...adviseRuns(testedRuns(p, level, { family, trials }), reason) };
  }
  const allowed = Math.max(require.limit, 1 / require.limit);
  // A difference that runs of equal code also show proves nothing, in either direction.
  if (floor === null || 1 + floor >= allowed) {
    const found = floor === null ? "it is unknown how much equal code differs" : "equal code differs too much";
    return { ...facts, verdict: "inconclusive", reason: `${found}: less than ${formatShare(allowed - 1)} is required` };
  }
  const verdict = right < wrong ? "pass" : "fail";
  // The test may be an approximation; it must not contradict the interval that is shown.
  return byInterval.verdict === verdict
    ? { ...facts, verdict, reason: "" }
    : { ...facts, verdict: "inconclusive", ...explainWide(claim, require, trials) };
}

/** Judge the ratio of numbers that never vary: an increase by one is an increase, whatever the limit of the others. */
function judgeExact({ estimate, low }: Claim, require: Requirement, facts: ClaimJudgement): ClaimJudgement {
  const ratio = estimate ?? low!;
  const isKept = require.op.startsWith("<") ? ratio <= 1 : ratio >= 1;
  return { ...facts, verdict: isKept ? "pass" : "fail", reason: isKept ? "" : "an exact number changed for the worse" };
}

/** Estimate how many runs bring a p-value below the level: its quantile grows with their square root. */
function testedRuns(
  p: number,
  level: number,
  { family, trials }: { readonly family: number; readonly trials: number },
): number | null {
  const found = p / family;
  const needed = found < 0.5 ? trials * (normalQuantile(level / family) / normalQuantile(found)) ** 2 : Infinity;
  return needed < 1000 * trials ? Math.max(Math.ceil(needed), trials + 1) : null;
}

function formatP(p: number): string {
  return p < 0.0001 ? "< 0.0001" : `= ${p.toPrecision(2)}`;
}

function judgeCount(
  events: number,
  { trials, counted, require }: Omit<IntervalOptions, "confidence">,
): ClaimJudgement {
  const verdict = meets(require, events) ? "pass" : "fail";
  return {
    verdict,
    estimate: events,
    bound: null,
    count: trials,
    measured: `${events} in ${counted === "" ? formatCount(trials, "trial") : formatTrials(trials, counted)}`,
    reason: "",
  };
}

/** What the trials of a claim are: what it says itself, else what the condition says of all its claims. */
function countedOf({ counted }: Claim, options: Pick<JudgeClaimOptions, "counted">): string {
  return counted === "" ? options.counted ?? "" : counted;
}

/** Collect the numbers that the claim itself states. */
function factsOf(claim: Claim, counted: string): Omit<ClaimJudgement, "verdict" | "reason"> {
  const { estimate, low, high, trials, unit } = claim;
  const decimals = decimalsOf(figuresOf(claim));
  const format = (value: number) => formatAmount(value, unit, { decimals });
  const figures = [
    estimate === null ? "" : format(estimate),
    formatInterval(claim, format),
    trials === null ? "" : `${counted === "" ? "" : "in "}${formatTrials(trials, counted)}`,
  ].filter((part) => part !== "").join(", ");
  return { estimate, bound: high ?? low, count: trials, measured: figures };
}

function figuresOf({ estimate, low, high }: Claim): readonly number[] {
  return [estimate, low, high].filter((value) => value !== null);
}

/** Format both ends of an interval, or the one that exists; empty if there is none, or nothing but the estimate in it. */
function formatInterval({ estimate, low, high }: Claim, format: (end: number) => string): string {
  if (estimate !== null && low === estimate && high === estimate) return "";
  if (low === null) return high === null ? "" : `at most ${format(high)}`;
  return high === null ? `at least ${format(low)}` : `${format(low)} to ${format(high)}`;
}

function judgeOwnVerdict(claim: Claim, minCount: number, counted: string): ClaimJudgement {
  const { trials, verdict } = claim;
  const facts = factsOf(claim, counted);
  // A claim without a verdict, or with too few trials, proves nothing.
  if (verdict === null) return { ...facts, verdict: "not evaluated", reason: `"${claim.id}" has no verdict` };
  const isEnough = trials === null ? minCount <= 1 : trials >= minCount;
  if (!isEnough && verdict === "pass") {
    const reason = trials === null
      ? `it does not give its number of trials, at least ${minCount} are required`
      : explainFewTrials(trials, minCount, counted);
    return { ...facts, verdict: "inconclusive", reason, times: trials ? minCount / trials : undefined };
  }
  return { ...facts, verdict, reason: "" };
}

/** Judge only whether the number was measured; its value does not matter. */
function judgeTaken(claim: Claim, minCount: number, counted: string): ClaimJudgement {
  const { estimate, trials } = claim;
  const measured = trials === null ? "" : formatTrials(trials, counted);
  const facts = { estimate, bound: null, count: trials, measured };
  if (estimate !== null && trials !== null && trials >= minCount) return { ...facts, verdict: "pass", reason: "" };
  const reason = trials === null
    ? `it does not give its number of trials, at least ${minCount} are required`
    : trials >= minCount
    ? "it has no estimate"
    : explainFewTrials(trials, minCount, counted);
  return { ...facts, verdict: "inconclusive", reason: `"${claim.id}": ${reason}` };
}

/** Pass if the whole interval meets the requirement, fail if no part of it does, otherwise inconclusive. */
function verdictOf(require: Requirement, low: number, high: number): GateVerdict {
  const isLowRight = meets(require, low);
  const isHighRight = meets(require, high);
  if (isLowRight && isHighRight) return "pass";
  if (require.op === "=") return low <= require.limit && high >= require.limit ? "inconclusive" : "fail";
  return isLowRight || isHighRight ? "inconclusive" : "fail";
}
