import { seededRandom } from "../../base/mod.ts";
import {
  type Estimate,
  pairedDifference,
  type PairedQuantileRatio,
  pairedQuantileRatio,
  samplesToDecide,
} from "../../stats/mod.ts";
import type { PairClaim, PairClaimId, PairCount, PairRound } from "./pair_report.ts";

/** A profile may be worse by this much: 0.2 percentage points, and a 99th percentile that is 1.05 times as long. */
export const PAIR_LIMITS = { difference: 0.002, ratio: 1.05 } as const;
/** Fewer rounds do not show how much rounds differ. */
export const MIN_ROUNDS = 20;
/** Rounds of a usual run, which are enough to refute a profile that is worse by twice as much as it may be. */
export const USUAL_ROUNDS = 1000;

const CONFIDENCE = 0.95;
/** How often equal profiles may look as if one of the four figures had improved. */
const FALSE_IMPROVEMENT = 0.02;
const QUANTILE = 0.99;
const SEED = 1;

/** How a figure of the profile compares with that of its predecessor; less is better for each. */
interface Figure {
  readonly id: Exclude<PairClaimId, "improvement">;
  readonly unit: PairClaim["unit"];
  /** The value without a change. */
  readonly equal: number;
  /** How much worse it may be. */
  readonly limit: number;
  /** How little better is as good as equal. */
  readonly trifle: number;
  readonly trials: number;
  readonly estimate: (confidence: number) => Estimate;
}

/**
 * Judge whether a profile is as stable as its predecessor, and whether it is more stable, from rounds in which both did
 * the same under the same faults. Failures, failures to recover and timeouts may be more frequent by 0.2 percentage
 * points, and the 99th percentile of the times 1.05 times as long; a bound at 95 % decides. `improvement` passes if one
 * of the four is better, by a bound whose confidence allows for four chances.
 *
 * @param rounds The finished rounds
 * @returns The claims; all are inconclusive with fewer than 20 rounds
 */
export function judgePairs(rounds: readonly PairRound[]): readonly PairClaim[] {
  const figures = figuresOf(rounds);
  const claims = figures.map((figure) => judgeFigure(figure, rounds.length));
  return [...claims, judgeImprovement(figures, rounds.length)];
}

/** The verdict on all claims together; whether something improved is asked by phase 2 alone. */
export function verdictOfPairs(claims: readonly PairClaim[]): "pass" | "fail" | "inconclusive" {
  const kept = claims.filter(({ id }) => id !== "improvement");
  if (kept.some(({ verdict }) => verdict === "fail")) return "fail";
  return kept.every(({ verdict }) => verdict === "pass") ? "pass" : "inconclusive";
}

function figuresOf(rounds: readonly PairRound[]): readonly Figure[] {
  const limits = PAIR_LIMITS;
  const share = (
    id: Figure["id"],
    pairsOf: (round: PairRound) => number,
    countOf: (round: PairRound) => PairCount,
  ): Figure => ({
    id,
    unit: "rate",
    equal: 0,
    limit: limits.difference,
    trifle: -limits.difference,
    trials: rounds.reduce((sum, round) => sum + pairsOf(round), 0),
    estimate: (confidence) =>
      pairedDifference(
        rounds.map((round) => {
          const { profile, against } = countOf(round);
          return { pairs: pairsOf(round), onlyFirst: profile, onlySecond: against };
        }),
        { confidence },
      ),
  });
  const samples = rounds.map(({ times }) => ({ first: times.profile, second: times.against }));
  // The same rounds have the same bounds. A bootstrap takes a second, and serves every confidence.
  let ratio: PairedQuantileRatio | undefined;
  const resample = () => ratio ??= pairedQuantileRatio(samples, { quantile: QUANTILE, random: seededRandom(SEED) });
  return [
    share("failure_rate", ({ items }) => items, ({ failed }) => failed),
    share("recovery_rate", ({ hit }) => hit, ({ unrecovered }) => unrecovered),
    share("timeout_rate", ({ items }) => items, ({ timedOut }) => timedOut),
    {
      id: "p99_time",
      unit: "ratio",
      equal: 1,
      limit: limits.ratio,
      trifle: 1 / limits.ratio,
      trials: Math.min(...(["first", "second"] as const).map((side) => sumOf(samples.map((one) => one[side].length)))),
      estimate: (confidence) => resample().boundsAt(confidence),
    },
  ];
}

