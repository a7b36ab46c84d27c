import type { VNode } from "preact";
import { useState } from "preact/hooks";
import type { LibraryAnswer } from "../../api/shapes/library.ts";
import { maturityName } from "../pictures/maturity.ts";
import { type Filter, FILTERS, type LibraryQuery, toggleValue } from "./library_query.ts";
import type { LibraryMessages } from "../messages/library_en.ts";

/** Values of a filter that are shown without a click. */
const SHOWN = 6;

type Facets = LibraryAnswer["facets"];

/** The names of the facets of an answer. */
const FACETS = {
  type: "types",
  base: "bases",
  creator: "creators",
  tag: "tags",
  maturity: "maturity",
  state: "states",
  root: "roots",
} as const;

/** What the panel shows. */
export interface FilterPanelProps {
  readonly query: LibraryQuery;
  readonly facets: Facets;
  readonly words: LibraryMessages;
  readonly onQuery: (query: LibraryQuery) => void;
}

/** All filters, each value with the number of models that it would show. */
export function FilterPanel({ query, facets, words, onQuery }: FilterPanelProps): VNode {
  return (
    <div class="filters">
      {FILTERS.map((filter) => {
        const counts = valuesOf(facets[FACETS[filter]], query.filters[filter]);
        // A single value that is not chosen would filter nothing.
        if (counts.length < 2 && query.filters[filter].length === 0) return null;
        const onToggle = (value: string) => onQuery(toggleValue(query, filter, value));
        return (
          <FilterGroup key={filter} filter={filter} counts={counts} query={query} words={words} onToggle={onToggle} />
        );
      })}
    </div>
  );
}

interface FilterGroupProps {
  readonly filter: Filter;
  readonly counts: readonly (readonly [value: string, count: number])[];
  readonly query: LibraryQuery;
  readonly words: LibraryMessages;
  readonly onToggle: (value: string) => void;
}

function FilterGroup({ filter, counts, query, words, onToggle }: FilterGroupProps): VNode {
  const [isWhole, setWhole] = useState(false);
  const shown = isWhole ? counts : counts.slice(0, Math.max(SHOWN, query.filters[filter].length));
  return (
    <fieldset class="filter">
      <legend>{words.filterNames[filter]}</legend>
      {shown.map(([value, count]) => (
        <label key={value} class="filter-value">
          <input type="checkbox" checked={query.filters[filter].includes(value)} onChange={() => onToggle(value)} />
          <bdi>{valueName(filter, value, words)}</bdi>
          <span class="count">{words.number(count)}</span>
        </label>
      ))}
      {shown.length < counts.length && (
        <button type="button" class="text-button" onClick={() => setWhole(true)}>
          {words.more(counts.length - shown.length)}
        </button>
      )}
    </fieldset>
  );
}

/** The values with their counts, the chosen ones first, also those that no model has. */
function valuesOf(
  counts: readonly (readonly [string, number])[],
  chosen: readonly string[],
): readonly (readonly [string, number])[] {
  const known = new Map(counts);
  const first = chosen.map((value) => [value, known.get(value) ?? 0] as const);
  return [...first, ...counts.filter(([value]) => !chosen.includes(value))];
}

/** How a value of a filter is called. */
export function valueName(filter: Filter, value: string, words: LibraryMessages): string {
  if (filter === "state") return words.states[value] ?? value;
  if (filter === "maturity") return maturityName(Number(value)) || words.unrated;
  return filter === "creator" && value === "" ? words.noCreator : value;
}
