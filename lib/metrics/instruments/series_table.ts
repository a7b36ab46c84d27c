import { cleanLabel } from "./_clean_label.ts";
import type { MetricDefinition } from "./metric_definition.ts";
import type { MetricLabels } from "../metric_snapshot.ts";
import type { SeriesOptions } from "./series_options.ts";

/** Of a definition, what tells series apart. */
type Labelled = Pick<MetricDefinition, "name" | "labels">;

/** A series. */
export interface SeriesRow<T> {
  /** Clean; always the same object. */
  readonly labels: MetricLabels;
  readonly data: T;
}

const NO_LABELS: MetricLabels = {};
/** The labels of the series that all share for whom there is no room, as OpenTelemetry has it. */
export const OVERFLOW_LABELS: MetricLabels = { overflow: "true" };

/** The series of one instrument by their labels; never more than its bound, and one for the rest. */
export class SeriesTable<T> {
  readonly #name: string;
  readonly #labels: readonly string[];
  readonly #make: () => T;
  readonly #maxSeries: number;
  readonly #rows = new Map<string, SeriesRow<T>>();
  #overflow: SeriesRow<T> | undefined;

  constructor(definition: Labelled, make: () => T, options: SeriesOptions) {
    this.#name = definition.name;
    this.#labels = definition.labels ?? [];
    this.#make = make;
    this.#maxSeries = options.maxSeries;
  }

  /** The series of a set of labels; made when it is new. */
  find(labels: MetricLabels = NO_LABELS): SeriesRow<T> {
    return this.#rows.get(this.#keyOf(labels)) ?? this.#add(labels);
  }

  *rows(): Generator<SeriesRow<T>> {
    yield* this.#rows.values();
    if (this.#overflow !== undefined) yield this.#overflow;
  }

  // Runs with every record: one label needs no joining, and lengths keep joined values apart.
  #keyOf(labels: MetricLabels): string {
    const names = this.#labels;
    if (names.length === 0) return "";
    if (names.length === 1) return labels[names[0]!] ?? "";
    let key = "";
    for (let index = 0; index < names.length; index++) {
      const value = labels[names[index]!] ?? "";
      key += `${value.length}:${value}`;
    }
    return key;
  }

  #add(labels: MetricLabels): SeriesRow<T> {
    for (const label of Object.keys(labels)) {
      if (!this.#labels.includes(label)) {
        throw new TypeError(`Cannot record metric "${this.#name}": it declares no label "${label}"`);
      }
    }
    const clean = Object.fromEntries(this.#labels.map((label) => [label, cleanLabel(labels[label] ?? "")]));
    const key = this.#keyOf(clean);
    const known = this.#rows.get(key);
    if (known !== undefined) return known;
    if (this.#rows.size >= this.#maxSeries) {
      this.#overflow ??= { labels: OVERFLOW_LABELS, data: this.#make() };
      return this.#overflow;
    }
    const row = { labels: clean, data: this.#make() };
    this.#rows.set(key, row);
    return row;
  }
}
