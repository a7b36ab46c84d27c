import { type Clock, systemClock } from "../base/mod.ts";
import {
  bucketQuantile,
  type DerivedMetric,
  type HistogramSeries,
  matchesLabels,
  type MetricFamily,
  type MetricLabels,
  type MetricLine,
  type MetricSelector,
  MetricTotals,
  readMetricLines,
  type ValueSeries,
} from "../metrics/mod.ts";

/** The value of `schema` in a {@linkcode MetricAnalysis}. */
const METRIC_ANALYSIS_SCHEMA = "civitai-dl/metric-analysis";

/** A share of events in a period. */
export interface MeasuredRate {
  readonly events: number;
  readonly trials: number;
  /** Events by trials; `null` without trials. */
  readonly rate: number | null;
}

/** A rate of all hosts or of one. */
export interface RateFinding extends MeasuredRate {
  /** Name of the rate, such as `error_rate`. */
  readonly name: string;
  /** The host; `null` for all together. */
  readonly host: string | null;
  readonly before: MeasuredRate;
}

/** Quantiles of a histogram in a period, in its unit; `null` without values. */
export interface MeasuredTimes {
  readonly count: number;
  readonly p50: number | null;
  readonly p95: number | null;
}

/** A histogram of one set of labels. */
export interface TimesFinding extends MeasuredTimes {
  readonly name: string;
  readonly labels: MetricLabels;
  readonly before: MeasuredTimes;
}

/** The increase of a counter of one set of labels. */
export interface CountFinding {
  readonly name: string;
  readonly labels: MetricLabels;
  readonly value: number;
  readonly before: number;
}

/** The metrics of a period beside those of the period of the same length before it. */
export interface MetricAnalysis {
  /** {@linkcode METRIC_ANALYSIS_SCHEMA}. */
  readonly schema: typeof METRIC_ANALYSIS_SCHEMA;
  /** Version of the document. */
  readonly version: 1;
  /** Start of the period, ISO 8601 UTC. */
  readonly from: string;
  /** End of the period, which is the time of the analysis. */
  readonly until: string;
  /** Number of lines in the period. */
  readonly lines: number;
  /** Number of lines in the period before. */
  readonly linesBefore: number;
  /** Lines that could not be read. */
  readonly skipped: { readonly broken: number; readonly newer: number; readonly long: number };
  /** Whether the file is no journal of this program: it has lines, and none of them, of any time, could be read. */
  readonly isForeign: boolean;
  /** Received bytes per second over the whole period. */
  readonly bytesPerSecond: { readonly now: number; readonly before: number };
  /** Shares, of all hosts together first. */
  readonly rates: readonly RateFinding[];
  /** Durations. */
  readonly times: readonly TimesFinding[];
  /** Increases of the counters, largest first within each metric. */
  readonly counts: readonly CountFinding[];
}

/** Options of {@linkcode analyzeMetrics}. */
export interface AnalyzeMetricsOptions {
  /** Folder of the journal. */
  readonly folder: string;
  /** Length of the period, which ends now, in milliseconds. The period before has the same length. */
  readonly rangeMs: number;
  /** Derived metrics; each ratio of counters becomes a rate. */
  readonly derived: readonly DerivedMetric[];
  /** Name of the counter of received bytes. */
  readonly bytesMetric: string;
  /**
   * Time source; tests pass a fake clock.
   *
   * @default {systemClock}
   */
  readonly clock?: Clock | undefined;
  /** Stops reading; the reason is thrown. */
  readonly signal?: AbortSignal | undefined;
}

/** Maximum number of hosts that get rates of their own. */
const MAX_HOSTS = 20;

type Ratio = Extract<DerivedMetric, { readonly kind: "ratio" }>;

/**
 * Read the metrics of a period and of the one before. The memory does not grow with the journal.
 *
 * @param options Folder, period and metrics
 * @returns The figures; all of them empty if no process wrote metrics in the period
 */
export async function analyzeMetrics(options: AnalyzeMetricsOptions): Promise<MetricAnalysis> {
  const { folder, rangeMs, derived, bytesMetric, clock = systemClock, signal } = options;
  const untilMs = clock.now();
  const fromMs = untilMs - rangeMs;
  const skipped = { broken: 0, newer: 0, long: 0 };
  const now = new Period();
  const before = new Period();
  let hasReadableLine = false;
  const lines = readMetricLines(folder, {
    sinceMs: fromMs - rangeMs,
    onSkip: (reason) => skipped[reason]++,
    onOlder: () => hasReadableLine = true,
    signal,
  });
  for await (const line of lines) {
    hasReadableLine = true;
    const timeMs = Date.parse(line.time);
    // A line from the future, from a wrong clock, is in neither period.
    if (timeMs > untilMs) continue;
    const period = timeMs > fromMs ? now : before;
    period.add(line);
  }
  const ratios = derived.filter((metric): metric is Ratio => metric.kind === "ratio");
  const perSecond = (period: Period): number => period.sum({ name: bytesMetric }) / (rangeMs / 1000);
  return {
    schema: METRIC_ANALYSIS_SCHEMA,
    version: 1,
    from: new Date(fromMs).toISOString(),
    until: new Date(untilMs).toISOString(),
    lines: now.lines,
    linesBefore: before.lines,
    skipped,
    isForeign: !hasReadableLine && skipped.broken + skipped.long > 0,
    bytesPerSecond: { now: perSecond(now), before: perSecond(before) },
    rates: rateFindings(ratios, now, before),
    times: timesFindings(now, before),
    counts: countFindings(now, before),
  };
}

