import { formatShare, isCount } from "../base/mod.ts";
import { clopperPearson, holm, ratioTests } from "../stats/mod.ts";
import type { Claim, Measured, RatioEvidence, Verdict } from "./claim.ts";
import { explainFewTrials } from "./format_amount.ts";
import { type Limit, meets } from "./requirement.ts";
import { spanVerdict } from "./_span_verdict.ts";

/** By what claims are judged. */
export interface JudgeOptions {
  /**
   * What is required of each of the numbers.
   *
   * @default {what each claim says itself}
   */
  readonly require?: Limit | null | undefined;
  /**
   * Required confidence of a bound, between 0.5 and 1.
   *
   * @default {0.95}
   */
  readonly confidence?: number | undefined;
  /**
   * Required number of trials. With fewer, nothing is proven; what is refuted stays so.
   *
   * @default {1}
   */
  readonly minCount?: number | undefined;
  /**
   * What the trials are, in the plural, unless a claim says so itself.
   *
   * @default {""}
   */
  readonly counted?: string | undefined;
}

/** What the judge of one kind of claim found. */
interface ClaimFinding {
  readonly verdict: Verdict;
  readonly reason?: string | undefined;
}

/** By what one claim is judged. */
interface ByLimit {
  readonly limit: Limit;
  readonly confidence: number;
}

/**
 * Judge claims by what is required of them: the bounds of a rate are computed from its counts, an interval must meet the
 * limit as a whole, and claims about samples are tested together, so that the probability of a wrong verdict on any of
 * them is that of one test. Fewer trials than required, and a reservation, turn a pass into `inconclusive`.
 *
 * @param measured What was measured
 * @param options The requirement; that of each claim if absent
 * @returns A claim for each, in the same order
 */
export function judgeClaims(measured: readonly Measured[], options: JudgeOptions = {}): readonly Claim[] {
  const { confidence = 0.95 } = options;
  const tests = testTogether(measured, options);
  return measured.map((one) => {
    const claim = withNumbers(one, { ...options, confidence }, tests.get(one));
    const found = judge(claim, { ...options, confidence });
    return { ...claim, ...found, reason: found.reason ?? "" };
  });
}

/** Judge one claim by what is required of it, see {@linkcode judgeClaims}. */
export function judgeClaim(measured: Measured, options: JudgeOptions = {}): Claim {
  return judgeClaims([measured], options)[0]!;
}

/** Test all claims that have samples against their limits, and adjust the p-values of each side of it (Holm). */
function testTogether(
  measured: readonly Measured[],
  { require }: JudgeOptions,
): ReadonlyMap<Measured, RatioEvidence> {
  const tested = measured.flatMap((claim) => {
    const limit = limitOf(claim, require);
    if (claim.kind !== "ratio" || claim.samples === undefined || limit === null || limit.value <= 0) return [];
    return [{ claim, ...ratioTests(claim.samples.values, claim.samples.base, limit.value) }];
  });
  const below = holm(tested.map(({ pBelow }) => pBelow));
  const above = holm(tested.map(({ pAbove }) => pAbove));
  return new Map(
    tested.map(({ claim }, index) => [claim, {
      pBelow: below[index]!,
      pAbove: above[index]!,
      family: tested.length,
    }]),
  );
}

function limitOf({ requirement }: Measured, require: Limit | null | undefined): Limit | null {
  return require ?? (typeof requirement === "string" ? null : requirement);
}

/** A claim with its numbers, before it is judged. */
type Numbers = Omit<Claim, "verdict" | "reason"> & Pick<Measured, "verdict">;

/** Give a claim the numbers that follow from others, and null for those that it does not have. */
function withNumbers(
  measured: Measured,
  { confidence, ...options }: JudgeOptions & { readonly confidence: number },
  tests: RatioEvidence | undefined,
): Numbers {
  const { kind, trials, events = null, counted = options.counted } = measured;
  const base = {
    ...measured,
    ...counted === undefined ? {} : { counted },
    estimate: measured.estimate ?? null,
    events,
    low: measured.low ?? null,
    high: measured.high ?? null,
    confidence: measured.confidence ?? null,
    ...tests === undefined ? {} : { tests },
  };
  if (kind !== "rate" || !isCount(events) || !isCount(trials) || trials === 0 || events > trials) return base;
  const { high } = clopperPearson({ events, trials, confidence, side: "upper" });
  const { low } = clopperPearson({ events, trials, confidence, side: "lower" });
  return { ...base, estimate: events / trials, low, high, confidence };
}

function judge(
  numbers: Numbers,
  options: JudgeOptions & { readonly confidence: number },
): ClaimFinding {
  const claim: Claim = { ...numbers, verdict: numbers.verdict ?? "not evaluated", reason: "" };
  const { id, trials, failure, reservation } = claim;
  const { confidence, minCount = 1 } = options;
  // A stated failure overrides all numbers. Its absence does not make the claim pass.
  if (failure !== undefined) return { verdict: "fail", reason: failure };
  const isKnown = isCount(trials);
  const found = judgeNumbers(claim, { limit: isKnown ? limitOf(claim, options.require) : null, confidence });
  if (found.verdict === "fail") return found;
  if (!isKnown) return unknown(`"${id}" does not give its number of trials`);
  if (trials === 0) return unknown(reservation ?? found.reason ?? NOTHING);
  if (trials < minCount) {
    return open(explainFewTrials(trials, minCount, claim.counted ?? ""));
  }
  if (found.verdict === "pass" && reservation !== undefined) return open(reservation);
  return found;
}

