import type { TimeSlices } from "../../library/mod.ts";
import type { ModelColumns } from "./model_columns.ts";

/** Orders of models: `-` puts the highest first. */
export type LibrarySort = "name" | "-added" | "-updated" | "-size" | "creator";

/** More places than there can be models; the square of it is a whole number in a double. */
const MAX_PLACES = 2 ** 24;

/** What an order is made with. */
export interface OrderTools {
  /** All ids in the order of the names. */
  readonly idsByName: () => readonly number[];
  /** Name of a creator by its number. */
  readonly creatorOf: (term: number) => string;
  /** Lets others get their turn between two steps. */
  readonly slices: TimeSlices;
}

/**
 * The orders of a state of the library, each made when it is first asked for: some 40 ms for a hundred thousand models,
 * in steps of 10 to 20.
 */
export class LibraryOrder {
  readonly #columns: ModelColumns;
  readonly #known = new Map<LibrarySort, Promise<Uint32Array>>();

  /** Nothing is sorted yet. */
  constructor(columns: ModelColumns) {
    this.#columns = columns;
  }

  /** Return the places of all models in an order. */
  async places(sort: LibrarySort, tools: OrderTools): Promise<Uint32Array> {
    const sorting = this.#known.getOrInsertComputed(sort, () => this.#sorted(sort, tools));
    try {
      return await sorting;
    } catch (error) {
      if (this.#known.get(sort) === sorting) this.#known.delete(sort);
      throw error;
    }
  }

  #sorted(sort: LibrarySort, tools: OrderTools): Promise<Uint32Array> {
    const { added, updated, bytes } = this.#columns;
    switch (sort) {
      case "name":
        return this.#byName(tools);
      case "creator":
        return this.#byCreator(tools);
      case "-added":
        return highestFirst(added, tools);
      case "-updated":
        return highestFirst(updated, tools);
      case "-size":
        return highestFirst(bytes, tools);
    }
  }

  async #byName({ idsByName, slices }: OrderTools): Promise<Uint32Array> {
    const { count } = this.#columns;
    const ids = idsByName();
    await slices.pause();
    const places = ids.map((id) => this.#columns.placeOf(id)).filter((place) => place !== -1);
    // The columns may be a moment older or newer than the names.
    if (places.length < count) {
      const known = new Set(places);
      for (let place = 0; place < count; place++) if (!known.has(place)) places.push(place);
    }
    return Uint32Array.from(places);
  }

  /** By name within each creator; models without one are last. */
  async #byCreator(tools: OrderTools): Promise<Uint32Array> {
    const { creator } = this.#columns;
    const byName = await this.places("name", tools);
    await tools.slices.pause();
    const terms = [...new Set(creator)].filter((term) => term !== 0)
      .map((term) => [term, tools.creatorOf(term).toLowerCase()] as const)
      .sort(([, a], [, b]) => a < b ? -1 : Number(a > b));
    const rank = new Map(terms.map(([term], index) => [term, index]));
    rank.set(0, terms.length);
    await tools.slices.pause();
    const keys = Float64Array.from(byName, (place, index) => rank.get(creator[place]!)! * MAX_PLACES + index);
    await tools.slices.pause();
    return Uint32Array.from(keys.sort(), (key) => byName[key % MAX_PLACES]!);
  }
}

/** Order places by descending value, then by descending id: numbers sort ten times as fast as objects. */
async function highestFirst(
  values: Float64Array,
  { slices }: Pick<OrderTools, "slices">,
): Promise<Uint32Array> {
  const sorted = new Float64Array(values).sort();
  await slices.pause();
  const keys = Float64Array.from(values, (value, place) => rankIn(sorted, value) * MAX_PLACES + place);
  await slices.pause();
  return Uint32Array.from(keys.sort().reverse(), (key) => key % MAX_PLACES);
}

/** The first place of a value among sorted ones. */
function rankIn(sorted: Float64Array, value: number): number {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (sorted[middle]! < value) low = middle + 1;
    else high = middle;
  }
  return low;
}
