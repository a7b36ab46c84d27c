import { cleanLabel } from "./_clean_label.ts";
import type { MetricDefinition } from "./metric_definition.ts";
import type { MetricLabels } from "../metric_snapshot.ts";

/** The part of a definition that identifies series. */
type Labeled = Pick<MetricDefinition, "name" | "labels">;

/** A series and its data. */
export interface SeriesRow<T> {
  /** Cleaned labels; always the same object, so that it can be the key of a WeakMap. */
  readonly labels: MetricLabels;
  readonly data: T;
}

const NO_LABELS: MetricLabels = {};
/** Maximum number of series of an instrument, besides the overflow series. */
const MAX_SERIES = 256;
/** The labels of the overflow series, which all sets of labels beyond the limit share, as in OpenTelemetry. */
const OVERFLOW_LABELS: MetricLabels = { overflow: "true" };

/** The series of one instrument by their labels: at most 256, and one overflow series. */
export class SeriesTable<T> {
  readonly #name: string;
  readonly #labels: readonly string[];
  readonly #make: () => T;
  readonly #rows = new Map<string, SeriesRow<T>>();
  #overflow: SeriesRow<T> | undefined;

  constructor(definition: Labeled, make: () => T) {
    this.#name = definition.name;
    this.#labels = definition.labels ?? [];
    this.#make = make;
  }

  /** Find the series of a set of labels, or create it. */
  find(labels: MetricLabels = NO_LABELS): SeriesRow<T> {
    return this.#rows.get(this.#keyOf(labels)) ?? this.#add(labels);
  }

  *rows(): Generator<SeriesRow<T>> {
    yield* this.#rows.values();
    if (this.#overflow !== undefined) yield this.#overflow;
  }

  // This runs for every recorded value. A single label needs no joining, and length prefixes keep joined values
  // distinct.
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
    if (this.#rows.size >= MAX_SERIES) {
      this.#overflow ??= { labels: OVERFLOW_LABELS, data: this.#make() };
      return this.#overflow;
    }
    const row = { labels: clean, data: this.#make() };
    this.#rows.set(key, row);
    return row;
  }
}
