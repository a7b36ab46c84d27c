import { seededRandom } from "../../base/mod.ts";
import {
  type Claim,
  judgeClaims,
  type Measured,
  type ReportEnd,
  type RunVerdict,
  verdictOfRun,
} from "../../judge/mod.ts";
import { type Estimate, pairedDifference, type PairedQuantileRatio, pairedQuantileRatio } from "../../stats/mod.ts";
import type { PairCount, PairRound } from "./pair_report.ts";

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
  readonly id: "failure_rate" | "recovery_rate" | "timeout_rate" | "p99_time";
  readonly unit: "rate" | "ratio";
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
 * @returns The claims; none is decided with fewer than 20 rounds
 */
export function judgePairs(rounds: readonly PairRound[]): readonly Claim[] {
  const figures = figuresOf(rounds);
  const few = rounds.length < MIN_ROUNDS
    ? `${rounds.length} rounds are too few: at least ${MIN_ROUNDS} are required`
    : null;
  return judgeClaims([...figures.map((figure) => measureFigure(figure, few)), measureImprovement(figures, few)]);
}

/** The verdict on a run; whether something improved is asked by phase 2 alone. */
export function verdictOfPairs(claims: readonly Claim[], end: ReportEnd): RunVerdict {
  return verdictOfRun(claims.filter(({ id }) => id !== "improvement"), end);
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

/** Measure a figure; `few` says why the rounds are too few for any bound. */
function measureFigure(figure: Figure, few: string | null): Measured {
  const { id, unit, limit, trials } = figure;
  const base = {
    id,
    kind: "interval",
    unit,
    trials,
    counted: "pairs",
    requirement: { op: "<=", value: limit },
  } as const;
  if (trials === 0) return base;
  const { value, low, high } = figure.estimate(CONFIDENCE);
  // Of few rounds, nobody knows how much rounds differ, nor therefore how sure the bounds are.
  return few === null
    ? { ...base, estimate: value, low, high, confidence: CONFIDENCE }
    : { ...base, estimate: value, low, high, note: few };
}

function measureImprovement(figures: readonly Figure[], few: string | null): Measured {
  const confidence = 1 - FALSE_IMPROVEMENT / figures.length;
  const trials = Math.min(...figures.map((figure) => figure.trials));
  const base = {
    id: "improvement",
    kind: "stated",
    unit: "rate",
    trials,
    counted: "pairs",
    requirement: "one of the four is better",
  } as const;
  if (few !== null || trials === 0) return { ...base, verdict: "inconclusive", note: few ?? "there are no pairs" };
  const asked = figures.map((figure): Measured => {
    const { value: estimate, low, high } = figure.estimate(confidence);
    const numbers = { estimate, low, high, confidence, trials: figure.trials, counted: "pairs" };
    return {
      id: figure.id,
      kind: "interval",
      unit: figure.unit,
      ...numbers,
      requirement: { op: "<", value: figure.equal },
    };
  });
  const claims = judgeClaims(asked, { confidence });
  const better = claims.find(({ verdict }) => verdict === "pass");
  const isRefuted = claims.every(({ low }, index) => low! > figures[index]!.trifle);
  // Without a better one, that which came nearest to it is told.
  const progress = claims.map(({ estimate }, index) => progressOf(figures[index]!, estimate!));
  const shown = better ?? claims[progress.indexOf(Math.max(...progress))]!;
  const nearest = isRefuted
    ? { verdict: "fail", state: "is nearest to it, and none is better by more than may be worse" } as const
    : { verdict: "inconclusive", state: "is nearest to it" } as const;
  const { verdict, state } = better === undefined ? nearest : { verdict: "pass", state: "is better" } as const;
  return {
    ...base,
    unit: shown.unit,
    estimate: shown.estimate,
    low: shown.low,
    high: shown.high,
    confidence,
    verdict,
    note: [`${shown.id} ${state}`, ...isRefuted || shown.reason === "" ? [] : [shown.reason]].join("; "),
  };
}

/** How far a figure is below that of the predecessor, in units of what it may be above. */
function progressOf({ equal, limit }: Figure, estimate: number): number {
  return (equal - estimate) / (limit - equal);
}

function sumOf(numbers: readonly number[]): number {
  return numbers.reduce((sum, number) => sum + number, 0);
}
