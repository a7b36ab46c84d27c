import { compareText } from "../../base/mod.ts";
import { MODEL_STATES } from "./model_row.ts";
import type { ModelColumns, NumberLists } from "./model_columns.ts";
import type { Terms } from "./terms.ts";

/** Filters of the library; a model meets one by any of its values, and all of them must be met. */
export interface LibraryFilters {
  readonly types: readonly string[];
  readonly bases: readonly string[];
  readonly creators: readonly string[];
  readonly tags: readonly string[];
  /** Highest bits, such as "4"; "0" for unrated. */
  readonly maturity: readonly string[];
  readonly states: readonly string[];
  readonly roots: readonly string[];
}

/** Name of a filter. */
export type FilterName = keyof LibraryFilters;

/** Values of a filter with the number of models, most frequent first. */
export type Facet = [value: string, count: number][];

/** What filters leave of the library. */
export interface FilteredLibrary {
  /** 1 for each place that is left, 0 for others. */
  readonly isLeft: Uint8Array;
  readonly count: number;
  /** Counts of each filter, over the models that meet all other filters. */
  readonly facets: Readonly<Record<FilterName, Facet>>;
}

/** Creators and tags beyond these are not listed. */
const MAX_VALUES = 50;
/** More than there can be words. */
const MAX_TERMS = 2 ** 28;
const NAMES = ["types", "bases", "creators", "tags", "maturity", "states", "roots"] as const;

/** A filter over one column: the places it leaves, and the counts of values. */
interface Column {
  readonly wanted: ReadonlySet<number> | null;
  readonly counts: Uint32Array;
  /** The value of a place, or its list of values. */
  readonly values: Uint32Array | Uint8Array | NumberLists;
}

/**
 * Filter the models, and count the values of each filter over those that meet all others: in one pass, of some
 * milliseconds for a hundred thousand models.
 *
 * @param columns The models
 * @param filters The filters; an empty one leaves all
 * @param found 1 for each place that a search has found; `null` if there was none
 */
export function filterLibrary(
  columns: ModelColumns,
  filters: LibraryFilters,
  { terms, found }: { readonly terms: Terms; readonly found: Uint8Array | null },
): FilteredLibrary {
  const byName = columnsOf(columns, filters, terms);
  const all = NAMES.map((name) => byName[name]);
  const wanted = all.filter((column) => column.wanted !== null);
  const isLeft = new Uint8Array(columns.count);
  let count = 0;
  for (let place = 0; place < columns.count; place++) {
    if (found !== null && found[place] === 0) continue;
    let missed: Column | null = null;
    let misses = 0;
    for (const column of wanted) {
      if (isWanted(column, place)) continue;
      missed = column;
      if (++misses > 1) break;
    }
    if (misses > 1) continue;
    // What misses one filter alone counts for the values of that one.
    if (missed !== null) {
      countValues(missed, place);
      continue;
    }
    isLeft[place] = 1;
    count++;
    for (const column of all) countValues(column, place);
  }
  const facets = Object.fromEntries(
    NAMES.map((name) => [name, facetOf(name, byName[name], { chosen: filters[name], terms })]),
  ) as Record<FilterName, Facet>;
  return { isLeft, count, facets };
}

function columnsOf(columns: ModelColumns, filters: LibraryFilters, terms: Terms): Record<FilterName, Column> {
  const column = (name: FilterName, values: Column["values"], size = terms.size): Column => {
    const wanted = filters[name].map((value) => numberOf(name, value, terms));
    return { wanted: wanted.length === 0 ? null : new Set(wanted), counts: new Uint32Array(size), values };
  };
  return {
    types: column("types", columns.type),
    bases: column("bases", columns.bases),
    creators: column("creators", columns.creator),
    tags: column("tags", columns.tags),
    maturity: column("maturity", columns.level.map(highestBit), 64),
    states: column("states", columns.state, MODEL_STATES.length),
    roots: column("roots", columns.roots),
  };
}

function highestBit(level: number): number {
  return level === 0 ? 0 : 1 << (31 - Math.clz32(level));
}

function isWanted({ wanted, values }: Column, place: number): boolean {
  if (!("starts" in values)) return wanted!.has(values[place]!);
  for (let index = values.starts[place]!; index < values.starts[place + 1]!; index++) {
    if (wanted!.has(values.values[index]!)) return true;
  }
  return false;
}

function countValues({ counts, values }: Column, place: number): void {
  if (!("starts" in values)) {
    counts[values[place]!]!++;
    return;
  }
  const end = values.starts[place + 1]!;
  for (let index = values.starts[place]!; index < end; index++) counts[values.values[index]!]!++;
}

function facetOf(
  name: FilterName,
  { counts }: Column,
  { chosen, terms }: { readonly chosen: readonly string[]; readonly terms: Terms },
): Facet {
  const isLong = name === "creators" || name === "tags";
  const facet = mostFrequent(counts, isLong ? MAX_VALUES : counts.length)
    .map((value): Facet[number] => [wordOf(name, value, terms), counts[value]!]);
  // What is chosen can be taken back, however rare it is.
  const listed = new Set(facet.map(([value]) => value));
  for (const value of new Set(chosen)) {
    if (!listed.has(value)) facet.push([value, counts[numberOf(name, value, terms)] ?? 0]);
  }
  return facet.sort(([a, countOfA], [b, countOfB]) => countOfB - countOfA || compareText(a, b));
}

/** The values that were counted, at most `max` of them; there can be tens of thousands of tags. */
function mostFrequent(counts: Uint32Array, max: number): readonly number[] {
  const keys: number[] = [];
  counts.forEach((count, value) => {
    if (count > 0) keys.push(count * MAX_TERMS - value);
  });
  const sorted = Float64Array.from(keys).sort().reverse().subarray(0, max);
  return Array.from(sorted, (key) => Math.ceil(key / MAX_TERMS) * MAX_TERMS - key);
}

function numberOf(name: FilterName, value: string, terms: Terms): number {
  if (name === "maturity") return Number(value);
  if (name === "states") return MODEL_STATES.indexOf(value as typeof MODEL_STATES[number]);
  // Models without a creator have the number 0.
  return value === "" && name === "creators" ? 0 : terms.idOf(value) ?? -1;
}

function wordOf(name: FilterName, value: number, terms: Terms): string {
  if (name === "maturity") return String(value);
  return name === "states" ? MODEL_STATES[value]! : terms.valueOf(value);
}
