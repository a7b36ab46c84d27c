import { SeriesTable } from "./series_table.ts";
import type { MetricDefinition } from "./metric_definition.ts";
import type { MetricLabels, ValueSeries } from "../metric_snapshot.ts";
import { MirroredInstrument } from "./mirrored_instrument.ts";

/**
 * A value that only grows; created by {@linkcode MetricRegistry.counter}.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { MetricRegistry } from "@civitai-dl/civitai-dl/metrics";
 *
 * const registry = new MetricRegistry();
 * const sent = registry.counter({ name: "sent", kind: "counter", unit: "{mail}", help: "Mails", labels: ["to"] });
 * sent.add(1, { to: "you" });
 * sent.add(2, { to: "you" });
 * assertEquals(sent.series(), [{ labels: { to: "you" }, value: 3 }]);
 * ```
 */
export class Counter extends MirroredInstrument {
  /** Distinguishes the members of {@linkcode Instrument}. */
  readonly kind = "counter";
  /** Name, unit, help and labels. */
  readonly definition: MetricDefinition;
  readonly #table: SeriesTable<{ value: number }>;

  /**
   * Create a counter without series; the definition is not checked here.
   *
   * @param definition Name, unit, help and labels
   */
  constructor(definition: MetricDefinition) {
    super();
    this.definition = definition;
    this.#table = new SeriesTable(definition, () => ({ value: 0 }));
  }

  /**
   * Add to a series; adding 0 creates it.
   *
   * @param value A finite number that is not negative
   * @param labels Values of the labels in the definition; a missing one is empty
   * @throws {RangeError} If the value is negative or not finite
   * @throws {TypeError} If a new series has a label that is not in the definition
   */
  add(value: number, labels?: MetricLabels): void {
    if (!(value >= 0 && value < Infinity)) {
      throw new RangeError(`Cannot add ${value} to "${this.definition.name}": a counter only grows`);
    }
    const row = this.#table.find(labels);
    row.data.value += value;
    this.onRecord?.(value, row.labels);
  }

  /** The current value of each series. */
  series(): readonly ValueSeries[] {
    return Array.from(this.#table.rows(), ({ labels, data }) => ({ labels, value: data.value }));
  }
}
