import { compareSides, judgeLimit, metricOf, type PlacedSample, type SideRuns } from "../../lib/bench/mod.ts";
import { type Estimate, median, medianInterval } from "../../lib/stats/mod.ts";
import type { QuantityUnit, ReportedChart, ReportedCriterion } from "../../lib/report/mod.ts";

/** A limit for a number; "at most" by default. */
export interface Limit {
  readonly direction?: "at most" | "at least" | undefined;
  readonly limit: number;
}

/** Compare the ratio of two sides with a limit. The criterion has no estimate if a side has failed or is absent. */
export function ratioCriterion(
  runs: readonly SideRuns[],
  options: Limit & {
    readonly of: string;
    readonly to: string;
    readonly metric?: string | undefined;
    readonly what?: string | undefined;
  },
): ReportedCriterion {
  const { of, to, metric, what = `${of} / ${to}` } = options;
  const areMeasured = [of, to].every((name) => runs.some((side) => side.name === name && side.problem === null));
  const comparison = areMeasured ? compareSides(runs, { of, to, metric }) : null;
  return criterion({ what, unit: "ratio", bound: options, estimate: comparison?.ratio ?? null });
}

/** Compare the median of one side with a limit. The criterion has no estimate if the side has failed or is absent. */
export function medianCriterion(
  runs: readonly SideRuns[],
  options: ValueWish & { readonly of: string; readonly metric: string },
): ReportedCriterion {
  const side = runs.find((candidate) => candidate.name === options.of);
  const values = side === undefined || side.problem !== null ? [] : valuesOf(side.samples, options.metric);
  return criterion({ ...options, bound: options, estimate: values.length === 0 ? null : medianInterval(values) });
}

/** The limit for a plain number, and how the report names it. */
export interface ValueWish extends Limit {
  readonly what: string;
  readonly unit: QuantityUnit;
}

/** Compare an exact count with a limit; `null` if it could not be counted. */
export function countCriterion(count: number | null, options: ValueWish): ReportedCriterion {
  const estimate = count === null ? null : { value: count, low: count, high: count, confidence: 1, n: 1 };
  return criterion({ ...options, bound: options, estimate });
}

interface Facts {
  readonly what: string;
  readonly unit: QuantityUnit;
  readonly bound: Limit;
  readonly estimate: Estimate | null;
}

function criterion({ what, unit, bound, estimate }: Facts): ReportedCriterion {
  const { direction = "at most", limit } = bound;
  const verdict = estimate === null ? { isMet: null, isCertain: false } : judgeLimit(estimate, direction, limit);
  return { what, unit, direction, limit, estimate, ...verdict };
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
  const series = runs.map((side) => {
    const values = valuesOf(side.samples, metric);
    const isOurs = side.name.startsWith("ours");
    return {
      name: side.name,
      isOurs,
      values,
      median: values.length === 0 ? null : medianInterval(values),
      problem: side.problem,
    };
  });
  const lines = shares.flatMap(({ of, share }) => {
    const values = series.find((side) => side.name === of)?.values ?? [];
    return values.length === 0 ? [] : [{ label: `${share} × ${of}`, value: share * median(values) }];
  });
  return { title, unit, series, limits: [...lines, ...limits] };
}

function valuesOf(samples: readonly PlacedSample[], metric: string): readonly number[] {
  return samples.map((sample) => metricOf(sample, metric)).filter((value) => value !== null);
}
