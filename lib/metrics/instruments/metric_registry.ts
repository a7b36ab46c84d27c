import { checkDefinition } from "./_check_definition.ts";
import { Counter } from "./counter.ts";
import { Gauge } from "./gauge.ts";
import { Histogram } from "./histogram.ts";
import type { MetricDefinition } from "./metric_definition.ts";
import type { MetricFamily, MetricSnapshot } from "../metric_snapshot.ts";

/** An instrument of any kind. */
export type Instrument = Counter | Gauge | Histogram;

/**
 * Holds a program's instruments. Recording is cheap and never waits; memory is bounded.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { MetricRegistry } from "@civitai-dl/civitai-dl/metrics";
 * const registry = new MetricRegistry();
 * const sent = registry.counter({ name: "mail.sent", kind: "counter", unit: "{mail}", help: "Mails", labels: ["to"] });
 * sent.add(1, { to: "you" });
 * assertEquals(registry.snapshot().families[0]?.series.length, 1);
 * ```
 */
export class MetricRegistry {
  readonly #instruments = new Map<string, Instrument>();
  readonly #listeners = new Set<(instrument: Instrument) => void>();

  /**
   * Find an instrument by its definition, or create it.
   *
   * @param definition Name, kind, unit, help and labels
   * @returns The instrument; the same one for the same definition
   * @throws {TypeError} If the definition is invalid, or if the name is already defined differently
   */
  define(definition: MetricDefinition): Instrument {
    const known = this.#instruments.get(definition.name);
    if (known !== undefined) {
      if (sketch(known.definition) === sketch(definition)) return known;
      throw new TypeError(`Cannot define metric "${definition.name}": it is already defined differently`);
    }
    checkDefinition(definition);
    const instrument = createInstrument(definition);
    this.#instruments.set(definition.name, instrument);
    for (const listener of this.#listeners) listener(instrument);
    return instrument;
  }

  /** {@linkcode MetricRegistry.define} for a counter; throws a `TypeError` if the definition is of another kind. */
  counter(definition: MetricDefinition): Counter {
    const instrument = this.define(definition);
    return instrument instanceof Counter ? instrument : wrongKind(definition, "counter");
  }

  /** {@linkcode MetricRegistry.define} for a gauge; throws a `TypeError` if the definition is of another kind. */
  gauge(definition: MetricDefinition): Gauge {
    const instrument = this.define(definition);
    return instrument instanceof Gauge ? instrument : wrongKind(definition, "gauge");
  }

  /** {@linkcode MetricRegistry.define} for a histogram; throws a `TypeError` if the definition is of another kind. */
  histogram(definition: MetricDefinition): Histogram {
    const instrument = this.define(definition);
    return instrument instanceof Histogram ? instrument : wrongKind(definition, "histogram");
  }

  /**
   * Call a listener with every instrument: existing ones now, and each new one when it is defined.
   *
   * @param listener Called with each instrument
   * @returns A disposable that stops the calls
   */
  watch(listener: (instrument: Instrument) => void): Disposable {
    for (const instrument of this.#instruments.values()) listener(instrument);
    this.#listeners.add(listener);
    return { [Symbol.dispose]: () => void this.#listeners.delete(listener) };
  }

  /** The values of all instruments as plain JSON; counters and histograms count from their creation. */
  snapshot(): MetricSnapshot {
    return { families: Array.from(this.#instruments.values(), toFamily) };
  }
}

function toFamily(instrument: Instrument): MetricFamily {
  const { definition } = instrument;
  const bounds = instrument.kind === "histogram" ? { bounds: instrument.bounds } : {};
  return { ...definition, ...bounds, series: instrument.series() };
}

/** Two definitions with the same name and equal sketches define the same instrument; only their help may differ. */
function sketch({ kind, unit, labels = [], bounds = [] }: MetricDefinition): string {
  return JSON.stringify([kind, unit, labels, bounds]);
}

function wrongKind(definition: MetricDefinition, kind: string): never {
  throw new TypeError(`Cannot use metric "${definition.name}" as ${kind}: it is defined as ${definition.kind}`);
}

function createInstrument(definition: MetricDefinition): Instrument {
  if (definition.kind === "counter") return new Counter(definition);
  return definition.kind === "gauge" ? new Gauge(definition) : new Histogram(definition);
}
