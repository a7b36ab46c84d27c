import { type Clock, systemClock } from "../../base/mod.ts";
import { bucketQuantile, type DerivedMetric, type MetricLabels, readMetricLines } from "../../metrics/mod.ts";
import { TimeBins } from "../time_bins.ts";
import { compareBuckets, compareMinutes, compareRates, judgeChanges, measureRate } from "./_compare_periods.ts";
import { fits, type HistogramTotal, PeriodTotals } from "./_period_totals.ts";
import { type MeasuredTimes, METRIC_ANALYSIS_SCHEMA, type MetricAnalysis } from "./metric_analysis.ts";

/** Options of {@linkcode analyzeMetrics}. */
export interface AnalyzeMetricsOptions {
  /** Folder of the journal. */
  readonly folder: string;
  /** Length of the period, in milliseconds. The period before has the same length. */
  readonly rangeMs: number;
  /**
   * End of the period, in milliseconds since the epoch.
   *
   * @default {now}
   */
  readonly untilMs?: number | undefined;
  /** Derived metrics; each ratio of counters becomes a rate with an interval. */
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

const MINUTE_MS = 60_000;
/** Hosts with rates of their own. */
const MAX_HOSTS = 20;

type Ratio = Extract<DerivedMetric, { readonly kind: "ratio" }>;

/**
 * Read the metrics of a period and of the one before, and compare them. The memory does not grow with the journal.
 *
 * @param options Folder, period and metrics
 * @returns The figures; all of them empty if no process wrote metrics in the period
 */
export async function analyzeMetrics(options: AnalyzeMetricsOptions): Promise<MetricAnalysis> {
  const { folder, rangeMs, derived, bytes, clock = systemClock, signal } = options;
  const madeMs = clock.now();
  const untilMs = options.untilMs ?? madeMs;
  const fromMs = untilMs - rangeMs;
  const skipped = { broken: 0, newer: 0, long: 0 };
  const now = new PeriodTotals();
  const before = new PeriodTotals();
  const ratios = derived.filter((metric): metric is Ratio => metric.kind === "ratio");
  const bins = new Map(
    [bytes, ...ratios.map(({ name }) => name)].map((name) => [name, new TimeBins({ widthMs: 10_000 })]),
  );
  const minutes = { now: new Map<number, number>(), before: new Map<number, number>() };
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
    if (timeMs > untilMs) continue;
    const isNow = timeMs > fromMs;
    (isNow ? now : before).add(line);
    const perMinute = isNow ? minutes.now : minutes.before;
    const minute = Math.floor(timeMs / MINUTE_MS);
    perMinute.set(minute, perMinute.get(minute) ?? 0);
    for (const { name, series } of line.families) {
      for (const entry of series) {
        if ("buckets" in entry) continue;
        if (name === bytes) perMinute.set(minute, perMinute.get(minute)! + entry.value);
        if (!isNow) continue;
        if (name === bytes) bins.get(bytes)!.add(timeMs, entry.value);
        for (const ratio of ratios) {
          if (ratio.of.name === name && fits(entry.labels, ratio.of.match ?? {})) {
            bins.get(ratio.name)!.add(timeMs, entry.value);
          }
        }
      }
    }
  }
  const rates = [null, ...hostsOf(now)].flatMap((host) =>
    ratios.map(({ name, of, over }) => ({
      name,
      host,
      ...measureRate(now.sum(of, host), now.sum(over, host)),
      before: measureRate(before.sum(of, host), before.sum(over, host)),
    }))
  ).filter(({ host, trials }) => host === null || trials > 0);
  const times = Array.from(now.histograms, ([key, histogram]) => {
    const earlier = before.histograms.get(key);
    const isSame = earlier !== undefined && earlier.buckets.length === histogram.buckets.length;
    return {
      histogram,
      earlier: isSame ? earlier : { ...histogram, buckets: histogram.buckets.map(() => 0), count: 0 },
    };
  });
  const changes = judgeChanges([
    compareMinutes([...minutes.now.values()], [...minutes.before.values()]),
    ...rates.map((rate) => compareRates(rate, rate.before)),
    ...times.map(({ histogram, earlier }) => compareBuckets(histogram.buckets, earlier.buckets)),
  ]);
  const secondsOf = (totals: PeriodTotals) => totals.sum({ name: bytes }, null) / (rangeMs / 1000);
  return {
    schema: METRIC_ANALYSIS_SCHEMA,
    version: 1,
    time: new Date(madeMs).toISOString(),
    from: new Date(fromMs).toISOString(),
    until: new Date(untilMs).toISOString(),
    lines: now.lines,
    linesBefore: before.lines,
    processes: now.processes.size,
    openEnds: [...now.processes.values()].filter((hasEnded) => !hasEnded).length,
    gaps: now.lines === 0 ? [] : findGaps(now.spans, fromMs, untilMs),
    skipped,
    isForeign: !hasOwnLine && skipped.broken + skipped.long > 0,
    throughput: { bytesPerSecond: secondsOf(now), before: secondsOf(before), change: changes[0]! },
    rates: rates.map((rate, index) => ({ ...rate, change: changes[1 + index]! })),
    times: times.map(({ histogram, earlier }, index) => ({
      name: histogram.name,
      unit: histogram.unit,
      labels: histogram.labels,
      ...measureTimes(histogram),
      before: measureTimes(earlier),
      change: changes[1 + rates.length + index]!,
    })),
    counts: countFindings(now, before),
    series: Array.from(bins, ([name, counts]) => ({ name, bins: counts.read() })),
  };
}

/** The hosts with the most events, at most 20. */
function hostsOf(totals: PeriodTotals): readonly string[] {
  const sums = new Map<string, number>();
  for (const { labels, value } of totals.counters.values()) {
    if (labels.host !== undefined) sums.set(labels.host, (sums.get(labels.host) ?? 0) + value);
  }
  return [...sums].sort(([, a], [, b]) => b - a).slice(0, MAX_HOSTS).map(([host]) => host);
}

function measureTimes({ bounds, buckets, count }: HistogramTotal): MeasuredTimes {
  const at = (share: number) => bucketQuantile(bounds, buckets, share);
  return { count, p50: at(0.5), p95: at(0.95), p99: at(0.99) };
}

function countFindings(now: PeriodTotals, before: PeriodTotals): MetricAnalysis["counts"] {
  const keys = new Set([...now.counters.keys(), ...before.counters.keys()]);
  return Array.from(keys, (key) => {
    const { name, unit, labels }: { name: string; unit: string; labels: MetricLabels } =
      (now.counters.get(key) ?? before.counters.get(key))!;
    const value = now.counters.get(key)?.value ?? 0;
    return { name, unit, labels, value, before: before.counters.get(key)?.value ?? 0 };
  }).sort((a, b) => a.name.localeCompare(b.name) || b.value - a.value);
}

/** Find the times of a minute or more that no span covers. */
function findGaps(
  spans: readonly (readonly [number, number])[],
  fromMs: number,
  untilMs: number,
): MetricAnalysis["gaps"] {
  const gaps: { from: string; until: string }[] = [];
  let covered = fromMs;
  const end: readonly [number, number] = [untilMs, untilMs];
  for (const [start, stop] of [...spans.toSorted(([a], [b]) => a - b), end]) {
    if (start - covered >= MINUTE_MS) {
      gaps.push({ from: new Date(covered).toISOString(), until: new Date(start).toISOString() });
    }
    covered = Math.max(covered, stop);
  }
  return gaps;
}
