import { SeriesTable } from "./series_table.ts";
import type { MetricDefinition } from "./metric_definition.ts";
import type { MetricLabels, ValueSeries } from "../metric_snapshot.ts";
import { MirroredInstrument } from "./mirrored_instrument.ts";
import type { SeriesOptions } from "./series_options.ts";

/** Adds up; made by {@linkcode MetricRegistry.counter}. */
export class Counter extends MirroredInstrument {
  /** Tells the kinds of instruments apart. */
  readonly kind = "counter";
  /** What it is. */
  readonly definition: MetricDefinition;
  readonly #table: SeriesTable<{ value: number }>;

  /**
   * Make one.
   *
   * @param definition What it is
   * @param options Bound of its series
   */
  constructor(definition: MetricDefinition, options: SeriesOptions) {
    super();
    this.definition = definition;
    this.#table = new SeriesTable(definition, () => ({ value: 0 }), options);
  }

  /**
   * Add to a series; 0 makes the series visible.
   *
   * @param value Finite and not negative
   * @param labels Of those that the definition names
   * @throws {RangeError} If the value is negative or no finite number
   */
  add(value: number, labels?: MetricLabels): void {
    if (!(value >= 0 && value < Infinity)) {
      throw new RangeError(`Cannot add ${value} to "${this.definition.name}": a counter only grows`);
    }
    const row = this.#table.find(labels);
    row.data.value += value;
    this.listener?.(value, row.labels);
  }

  /** What it holds now. */
  series(): readonly ValueSeries[] {
    return Array.from(this.#table.rows(), ({ labels, data }) => ({ labels, value: data.value }));
  }
}
