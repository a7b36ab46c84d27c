import { LabelGroups } from "../_group_labels.ts";
import { sumGains, WindowFamily } from "./_window_family.ts";
import { WindowProcesses } from "./_window_processes.ts";
import { type Gain, WindowSeries } from "./_window_series.ts";
import type { MetricDefinition } from "../instruments/metric_definition.ts";
import type { MetricLine } from "../metric_line.ts";
import type { LabelMatch } from "../metric_selector.ts";
import type { MetricFamily, MetricSeries, ValueSeries } from "../metric_snapshot.ts";
import type { GroupIncrease, LatestGauge, LatestOptions, WindowQuery } from "./window_query.ts";

/** Minimum time between two removals of old data, in milliseconds, by the times of the lines. */
const AGE_EVERY_MS = 60_000;

/**
 * Aggregates the lines of a journal, in any order, for queries about the last few minutes or days. A line that is added
 * again is ignored. Memory grows with the horizon and the number of series; only the time of each line is kept.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { METRIC_LINE_SCHEMA, METRIC_LINE_VERSION, MetricWindow } from "@civitai-dl/civitai-dl/metrics";
 *
 * const window = new MetricWindow({ horizonMs: 600_000 });
 * window.add({
 *   schema: METRIC_LINE_SCHEMA,
 *   version: METRIC_LINE_VERSION,
 *   time: "2026-01-01T00:00:10.000Z",
 *   process: "7-1767225600000",
 *   spanMs: 10_000,
 *   end: false,
 *   families: [{ name: "mail.sent", kind: "counter", unit: "{mail}", help: "", series: [{ labels: {}, value: 3 }] }],
 * });
 * const now = Date.parse("2026-01-01T00:00:30.000Z");
 * assertEquals(window.increasesBy("mail.sent", { windowMs: 60_000, now, by: [] })[0]?.increase, 3);
 * ```
 */
export class MetricWindow {
  /** How much older than the newest line data may be before it is forgotten, in milliseconds. */
  readonly horizonMs: number;
  readonly #families = new Map<string, WindowFamily>();
  readonly #processes = new WindowProcesses();
  /** The times of each process's lines, to recognize a line that is added again. */
  readonly #lineTimes = new Map<string, Set<number>>();
  readonly #lines = new WindowSeries({});
  #newest = -Infinity;
  #agedAt = -Infinity;

  /**
   * Create an empty window.
   *
   * @param options The horizon, an hour by default
   * @throws {RangeError} If the horizon is not positive
   */
  constructor({ horizonMs = 3_600_000 }: { readonly horizonMs?: number } = {}) {
    if (!(horizonMs > 0)) throw new RangeError(`Cannot keep metrics for ${horizonMs} ms: it must be positive`);
    this.horizonMs = horizonMs;
  }

  /**
   * Add a line.
   *
   * @param line A line of any process
   * @returns False if the line is too old or was already added
   */
  add(line: MetricLine): boolean {
    const time = Date.parse(line.time);
    if (this.#newest - time > this.horizonMs) return false;
    const times = this.#lineTimes.get(line.process) ?? new Set();
    if (times.has(time)) return false;
    this.#lineTimes.set(line.process, times.add(time));
    this.#newest = Math.max(this.#newest, time);
    this.#processes.add(time, line);
    this.#lines.add(time, { sum: 1, count: 0, buckets: [] }, this.#newest);
    for (const family of line.families) if (family.kind !== "gauge") this.#addFamily(time, family);
    if (this.#newest - this.#agedAt >= AGE_EVERY_MS) this.#dropOld();
    return true;
  }

  /** Add a gauge that no process wrote, such as the usage of a disk. It replaces an earlier one with the same name. */
  setGauge(definition: MetricDefinition, series: readonly ValueSeries[], now: number): void {
    this.#processes.setGauge(now, { ...definition, series });
  }

  /** The increase of the matching series, grouped by the labels in `by`. */
  increasesBy(name: string, query: WindowQuery & { readonly by: readonly string[] }): readonly GroupIncrease[] {
    const family = this.#families.get(name);
    if (family === undefined) return [];
    const groups = new LabelGroups<Gain>(query.by);
    for (const { labels, gain } of family.gains(periodOf(query))) groups.add(labels, gain);
    return groups.groups.map(({ labels, items }) => {
      const { sum, count, buckets } = sumGains(items);
      return { labels, increase: sum, count, buckets };
    });
  }

  /** The newest values of a gauge in each process that is alive. */
  latest(name: string, options: LatestOptions): readonly LatestGauge[] {
    return this.#processes.latest(name, options);
  }

  /** The upper bounds of a histogram's buckets; empty if the histogram is unknown. */
  boundsOf(name: string): readonly number[] {
    return this.#families.get(name)?.definition.bounds ?? [];
  }

  /** Number of lines in a window; 0 means that no process was recording. */
  countLines(query: Pick<WindowQuery, "windowMs" | "now">): number {
    const { after, until } = periodOf(query);
    return this.#lines.between(after, until).sum;
  }

  /** The processes that wrote a line within the last `staleMs` milliseconds and have not ended. */
  aliveProcesses(options: LatestOptions): readonly string[] {
    return this.#processes.aliveProcesses(options);
  }

  /**
   * All instruments in a window: counters and histograms, summed over all processes, and gauges, with a `process`
   * label.
   *
   * @param query The window, and the time after which a silent process counts as ended
   * @returns Counters and histograms, with 0 where there was no increase, then gauges
   */
  families(query: WindowQuery & Pick<LatestOptions, "staleMs">): readonly MetricFamily[] {
    const grown = [...this.#families.values()].map((family): MetricFamily => ({
      ...family.definition,
      series: family.gains(periodOf(query)).map(({ labels, gain }): MetricSeries =>
        family.definition.kind === "histogram"
          ? { labels, count: gain.count, sum: gain.sum, buckets: fill(gain.buckets, family.definition) }
          : { labels, value: gain.sum }
      ),
    }));
    const gauges = this.#processes.gauges(query).map((family): MetricFamily => ({
      ...family,
      series: this.latest(family.name, query).map(({ labels, value, process }) => ({
        labels: process === "" ? labels : { ...labels, process },
        value,
      })),
    }));
    return [...grown, ...gauges];
  }

  #addFamily(time: number, family: MetricFamily): void {
    const own = this.#families.get(family.name) ?? new WindowFamily(family);
    this.#families.set(family.name, own);
    // Another version of the program may use different buckets, which cannot be summed.
    if (!own.fits(family)) return;
    for (const series of family.series) own.add(time, series, this.#newest);
  }

  #dropOld(): void {
    this.#agedAt = this.#newest;
    for (const family of this.#families.values()) family.dropOld(this.#newest, this.horizonMs);
    this.#lines.dropOld(this.#newest, this.horizonMs);
    this.#processes.dropOld(this.#newest, this.horizonMs);
    for (const [process, times] of this.#lineTimes) {
      for (const time of times) if (this.#newest - time > this.horizonMs) times.delete(time);
      if (times.size === 0) this.#lineTimes.delete(process);
    }
  }
}

function periodOf({ windowMs, now, match }: WindowQuery): {
  readonly after: number;
  readonly until: number;
  readonly match: LabelMatch | undefined;
} {
  return { after: now - windowMs, until: now, match };
}

/** Fill missing buckets with zeros: a window without a value has no buckets yet. */
function fill(buckets: readonly number[], definition: MetricDefinition): readonly number[] {
  return Array.from({ length: (definition.bounds?.length ?? 0) + 1 }, (_, index) => buckets[index] ?? 0);
}