function judgeFigure(figure: Figure, rounds: number): PairClaim {
  const { id, unit, limit, trials } = figure;
  const facts = { id, unit, trials, confidence: CONFIDENCE, requirement: `<= ${limit}` };
  const note = explainFew(rounds, trials);
  if (trials === 0) return { ...facts, estimate: null, low: null, high: null, verdict: "inconclusive", note };
  const { value, low, high } = figure.estimate(CONFIDENCE);
  const numbers = { ...facts, estimate: value, low, high };
  if (note !== null) return { ...numbers, verdict: "inconclusive", note };
  if (high <= limit) return { ...numbers, verdict: "pass", note };
  if (low > limit) return { ...numbers, verdict: "fail", note };
  return { ...numbers, verdict: "inconclusive", ...adviseRounds(samplesToDecide(rounds, { value, low, high, limit })) };
}

/** Say how many rounds a run must have to decide, if both profiles go on like this. */
function adviseRounds(needed: number | null): Pick<PairClaim, "note" | "decides"> {
  if (needed === null) return { note: "not even 1000 times as many rounds would decide" };
  return {
    note: `if it stays like this, a run of about ${needed} rounds would decide`,
    ...needed > USUAL_ROUNDS ? { decides: `--rounds ${needed}` } : {},
  };
}

function judgeImprovement(figures: readonly Figure[], rounds: number): PairClaim {
  const confidence = 1 - FALSE_IMPROVEMENT / figures.length;
  const trials = Math.min(...figures.map((figure) => figure.trials));
  const facts = { id: "improvement", trials, confidence, requirement: "one of the four is better" } as const;
  const few = explainFew(rounds, trials);
  if (few !== null) {
    return { ...facts, unit: "rate", estimate: null, low: null, high: null, verdict: "inconclusive", note: few };
  }
  const found = figures.map((figure) => ({ figure, ...figure.estimate(confidence) }));
  const better = found.find(({ figure, high }) => high < figure.equal);
  const isRefuted = found.every(({ figure, low }) => low > figure.trifle);
  // Without a better one, that which came nearest to it is told.
  const nearest = found.reduce((best, one) => progressOf(one) > progressOf(best) ? one : best);
  const { figure, value, low, high } = better ?? nearest;
  const state = better !== undefined
    ? "is better"
    : isRefuted
    ? "is nearest to it, and none is better by more than may be worse"
    : "is nearest to it";
  const note = `${figure.id} ${state}`;
  const shown = { ...facts, unit: figure.unit, estimate: value, low, high };
  if (better !== undefined || isRefuted) return { ...shown, verdict: better === undefined ? "fail" : "pass", note };
  const advice = adviseRounds(samplesToDecide(rounds, { value, low, high, limit: figure.equal }));
  return { ...shown, verdict: "inconclusive", ...advice, note: `${note}; ${advice.note}` };
}

/** How far a figure is below that of the predecessor, in units of what it may be above. */
function progressOf({ figure, value }: { readonly figure: Figure; readonly value: number }): number {
  return (figure.equal - value) / (figure.limit - figure.equal);
}

function explainFew(rounds: number, trials: number): string | null {
  if (rounds < MIN_ROUNDS) return `${rounds} rounds are too few: at least ${MIN_ROUNDS} are required`;
  return trials === 0 ? "there are no pairs" : null;
}

function sumOf(numbers: readonly number[]): number {
  return numbers.reduce((sum, number) => sum + number, 0);
}
