import { FIRST_MODEL_ID } from "../../catalog/ids.ts";
import { modelStatsOf } from "../../catalog/make_model.ts";
import { publishedAtOf } from "../../catalog/make_version.ts";
import { LruMap } from "../../_lru_map.ts";
import type { CatalogStats } from "../../catalog/catalog_model.ts";
import type { SettledCatalog } from "../../catalog/settled_catalog.ts";

/** The sort orders of `/models`. */
export const MODEL_SORTS = [
  ...["Highest Rated", "Most Downloaded", "Most Liked", "Most Discussed", "Most Collected", "Most Images"],
  ...["Newest", "Oldest"],
] as const;

const COUNTERS: Readonly<Record<string, readonly [keyof CatalogStats, keyof CatalogStats]>> = {
  "Highest Rated": ["thumbsUpCount", "downloadCount"],
  "Most Downloaded": ["downloadCount", "thumbsUpCount"],
  "Most Liked": ["thumbsUpCount", "downloadCount"],
  "Most Discussed": ["commentCount", "thumbsUpCount"],
  "Most Collected": ["collectedCount", "thumbsUpCount"],
  "Most Images": ["imageCount", "thumbsUpCount"],
};

/** Sorts the models of the catalog, and finds the position of a cursor. */
export class ModelOrder {
  readonly #settled: SettledCatalog;
  readonly #orders = new LruMap<string, Uint32Array>(MODEL_SORTS.length);

  /**
   * Create the orders; each is computed when it is first needed.
   *
   * @param settled The options of the catalog
   */
  constructor(settled: SettledCatalog) {
    this.#settled = settled;
  }

  /** Positions of all models in a sort order; computed once. */
  indexes(sort: string): Uint32Array {
    return this.#orders.getOrMake(sort, () => {
      const all = Uint32Array.from({ length: this.#settled.models }, (_, index) => index);
      const keys = Array.from(all, (index) => this.#keys(sort, index));
      return all.sort((a, b) => compare(sort, keys[a]!, keys[b]!));
    });
  }

  /** Return the cursor of a page that begins with a model. */
  cursorOf(sort: string, index: number): string {
    const keys = this.#keys(sort, index);
    if (!isByDate(sort)) return keys.join("|");
    const stamp = new Date(keys[0]!).toISOString().replace("T", " ").replace("Z", "");
    return `${stamp}|${keys[1]}`;
  }

  /**
   * Drop the sorted positions before a cursor. "Newest" also drops the model of the cursor, like the live service,
   * which loses one model at each page boundary.
   *
   * @param sort The sort order
   * @param indexes Positions of models, already sorted
   * @param cursor The cursor of the page; `null` for the first page
   * @returns The positions that remain, or an error message for an invalid cursor
   */
  from(sort: string, indexes: Uint32Array, cursor: string | null): Uint32Array | string {
    if (cursor === null) return indexes;
    const values = cursor.split("|");
    const count = isByDate(sort) ? 2 : 3;
    if (values.length !== count) {
      return `Invalid cursor: expected ${count} value(s) for this sort, received ${values.length}`;
    }
    const keys = values.map((value, place) =>
      isByDate(sort) && place === 0 ? Date.parse(`${value.replace(" ", "T")}Z`) : Number(value)
    );
    if (keys.some(Number.isNaN)) return `Invalid cursor: "${cursor}" cannot be parsed`;
    let low = 0;
    let high = indexes.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      const order = compare(sort, this.#keys(sort, indexes[middle]!), keys);
      if (order < 0 || (order === 0 && sort === "Newest")) low = middle + 1;
      else high = middle;
    }
    return indexes.subarray(low);
  }

  /** Sort positions of models; returns a copy. */
  sort(sort: string, indexes: Uint32Array): Uint32Array {
    return indexes.slice().sort((a, b) => compare(sort, this.#keys(sort, a), this.#keys(sort, b)));
  }

  #keys(sort: string, index: number): readonly number[] {
    const id = FIRST_MODEL_ID + index;
    if (isByDate(sort)) return [publishedAtOf(this.#settled, index), id];
    const [first, second] = COUNTERS[sort]!;
    const stats = modelStatsOf(this.#settled, index);
    return [stats[first], stats[second], id];
  }
}

function isByDate(sort: string): boolean {
  return sort === "Newest" || sort === "Oldest";
}

/**
 * Compare two models by their keys. The order is descending, except for "Oldest" and for the last key of sort orders by
 * counters.
 */
function compare(sort: string, a: readonly number[], b: readonly number[]): number {
  for (let place = 0; place < a.length; place++) {
    const isAscending = sort === "Oldest" || (sort !== "Newest" && place === a.length - 1);
    const order = isAscending ? a[place]! - b[place]! : b[place]! - a[place]!;
    if (order !== 0) return order;
  }
  return 0;
}
