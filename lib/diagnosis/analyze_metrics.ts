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
  /** Whether lines could not be read and no line of any time could: the file is no journal of this program. */
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
  readonly bytes: string;
  /**
   * Time source; tests pass a fake clock.
   *
   * @default {systemClock}
   */
  readonly clock?: Clock | undefined;
  /** Stops reading; the reason is thrown. */
  readonly signal?: AbortSignal | undefined;
}

/** Hosts with rates of their own. */
const MAX_HOSTS = 20;

type Ratio = Extract<DerivedMetric, { readonly kind: "ratio" }>;

/**
 * Read the metrics of a period and of the one before. The memory does not grow with the journal.
 *
 * @param options Folder, period and metrics
 * @returns The figures; all of them empty if no process wrote metrics in the period
 */
export async function analyzeMetrics(options: AnalyzeMetricsOptions): Promise<MetricAnalysis> {
  const { folder, rangeMs, derived, bytes, clock = systemClock, signal } = options;
  const untilMs = clock.now();
  const fromMs = untilMs - rangeMs;
  const skipped = { broken: 0, newer: 0, long: 0 };
  const now = new Period();
  const before = new Period();
  let hasOwnLine = false;
  const lines = readMetricLines(folder, {
    sinceMs: fromMs - rangeMs,
    onSkip: (reason) => skipped[reason]++,
    onOlder: () => hasOwnLine = true,
    signal,
  });
  for await (const line of lines) {
    hasOwnLine = true;
    const timeMs = Date.parse(line.time);
    if (timeMs <= untilMs) (timeMs > fromMs ? now : before).add(line);
  }
  const ratios = derived.filter((metric): metric is Ratio => metric.kind === "ratio");
  const perSecond = (period: Period): number => period.sum({ name: bytes }) / (rangeMs / 1000);
  return {
    schema: METRIC_ANALYSIS_SCHEMA,
    version: 1,
    from: new Date(fromMs).toISOString(),
    until: new Date(untilMs).toISOString(),
    lines: now.lines,
    linesBefore: before.lines,
    skipped,
    isForeign: !hasOwnLine && skipped.broken + skipped.long > 0,
    bytesPerSecond: { now: perSecond(now), before: perSecond(before) },
    rates: [null, ...now.hosts()].flatMap((host) =>
      ratios.map((ratio) => ({
        name: ratio.name,
        host,
        ...now.rate(ratio, host),
        before: before.rate(ratio, host),
      }))
    ).filter(({ host, trials }) => host === null || trials > 0),
    times: now.histograms().map(({ name, labels, bounds, buckets, count }) => {
      const earlier = before.histograms().find((other) => other.name === name && isSame(other.labels, labels));
      return {
        name,
        labels,
        ...measureTimes({ bounds, buckets, count }),
        before: measureTimes({ bounds, buckets: earlier?.buckets ?? [], count: earlier?.count ?? 0 }),
      };
    }),
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
    const [events, trials] = [of, over].map((selector) =>
      this.sum(host === null ? selector : { ...selector, match: { ...selector.match, host } })
    ) as [number, number];
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

function measureTimes(
  { bounds, buckets, count }: Pick<HistogramSeries, "buckets" | "count"> & { readonly bounds: readonly number[] },
): MeasuredTimes {
  return { count, p50: bucketQuantile(bounds, buckets, 0.5), p95: bucketQuantile(bounds, buckets, 0.95) };
}

function countFindings(now: Period, before: Period): MetricAnalysis["counts"] {
  const found = new Map<string, { name: string; labels: MetricLabels; value: number; before: number }>();
  const add = (period: Period, side: "value" | "before"): void => {
    for (const { name, labels, value } of period.counters()) {
      const key = `${name} ${JSON.stringify(labels)}`;
      const entry = found.get(key) ?? { name, labels, value: 0, before: 0 };
      found.set(key, { ...entry, [side]: value });
    }
  };
  add(now, "value");
  add(before, "before");
  return [...found.values()].toSorted((a, b) => a.name.localeCompare(b.name) || b.value - a.value);
}

function isSame(one: MetricLabels, other: MetricLabels): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}
