import { SeriesTable } from "./series_table.ts";
import type { MetricDefinition } from "./metric_definition.ts";
import type { MetricLabels, ValueSeries } from "../metric_snapshot.ts";
import { MirroredInstrument } from "./mirrored_instrument.ts";
import type { SeriesOptions } from "./series_options.ts";

/** Tells a current value; made by {@linkcode MetricRegistry.gauge}. */
export class Gauge extends MirroredInstrument {
  /** Tells the kinds of instruments apart. */
  readonly kind = "gauge";
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
   * Set a series.
   *
   * @param value Finite
   * @param labels Of those that the definition names
   * @throws {RangeError} If the value is no finite number
   */
  set(value: number, labels?: MetricLabels): void {
    if (!Number.isFinite(value)) throw new RangeError(`Cannot set "${this.definition.name}" to ${value}`);
    const row = this.#table.find(labels);
    row.data.value = value;
    this.listener?.(value, row.labels);
  }

  /** What it holds now. */
  series(): readonly ValueSeries[] {
    return Array.from(this.#table.rows(), ({ labels, data }) => ({ labels, value: data.value }));
  }
}
