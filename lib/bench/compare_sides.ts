import { type Estimate, type EstimateOptions, pairedRatio } from "../stats/mod.ts";
import type { PlacedSample, SideRuns } from "./bench_side.ts";
import { metricOf } from "./sample.ts";

/** Options of {@linkcode compareSides}. */
export interface CompareOptions extends EstimateOptions {
  /** Name of the side that is judged. */
  readonly of: string;
  /** Name of the side that it is compared with. */
  readonly to: string;
  /**
   * Name of the number to compare, as in {@linkcode metricOf}.
   *
   * @default {"seconds"}
   */
  readonly metric?: string | undefined;
}

/** Comparison of two sides by one number. */
export interface Comparison {
  /** Name of the side that is judged. */
  readonly of: string;
  /** Name of the side that it is compared with. */
  readonly to: string;
  /** Name of the number that was compared, as in {@linkcode metricOf}. */
  readonly metric: string;
  /** Ratio of the judged side to the other side, round by round, with interval. */
  readonly ratio: Estimate;
}

/**
 * Compare two sides by one number. Runs of the same round are paired: what slows down a whole round cancels out.
 *
 * @param runs Result of {@linkcode runInterleaved}
 * @param options Sides, metric and confidence
 * @returns The comparison; `null` if there is no round in which both sides have this number
 * @throws {RangeError} If a side does not exist, or a number is not positive
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { compareSides, runInterleaved } from "@civitai-dl/civitai-dl/bench";
 *
 * const side = (name: string, seconds: number) => {
 *   const sample = { seconds, cpuSeconds: null, peakRssBytes: null, bytes: null };
 *   return { name, run: () => Promise.resolve(sample) };
 * };
 * const runs = await runInterleaved({ sides: [side("old", 2), side("new", 1)], runs: 6 });
 * const comparison = compareSides(runs, { of: "new", to: "old", metric: "seconds" });
 * assertEquals(comparison?.ratio.value, 0.5);
 * ```
 */
export function compareSides(runs: readonly SideRuns[], options: CompareOptions): Comparison | null {
  const { of, to, metric = "seconds", confidence } = options;
  const first = valuesOf(runs, of, metric);
  const second = valuesOf(runs, to, metric);
  const rounds = [...first.keys()].filter((round) => second.has(round));
  if (rounds.length === 0) return null;
  const values = rounds.map((round) => first.get(round)!);
  const base = rounds.map((round) => second.get(round)!);
  return { of, to, metric, ratio: pairedRatio(values, base, { confidence }) };
}

/** Map the number of each round to the value of the metric; rounds without the metric are omitted. */
function valuesOf(runs: readonly SideRuns[], name: string, metric: string): ReadonlyMap<number, number> {
  const side = runs.find((candidate) => candidate.name === name);
  if (side === undefined) throw new RangeError(`Cannot compare "${name}": there is no such side`);
  const entries = side.samples.map((sample: PlacedSample) => [sample.round, metricOf(sample, metric)] as const);
  return new Map(entries.filter((entry): entry is readonly [number, number] => entry[1] !== null));
}