/** The sums of all journal lines of one period. */
class Period {
  readonly #totals = new MetricTotals();
  lines = 0;

  add(line: MetricLine): void {
    this.lines++;
    this.#totals.add(line);
  }

  /** Sum the matching series of a counter. */
  sum({ name, match }: MetricSelector): number {
    return this.counters()
      .filter((counter) => counter.name === name && matchesLabels(counter.labels, match))
      .reduce((sum, { value }) => sum + value, 0);
  }

  /** A rate of one host, or of all. */
  rate({ of, over }: Ratio, host: string | null): MeasuredRate {
    const ofHost = (selector: MetricSelector): MetricSelector =>
      host === null ? selector : { ...selector, match: { ...selector.match, host } };
    const events = this.sum(ofHost(of));
    const trials = this.sum(ofHost(over));
    return { events, trials, rate: trials === 0 ? null : events / trials };
  }

  counters(): readonly (ValueSeries & { readonly name: string })[] {
    return this.#familiesOf("counter").flatMap(({ name, series }) =>
      series.map((one) => ({ ...one as ValueSeries, name }))
    );
  }

  histograms(): readonly (HistogramSeries & { readonly name: string; readonly bounds: readonly number[] })[] {
    return this.#familiesOf("histogram").flatMap(({ name, bounds = [], series }) =>
      series.map((one) => ({ ...one as HistogramSeries, name, bounds }))
    );
  }

  /** The hosts with the most events. */
  hosts(): readonly string[] {
    const sums = new Map<string, number>();
    for (const { labels: { host }, value } of this.counters()) {
      if (host !== undefined) sums.set(host, (sums.get(host) ?? 0) + value);
    }
    return [...sums].toSorted(([, a], [, b]) => b - a).slice(0, MAX_HOSTS).map(([host]) => host);
  }

  #familiesOf(kind: MetricFamily["kind"]): readonly MetricFamily[] {
    return this.#totals.families().filter((family) => family.kind === kind);
  }
}

/** The rates of all hosts together, then those of each host that has trials. */
function rateFindings(ratios: readonly Ratio[], now: Period, before: Period): readonly RateFinding[] {
  const findRate = (ratio: Ratio, host: string | null): RateFinding => ({
    name: ratio.name,
    host,
    ...now.rate(ratio, host),
    before: before.rate(ratio, host),
  });
  const ofAll = ratios.map((ratio) => findRate(ratio, null));
  const ofHosts = now.hosts().flatMap((host) => ratios.map((ratio) => findRate(ratio, host)));
  return [...ofAll, ...ofHosts.filter(({ trials }) => trials > 0)];
}

function timesFindings(now: Period, before: Period): readonly TimesFinding[] {
  const earlier = new Map(before.histograms().map((histogram) => [keyOf(histogram), histogram]));
  return now.histograms().map((histogram) => {
    const { name, labels, bounds } = histogram;
    const { buckets = [], count = 0 } = earlier.get(keyOf(histogram)) ?? {};
    return { name, labels, ...measureTimes(histogram), before: measureTimes({ bounds, buckets, count }) };
  });
}

function measureTimes(
  { bounds, buckets, count }: Pick<HistogramSeries, "buckets" | "count"> & { readonly bounds: readonly number[] },
): MeasuredTimes {
  return { count, p50: bucketQuantile(bounds, buckets, 0.5), p95: bucketQuantile(bounds, buckets, 0.95) };
}

/** All counters of either period; one that a period lacks counts as 0 there. */
function countFindings(now: Period, before: Period): readonly CountFinding[] {
  const found = new Map<string, CountFinding>();
  for (const counter of now.counters()) {
    const { name, labels, value } = counter;
    found.set(keyOf(counter), { name, labels, value, before: 0 });
  }
  for (const counter of before.counters()) {
    const { name, labels, value } = counter;
    found.set(keyOf(counter), { name, labels, value: found.get(keyOf(counter))?.value ?? 0, before: value });
  }
  return [...found.values()].toSorted((a, b) => a.name.localeCompare(b.name) || b.value - a.value);
}

/** Identifies a series in both periods. */
function keyOf({ name, labels }: Pick<CountFinding, "name" | "labels">): string {
  return `${name} ${JSON.stringify(labels)}`;
}