const JUDGES = {
  rate: judgeRate,
  interval: judgeInterval,
  growth: judgeGrowth,
  ratio: judgeRatio,
  amount: judgeAmount,
};

/** Judge a claim by its numbers alone; one that states its verdict has none. */
function judgeNumbers(
  claim: Claim,
  { limit, confidence }: { readonly limit: Limit | null; readonly confidence: number },
): ClaimFinding {
  if (claim.kind === "stated") return { verdict: claim.verdict };
  if (limit === null) return unknown(`nothing is required of "${claim.id}"`);
  return JUDGES[claim.kind](claim, { limit, confidence });
}

const NOTHING = "there is nothing to judge by";

function unknown(reason: string): ClaimFinding {
  return { verdict: "not evaluated", reason };
}

function open(reason: string): ClaimFinding {
  return { verdict: "inconclusive", reason };
}

/** Judge a rate by the exact one-sided bounds of its count (Clopper-Pearson). */
function judgeRate({ id, trials, low, high, estimate }: Claim, { limit }: ByLimit): ClaimFinding {
  if (low === null || high === null) return unknown(trials === 0 ? NOTHING : `"${id}" has no valid count`);
  const verdict = spanVerdict(limit, low, high);
  if (verdict !== "inconclusive") return { verdict };
  const also = meets(limit, estimate!) ? "" : ", and the rate itself does not meet the requirement";
  return open(`too few trials for a verdict${also}`);
}

/** Judge by an interval, whose whole must meet the limit; a single bound can only pass. */
function judgeInterval(claim: Claim, { limit, confidence }: ByLimit): ClaimFinding {
  const { id, low, high } = claim;
  const wanted = limit.op.startsWith("<") ? high : low;
  if (wanted === null || !Number.isFinite(wanted) || (low !== null && high !== null && low > high)) {
    return unknown(`"${id}" has no valid bound`);
  }
  if (claim.confidence === null) return open("it gives no confidence for its interval");
  if (!(claim.confidence >= confidence)) {
    const has = formatShare(claim.confidence);
    return open(`its interval has ${has} confidence, ${formatShare(confidence)} is required`);
  }
  const verdict = spanVerdict(limit, low ?? -Infinity, high ?? Infinity);
  return verdict === "inconclusive" ? open("the interval contains the limit") : { verdict };
}

/**
 * Judge what a series gains in a day. It is too much if the lower bound of the slope reaches the limit and the series
 * rises by the rule for short runs, too; of a process younger than its warm-up, the rise alone decides, and it never
 * passes.
 */
function judgeGrowth({ id, estimate, low, high, series }: Claim, { limit }: ByLimit): ClaimFinding {
  if (series === undefined || estimate === null) return unknown(`"${id}" has too few samples`);
  const byBounds = spanVerdict(limit, low ?? -Infinity, high ?? Infinity);
  const isYoung = series.watchedMs < series.warmUpMs;
  if (series.rises === true && (isYoung || byBounds === "fail")) return { verdict: "fail" };
  if (!isYoung && byBounds === "pass") return { verdict: "pass" };
  return open("a leak and none are both possible");
}

/** Judge a ratio by its tests, which must not contradict the interval that is shown. */
function judgeRatio(claim: Claim, options: ByLimit): ClaimFinding {
  const { limit, confidence } = options;
  const byInterval = judgeInterval(claim, options);
  // That two ratios are equal, no sample proves.
  if (byInterval.verdict === "not evaluated" || limit.op === "=") return byInterval;
  const { id, tests, samples } = claim;
  if (tests === undefined || samples === undefined) return unknown(`"${id}" gives no samples`);
  const { pBelow, pAbove } = tests;
  // As sure as both ends of the interval that is shown.
  const level = (1 - confidence) / 2;
  const [right, wrong] = limit.op.startsWith("<") ? [pBelow, pAbove] : [pAbove, pBelow];
  const p = Math.min(right, wrong);
  if (p >= level) {
    return open(`the limit is not excluded: p must be below ${level.toFixed(3)}`);
  }
  const allowed = Math.max(limit.value, 1 / limit.value);
  // A difference that runs of equal code also show proves nothing, in either direction; a larger one does.
  if (samples.floor === null || 1 + samples.floor >= allowed && !isBeyond(claim, limit, samples.floor)) {
    const found = samples.floor === null ? "it is unknown how much equal code differs" : "equal code differs too much";
    return open(`${found}: less than ${formatShare(allowed - 1)} is required`);
  }
  const verdict = right < wrong ? "pass" : "fail";
  if (byInterval.verdict === verdict) return { verdict };
  if (byInterval.verdict === "inconclusive") return byInterval;
  return open("its interval and its test contradict each other");
}

/** Whether an interval decides although both of its ends may be off by as much as runs of equal code differ. */
function isBeyond({ low, high }: Claim, limit: Limit, floor: number): boolean {
  return spanVerdict(limit, (low ?? 0) / (1 + floor), (high ?? Infinity) * (1 + floor)) !== "inconclusive";
}

/** Judge an exact number; what is too much in few trials, or in none, stays too much. */
function judgeAmount({ id, estimate }: Claim, { limit }: ByLimit): ClaimFinding {
  if (estimate === null) return unknown(NOTHING);
  if (Number.isNaN(estimate)) return unknown(`"${id}" has no valid number`);
  return { verdict: meets(limit, estimate) ? "pass" : "fail" };
}
