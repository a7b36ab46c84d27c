import { SeriesTable } from "./series_table.ts";
import type { MetricDefinition } from "./metric_definition.ts";
import type { MetricLabels, ValueSeries } from "../metric_snapshot.ts";
import { MirroredInstrument } from "./mirrored_instrument.ts";

/**
 * A current value, which may rise and fall; created by {@linkcode MetricRegistry.gauge}.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { MetricRegistry } from "@civitai-dl/civitai-dl/metrics";
 *
 * const registry = new MetricRegistry();
 * const waiting = registry.gauge({ name: "mail.waiting", kind: "gauge", unit: "{mail}", help: "Queued mails" });
 * waiting.set(5);
 * waiting.set(2);
 * assertEquals(waiting.series(), [{ labels: {}, value: 2 }]);
 * ```
 */
export class Gauge extends MirroredInstrument {
  /** Distinguishes the members of {@linkcode Instrument}. */
  readonly kind = "gauge";
  /** Name, unit, help and labels. */
  readonly definition: MetricDefinition;
  readonly #table: SeriesTable<{ value: number }>;

  /**
   * Create a gauge without series; the definition is not checked here.
   *
   * @param definition Name, unit, help and labels
   */
  constructor(definition: MetricDefinition) {
    super();
    this.definition = definition;
    this.#table = new SeriesTable(definition, () => ({ value: 0 }));
  }

  /**
   * Set the value of a series.
   *
   * @param value Any finite number
   * @param labels Values of the labels in the definition; a missing one is empty
   * @throws {RangeError} If the value is not finite
   * @throws {TypeError} If a new series has a label that is not in the definition
   */
  set(value: number, labels?: MetricLabels): void {
    if (!Number.isFinite(value)) throw new RangeError(`Cannot set "${this.definition.name}" to ${value}`);
    const row = this.#table.find(labels);
    row.data.value = value;
    this.onRecord?.(value, row.labels);
  }

  /** The current value of each series. */
  series(): readonly ValueSeries[] {
    return Array.from(this.#table.rows(), ({ labels, data }) => ({ labels, value: data.value }));
  }
}
