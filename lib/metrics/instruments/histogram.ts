import { SeriesTable } from "./series_table.ts";
import { metricBounds } from "./metric_bounds.ts";
import type { MetricDefinition } from "./metric_definition.ts";
import type { HistogramSeries, MetricLabels } from "../metric_snapshot.ts";
import { MirroredInstrument } from "./mirrored_instrument.ts";

interface Cells {
  count: number;
  sum: number;
  readonly buckets: number[];
}

/**
 * Counts values by size, in a fixed number of buckets; created by {@linkcode MetricRegistry.histogram}.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { MetricRegistry } from "@civitai-dl/civitai-dl/metrics";
 *
 * const registry = new MetricRegistry();
 * const bounds = [1024, 4096];
 * const sizes = registry.histogram({ name: "mail.size", kind: "histogram", unit: "By", help: "Sizes", bounds });
 * sizes.record(1000);
 * sizes.record(5000);
 * assertEquals(sizes.series(), [{ labels: {}, count: 2, sum: 6000, buckets: [1, 0, 1] }]);
 * ```
 */
export class Histogram extends MirroredInstrument {
  /** Distinguishes the members of {@linkcode Instrument}. */
  readonly kind = "histogram";
  /** Name, unit, help, labels and bounds. */
  readonly definition: MetricDefinition;
  /** Inclusive upper bounds of the buckets, in ascending order; one more bucket counts larger values. */
  readonly bounds: readonly number[];
  readonly #table: SeriesTable<Cells>;

  /**
   * Create a histogram without series; the definition is not checked here.
   *
   * @param definition Name, unit, help, labels and bounds
   */
  constructor(definition: MetricDefinition) {
    super();
    this.definition = definition;
    this.bounds = metricBounds(definition);
    const size = this.bounds.length + 1;
    this.#table = new SeriesTable(
      definition,
      () => ({ count: 0, sum: 0, buckets: new Array<number>(size).fill(0) }),
    );
  }

  /**
   * Count a value.
   *
   * @param value A finite number that is not negative
   * @param labels Values of the labels in the definition; a missing one is empty
   * @throws {RangeError} If the value is negative or not finite
   * @throws {TypeError} If a new series has a label that is not in the definition
   */
  record(value: number, labels?: MetricLabels): void {
    if (!(value >= 0 && value < Infinity)) {
      throw new RangeError(
        `Cannot record ${value} in "${this.definition.name}": a value must be finite and not negative`,
      );
    }
    const { data: cells, labels: own } = this.#table.find(labels);
    cells.count++;
    cells.sum += value;
    cells.buckets[this.#bucketOf(value)]!++;
    this.onRecord?.(value, own);
  }

  /** The current counts of each series. */
  series(): readonly HistogramSeries[] {
    return Array.from(this.#table.rows(), ({ labels, data: { count, sum, buckets } }) => {
      return { labels, count, sum, buckets: [...buckets] };
    });
  }

  /** Find the index of the first bucket with a bound that is not below the value, by binary search. */
  #bucketOf(value: number): number {
    let low = 0;
    let high = this.bounds.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (value <= this.bounds[middle]!) high = middle;
      else low = middle + 1;
    }
    return low;
  }
}
