import { type Estimate, type EstimateOptions, hodgesLehmannRatio, mannWhitney, pairedRatio } from "../stats/mod.ts";
import type { PlacedSample, SideRuns } from "./bench_side.ts";
import { metricOf } from "./sample.ts";

/** Options of {@linkcode compareSides}. */
export interface CompareOptions extends EstimateOptions {
  /** The side that is judged. */
  readonly of: string;
  /** The side that it is compared with. */
  readonly to: string;
  /**
   * By which number, as {@linkcode metricOf} names them.
   *
   * @default {"seconds"}
   */
  readonly metric?: string | undefined;
  /**
   * Whether runs of one round belong together, as in {@linkcode runInterleaved}.
   *
   * @default {true}
   */
  readonly isPaired?: boolean | undefined;
}

/** How two sides compare. */
export interface Comparison {
  /** The side that is judged. */
  readonly of: string;
  /** The side that it is compared with. */
  readonly to: string;
  /** By which number. */
  readonly metric: string;
  /** How many times as much the first needs, with interval. */
  readonly ratio: Estimate;
  /** The exact Mann-Whitney p-value, which takes no notice of the rounds. */
  readonly pValue: number;
}

/**
 * Compare two sides by one number.
 *
 * @param runs What {@linkcode runInterleaved} gave
 * @param options Which sides, which number
 * @returns The comparison; `null` if they have no round in common in which both have the number
 * @throws {RangeError} If there is no such side
 */
export function compareSides(runs: readonly SideRuns[], options: CompareOptions): Comparison | null {
  const { of, to, metric = "seconds", isPaired = true, confidence } = options;
  const first = valuesOf(runs, of, metric);
  const second = valuesOf(runs, to, metric);
  const rounds = [...first.keys()].filter((round) => second.has(round));
  if (rounds.length === 0) return null;
  const values = isPaired ? rounds.map((round) => first.get(round)!) : [...first.values()];
  const base = isPaired ? rounds.map((round) => second.get(round)!) : [...second.values()];
  const ratio = (isPaired ? pairedRatio : hodgesLehmannRatio)(values, base, { confidence });
  return { of, to, metric, ratio, pValue: mannWhitney(values, base).pValue };
}

/** Round and number, of the rounds that have it. */
function valuesOf(runs: readonly SideRuns[], name: string, metric: string): ReadonlyMap<number, number> {
  const side = runs.find((candidate) => candidate.name === name);
  if (side === undefined) throw new RangeError(`Cannot compare "${name}": it did not run`);
  const entries = side.samples.map((sample: PlacedSample) => [sample.round, metricOf(sample, metric)] as const);
  return new Map(entries.filter((entry): entry is readonly [number, number] => entry[1] !== null));
}
