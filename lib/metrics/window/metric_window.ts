import { LabelGroups } from "../_group_labels.ts";
import { sumGains, WindowFamily } from "./_window_family.ts";
import { WindowProcesses } from "./_window_processes.ts";
import { type Gain, WindowSeries } from "./_window_series.ts";
import { bucketQuantile } from "./bucket_quantile.ts";
import type { MetricDefinition } from "../instruments/metric_definition.ts";
import type { MetricLine } from "../journal/metric_line.ts";
import type { LabelMatch } from "../metric_selector.ts";
import type { MetricFamily, MetricSeries, ValueSeries } from "../metric_snapshot.ts";
import type { GroupIncrease, LatestGauge, LatestOptions, WindowQuery } from "./window_query.ts";

/** Options of {@linkcode MetricWindow}. */
export interface MetricWindowOptions {
  /**
   * What is older than the newest line by more is forgotten.
   *
   * @default {one hour}
   */
  readonly horizonMs?: number;
  /**
   * Sets of labels that a metric tells apart.
   *
   * @default {1000}
   */
  readonly maxSeries?: number;
}

/** Old things are looked for this often, in the time of the lines. */
const AGE_EVERY_MS = 60_000;

/**
 * Takes the lines of a journal in any order, each once, and answers what happened in the last minutes or days. What it
 * holds grows with its horizon and with the number of series, not with the number of lines.
 */
export class MetricWindow {
  /** What is older than the newest line by more is forgotten. */
  readonly horizonMs: number;
  readonly #maxSeries: number;
  readonly #families = new Map<string, WindowFamily>();
  readonly #processes = new WindowProcesses();
  /** By process, the times of its lines, so that a line that is read again is known. */
  readonly #seen = new Map<string, Set<number>>();
  readonly #lines = new WindowSeries({});
  #newest = -Infinity;
  #agedAt = -Infinity;

  /**
   * Make an empty one.
   *
   * @param options Horizon and bound of series
   * @throws {RangeError} If the horizon is not positive
   */
  constructor(options: MetricWindowOptions = {}) {
    const { horizonMs = 3_600_000, maxSeries = 1000 } = options;
    if (!(horizonMs > 0)) throw new RangeError(`Cannot keep metrics for ${horizonMs} ms: it must be positive`);
    this.horizonMs = horizonMs;
    this.#maxSeries = maxSeries;
  }

  /**
   * Take in a line.
   *
   * @param line Of any process
   * @returns False if it is too old, or was taken in before
   */
  add(line: MetricLine): boolean {
    const time = Date.parse(line.time);
    if (this.#newest - time > this.horizonMs) return false;
    const seen = this.#seen.get(line.process) ?? new Set();
    if (seen.has(time)) return false;
    this.#seen.set(line.process, seen.add(time));
    this.#newest = Math.max(this.#newest, time);
    this.#processes.add(time, line);
    this.#lines.add(time, { sum: 1, count: 0, buckets: [] }, this.#newest);
    for (const family of line.families) if (family.kind !== "gauge") this.#addFamily(time, family);
    if (this.#newest - this.#agedAt >= AGE_EVERY_MS) this.#age();
    return true;
  }

  /** Take in a gauge that was measured from outside of the processes that write; the next of its name replaces it. */
  measure(definition: MetricDefinition, series: readonly ValueSeries[], now: number): void {
    this.#processes.measure(now, { ...definition, series });
  }

  /** By how much matching series of a counter grew; 0 for one that is not known. */
  increase(name: string, query: WindowQuery): number {
    return this.increases(name, { ...query, by: [] }).reduce((sum, group) => sum + group.increase, 0);
  }

  /** By how much they grew, by the values of some labels. */
  increases(name: string, query: WindowQuery & { readonly by: readonly string[] }): readonly GroupIncrease[] {
    const family = this.#families.get(name);
    if (family === undefined) return [];
    const groups = new LabelGroups<Gain>(query.by);
    for (const { labels, gain } of family.gains(periodOf(query))) groups.add(labels, gain);
    return groups.groups.map(({ labels, items }) => {
      const { sum, count, buckets } = sumGains(items);
      return { labels, increase: sum, count, buckets };
    });
  }

  /** The newest values of a gauge, of each process that is alive. */
  latest(name: string, options: LatestOptions): readonly LatestGauge[] {
    return this.#processes.latest(name, options);
  }

  /** A quantile of matching series of a histogram; `null` without a value in the window. */
  quantile(name: string, share: number, query: WindowQuery): number | null {
    const bounds = this.boundsOf(name);
    const [group] = this.increases(name, { ...query, by: [] });
    return group === undefined ? null : bucketQuantile(bounds, group.buckets, share);
  }

  /** The bounds of a histogram's buckets; none for one that is not known. */
  boundsOf(name: string): readonly number[] {
    return this.#families.get(name)?.definition.bounds ?? [];
  }

  /** How many lines there are in a window: without one, nobody counted. */
  lines(query: Pick<WindowQuery, "windowMs" | "now">): number {
    const { after, until } = periodOf(query);
    return this.#lines.between(after, until).sum;
  }

  /** The processes that write, and have not ended. */
  alive(options: LatestOptions): readonly string[] {
    return this.#processes.alive(options);
  }

  /**
   * All that is known of a window, summed over processes; a gauge's values are told apart by a label `process`.
   *
   * @param query Which window, and when a process counts as gone
   * @returns Families, those that gained nothing with the value 0
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
    const own = this.#families.get(family.name) ?? new WindowFamily(family, this.#maxSeries);
    this.#families.set(family.name, own);
    // What another version of the program counts otherwise cannot be added up.
    if (!own.fits(family)) return;
    for (const series of family.series) own.add(time, series, this.#newest);
  }

  #age(): void {
    this.#agedAt = this.#newest;
    for (const family of this.#families.values()) family.age(this.#newest, this.horizonMs);
    this.#lines.age(this.#newest, this.horizonMs);
    this.#processes.age(this.#newest, this.horizonMs);
    for (const [process, times] of this.#seen) {
      for (const time of times) if (this.#newest - time > this.horizonMs) times.delete(time);
      if (times.size === 0) this.#seen.delete(process);
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

/** A window without a value has no buckets yet. */
function fill(buckets: readonly number[], definition: MetricDefinition): readonly number[] {
  return Array.from({ length: (definition.bounds?.length ?? 0) + 1 }, (_, index) => buckets[index] ?? 0);
}
