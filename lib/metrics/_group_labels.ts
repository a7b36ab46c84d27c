import type { MetricLabels } from "./metric_snapshot.ts";

/** Groups items by the values of the given labels; an absent label counts as empty. */
export class LabelGroups<T> {
  readonly #by: readonly string[];
  readonly #groups = new Map<string, { readonly labels: MetricLabels; readonly items: T[] }>();

  constructor(by: readonly string[]) {
    this.#by = by;
  }

  add(labels: MetricLabels, item: T): void {
    const own = Object.fromEntries(this.#by.map((label) => [label, labels[label] ?? ""]));
    const key = JSON.stringify(Object.values(own));
    const group = this.#groups.get(key);
    if (group === undefined) this.#groups.set(key, { labels: own, items: [item] });
    else group.items.push(item);
  }

  get groups(): readonly { readonly labels: MetricLabels; readonly items: readonly T[] }[] {
    return [...this.#groups.values()];
  }
}
