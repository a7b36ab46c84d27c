import { compareSides, metricOf, type PlacedSample, type SideRuns } from "../../lib/bench/mod.ts";
import type { Limit, Measured } from "../../lib/judge/mod.ts";
import { type Estimate, median, medianInterval } from "../../lib/stats/mod.ts";
import type { QuantityUnit, ReportedChart } from "../../lib/report/mod.ts";

/** A limit for a number; `<=` by default. */
export interface Bound {
  readonly op?: Limit["op"] | undefined;
  readonly limit: number;
}

/** Measure the ratio of two sides, round by round. The claim has no numbers if a side has failed or is absent. */
export function ratioClaim(
  runs: readonly SideRuns[],
  options: Bound & {
    readonly of: string;
    readonly to: string;
    readonly metric?: string | undefined;
  },
): Measured {
  const { of, to, metric } = options;
  const areMeasured = [of, to].every((name) => runs.some((side) => side.name === name && side.problem === null));
  const ratio = areMeasured ? compareSides(runs, { of, to, metric })?.ratio : undefined;
  return intervalClaim(`${of} / ${to}`, "ratio", ratio, options);
}

/** Make a side of the slower run of two sides in each round. It has no runs if one of them has failed or is absent. */
export function slowerOf(runs: readonly SideRuns[], name: string, sides: readonly [string, string]): SideRuns {
  const [first, second] = sides.map((side) => runs.find((one) => one.name === side && one.problem === null));
  const samples = (first?.samples ?? []).flatMap((sample) => {
    const other = second?.samples.find(({ round }) => round === sample.round);
    if (other === undefined) return [];
    return [other.seconds > sample.seconds ? other : sample];
  });
  return { name, samples, warmup: [], problem: null };
}

/** Measure the median of one side. The claim has no numbers if the side has failed or is absent. */
export function medianClaim(
  runs: readonly SideRuns[],
  options: Bound & { readonly of: string; readonly metric: string; readonly unit: string },
): Measured {
  const values = valuesOfSide(runs, options.of, options.metric);
  const estimate = values.length === 0 ? undefined : medianInterval(values);
  return intervalClaim(options.of, options.unit, estimate, options);
}

/** Measure the largest number of all runs of one side, which is an exact one. */
export function peakClaim(
  runs: readonly SideRuns[],
  options: Bound & { readonly of: string; readonly metric: string; readonly unit: string; readonly what: string },
): Measured {
  const { of, metric, unit, what, op = "<=", limit } = options;
  const values = valuesOfSide(runs, of, metric);
  return {
    id: what,
    kind: "amount",
    unit,
    estimate: values.length === 0 ? null : Math.max(...values),
    trials: values.length,
    counted: "runs",
    requirement: { op, value: limit },
  };
}

function intervalClaim(
  id: string,
  unit: string,
  estimate: Estimate | undefined,
  { op = "<=", limit }: Bound,
): Measured {
  const base = { id, kind: "interval", unit, counted: "runs", requirement: { op, value: limit } } as const;
  if (estimate === undefined) return { ...base, trials: 0, reservation: "it was not measured" };
  const { value, low, high, confidence, n: trials } = estimate;
  return { ...base, estimate: value, low, high, confidence, trials };
}

/** Options of {@linkcode chartOf}. */
export interface ChartOptions {
  readonly title: string;
  readonly metric: string;
  readonly unit: QuantityUnit;
  /** Limits to draw at a share of a side's median. */
  readonly shares?: readonly { readonly of: string; readonly share: number }[] | undefined;
  /** Limits to draw at fixed values. */
  readonly limits?: ReportedChart["limits"] | undefined;
}

/** Build a chart of one metric over all sides. Sides whose names begin with `ours` are the engine's. */
export function chartOf(runs: readonly SideRuns[], options: ChartOptions): ReportedChart {
  const { title, metric, unit, shares = [], limits = [] } = options;
  const series = runs.map(({ name, samples, problem }) => {
    return { name, isOurs: name.startsWith("ours"), values: valuesOf(samples, metric), problem };
  });
  const lines = shares.flatMap(({ of, share }) => {
    const values = series.find((side) => side.name === of)?.values ?? [];
    return values.length === 0 ? [] : [{ label: `${share} × ${of}`, value: share * median(values) }];
  });
  return { title, unit, series, limits: [...lines, ...limits] };
}

function valuesOfSide(runs: readonly SideRuns[], name: string, metric: string): readonly number[] {
  const side = runs.find((candidate) => candidate.name === name);
  return side === undefined || side.problem !== null ? [] : valuesOf(side.samples, metric);
}

function valuesOf(samples: readonly PlacedSample[], metric: string): readonly number[] {
  return samples.map((sample) => metricOf(sample, metric)).filter((value) => value !== null);
}
