import { type Random, seededRandom } from "../../lib/base/mod.ts";
import { slowdownClaim, speedUpClaim } from "../../lib/bench/mod.ts";
import type { GateCondition } from "../../lib/gate/mod.ts";
import { judgeClaim, judgeClaims, verdictOf } from "../../lib/judge/mod.ts";
import { addOutcome, addSpeed, type ArmOutcome, DEFAULT_RULES, EMPTY_ARMS, judgeStage } from "../../lib/rollout/mod.ts";
import { judgeLoad } from "../../benchmarks/load/mod.ts";
import { judgeLeak } from "../../lib/soak/mod.ts";
import { judgeHandles } from "../../lib/soak/judges/judge_handles.ts";
import { measureGrowth } from "../../lib/soak/judges/measure_growth.ts";
import type { SeriesPoint } from "../../lib/soak/facts/thinned_series.ts";
import { clopperPearson } from "../../lib/stats/mod.ts";
import { gaussian, measureNoisy } from "./_noisy_session.ts";

/** How often a judge accepts and refuses what is true, as shares. */
export interface JudgeShares {
  readonly pass: number;
  readonly fail: number;
}

/** Count verdicts. */
export function countShares(trials: number, judge: (trial: number) => string): JudgeShares {
  let pass = 0;
  let fail = 0;
  for (let trial = 0; trial < trials; trial++) {
    const verdict = judge(trial);
    if (verdict === "pass") pass++;
    if (verdict === "fail") fail++;
  }
  return { pass: pass / trials, fail: fail / trials };
}

/**
 * Compute, exactly, how often a rate is accepted and refused by its one-sided bounds: the sum of the binomial
 * distribution over all counts.
 *
 * @param rate True rate of the event
 * @param trials Number of trials
 * @param limit The rate must be below it, at 95 %
 */
export function sharesOfRate(rate: number, trials: number, limit: number): JudgeShares {
  const bound = (events: number, side: "upper" | "lower") =>
    clopperPearson({ events, trials, confidence: 0.95, side })[side === "upper" ? "high" : "low"];
  const mostPassing = lastWhere((events) => bound(events, "upper") < limit, trials);
  const leastFailing = lastWhere((events) => bound(events, "lower") < limit, trials) + 1;
  return { pass: below(mostPassing + 1, trials, rate), fail: 1 - below(leastFailing, trials, rate) };
}

/** The last count for which a condition holds that holds for all smaller ones; -1 if it holds for none. */
function lastWhere(holds: (count: number) => boolean, max: number): number {
  let low = -1;
  let high = max + 1;
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if (holds(middle)) low = middle;
    else high = middle;
  }
  return low;
}

/** The probability of fewer than `events`. */
function below(events: number, trials: number, rate: number): number {
  if (events <= 0) return 0;
  let term = trials * Math.log1p(-rate);
  let sum = Math.exp(term);
  for (let count = 1; count < events; count++) {
    term += Math.log((trials - count + 1) / count) + Math.log(rate) - Math.log1p(-rate);
    sum += Math.exp(term);
  }
  return Math.min(1, sum);
}

/** A session of paired runs, on a machine as noisy as one that other programs use. */
export interface RatioSession {
  readonly random: Random;
  readonly runs: number;
  /** How many times as long the target takes. */
  readonly ratio: number;
  readonly variation: number;
}

/** Judge a ratio of the gate as the gate does: claims from the samples, and the condition's requirement. */
export function judgeRatio(
  session: RatioSession,
  { claim, require }: { readonly claim: "speedUp" | "slowdown"; readonly require: GateCondition["require"] },
): string {
  const { random, runs, ratio, variation } = session;
  const [base, target] = measureNoisy({ random, runs, variation, effect: ratio - 1 });
  const measured = claim === "speedUp"
    ? speedUpClaim("speed_up", { base, target })
    : slowdownClaim("slowdown", { base, target });
  return judgeClaim(measured!, { require }).verdict;
}

/** Judge a family of ratios as the gate does for `no-regression`; the first one may be slower. */
export function judgeRatios(
  session: RatioSession & { readonly benchmarks: number },
  require: GateCondition["require"],
): string {
  const claims = measureFamily(session).map(([base, target]) => slowdownClaim(base.name, { base, target })!);
  return verdictOf(judgeClaims(claims, { require }));
}

/** Measure a family of benchmarks, of which the first one may be slower. */
function measureFamily(session: RatioSession & { readonly benchmarks: number }) {
  const { random, runs, ratio, variation, benchmarks } = session;
  return Array.from({ length: benchmarks }, (_, index) => {
    const effect = index === 0 ? ratio - 1 : 0;
    const [base, target] = measureNoisy({ random, runs, variation, effect });
    return [{ ...base, name: `work ${index}` }, { ...target, name: `work ${index}` }] as const;
  });
}

/** A run whose memory is measured: as many points as a report keeps. */
export interface LeakSession {
  readonly random: Random;
  readonly hours: number;
  /** What is kept, in bytes per hour. */
  readonly leakPerHour: number;
  /** What a healthy process gains in its first half hour, in bytes. */
  readonly warmUpBytes: number;
  /** Spread of the measurements, in bytes. */
  readonly noiseBytes: number;
}

/** Judge the memory of a run as `stability` does. */
export function judgeMemory({ random, hours, leakPerHour, warmUpBytes, noiseBytes }: LeakSession): string {
  const count = 360;
  const points = Array.from({ length: count }, (_, index) => {
    const hour = hours * index / count;
    const warm = warmUpBytes * (1 - Math.exp(-6 * hour));
    return [hour * 3_600_000, 12e6 + warm + leakPerHour * hour + noiseBytes * gaussian(random)] as const;
  });
  const warmUp = { forMs: 3_600_000, growthBytes: 2 << 20 };
  const rises = judgeLeak(points, { warmUp }).isLeak;
  return judgeSeries(points, rises, 32 * 2 ** 20);
}

/** A run whose open files or timers are counted. */
export interface CountSession {
  readonly random: Random;
  readonly hours: number;
  /** How many more there are after a day. */
  readonly leakPerDay: number;
}

/** Judge the open files, or the timers, of a run as `stability` does: some belong to the jobs that are under way. */
export function judgeCounts({ random, hours, leakPerDay }: CountSession): string {
  const count = 360;
  const points = Array.from({ length: count }, (_, index) => {
    const hour = hours * index / count;
    const busy = Math.max(0, Math.round(8 + 3 * gaussian(random)));
    return [hour * 3_600_000, 20 + busy + Math.floor(leakPerDay * hour / 24)] as const;
  });
  const rises = judgeHandles(points).isLeak;
  return judgeSeries(points, rises, 100);
}

/** Judge what a series gains in a day, of a process that warms up for an hour. */
function judgeSeries(points: readonly SeriesPoint[], rises: boolean | null, limitPerDay: number): string {
  const { perDay: estimate, lowPerDay: low, highPerDay: high } = measureGrowth(points);
  const series = { rises, watchedMs: points.at(-1)![0] - points[0]![0], warmUpMs: 3_600_000 };
  const requirement = { op: "<", value: limitPerDay } as const;
  const numbers = { estimate, low, high, confidence: 0.95, trials: points.length };
  return judgeClaim({ id: "growth", kind: "growth", unit: "", ...numbers, requirement, series }).verdict;
}

/** A load of ten runs. */
export interface LoadSession {
  readonly random: Random;
  readonly megabytesPerSecond: number;
  /** Share of the files that are not right. */
  readonly wrong: number;
}

/** Judge ten runs of 10 000 files as `load-test` does, of which each is faster or slower by 5 %. */
export function judgeTenLoads({ random, megabytesPerSecond, wrong }: LoadSession): string {
  const files = 10_000;
  const bytes = 20 * 2 ** 30;
  const runs = Array.from({ length: 10 }, (_, round) => {
    // So many files are a normal distribution.
    const lost = Math.round(files * wrong + Math.sqrt(files * wrong * (1 - wrong)) * gaussian(random));
    return {
      round,
      files,
      right: files - Math.max(0, lost),
      bytes,
      sentBytes: bytes,
      seconds: bytes / 1e6 / (megabytesPerSecond * (1 + 0.05 * gaussian(random))),
      cpuSeconds: null,
      peakRssBytes: 120e6,
      code: 0,
      messages: [],
    };
  });
  return verdictOf(judgeLoad(runs));
}

/** A stage of a rollout. */
export interface StageSession {
  readonly random: Random;
  /** Rate of failed downloads of the canary. */
  readonly canary: number;
  /** Rate of failed downloads of the baseline. */
  readonly baseline: number;
  /** How fast the canary is, compared with the baseline. */
  readonly speed: number;
}

/** Spread of the comparisons of the speed: the standard deviation of their logarithm, rather more than real runs have. */
const SPEED_SPREAD = 0.25;

/** Run a stage download by download, judged after each: `fail` if it is aborted, `pass` if it advances. */
export function judgeRollout({ random, canary, baseline, speed }: StageSession): string {
  let arms = EMPTY_ARMS;
  for (let count = 0; count < 1000; count++) {
    const draw = (rate: number): ArmOutcome => ({ type: random() < rate ? "error" : "ok" });
    arms = {
      canary: addOutcome(arms.canary, draw(canary)),
      baseline: addOutcome(arms.baseline, draw(baseline)),
      // Two files of each engine make a comparison.
      speed: count % 2 === 0
        ? arms.speed
        : addSpeed(arms.speed, speed * Math.exp(SPEED_SPREAD * gaussian(random)), DEFAULT_RULES.maxDrop),
    };
    const { verdict } = judgeStage(arms, DEFAULT_RULES);
    if (verdict === "abort") return "fail";
    if (verdict === "advance") return "pass";
  }
  return "inconclusive";
}

/** A random number generator for a case, from its name, so that a new case does not change the others. */
export function randomFor(name: string): Random {
  let seed = 7;
  for (const letter of name) seed = (seed * 31 + letter.charCodeAt(0)) >>> 0;
  return seededRandom(seed);
}
