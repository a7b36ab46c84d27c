/** Filters, by their name in addresses; each takes several values. */
export const FILTERS = ["type", "base", "creator", "tag", "maturity", "state", "root"] as const;
/** The name of a filter. */
export type Filter = typeof FILTERS[number];

/** Orders of the cards, the first of which is the usual one. */
export const SORTS = ["-added", "-updated", "name", "creator", "-size"] as const;
/** An order of the cards. */
export type Sort = typeof SORTS[number];

/** What the library shows. */
export interface LibraryQuery {
  readonly q: string;
  readonly filters: Readonly<Record<Filter, readonly string[]>>;
  readonly sort: Sort;
}

/** Everything, in the usual order. */
export const EVERYTHING: LibraryQuery = {
  q: "",
  filters: { type: [], base: [], creator: [], tag: [], maturity: [], state: [], root: [] },
  sort: SORTS[0],
};

/** Read a query from the parameters of an address; what is unknown is left out. */
export function parseLibraryQuery(params: URLSearchParams): LibraryQuery {
  const valuesOf = (filter: Filter): readonly string[] => [
    // Models without a creator are those of the creator "".
    ...new Set(params.getAll(filter).filter((value) => value !== "" || filter === "creator")),
  ];
  const sort = SORTS.find((sort) => sort === params.get("sort"));
  return {
    q: params.get("q") ?? "",
    filters: {
      type: valuesOf("type"),
      base: valuesOf("base"),
      creator: valuesOf("creator"),
      tag: valuesOf("tag"),
      maturity: valuesOf("maturity"),
      state: valuesOf("state"),
      root: valuesOf("root"),
    },
    sort: sort ?? EVERYTHING.sort,
  };
}

/** The parameters of an address that shows the query: the inverse of {@linkcode parseLibraryQuery}. */
export function paramsOf({ q, filters, sort }: LibraryQuery): URLSearchParams {
  const params = new URLSearchParams();
  if (q !== "") params.set("q", q);
  for (const filter of FILTERS) for (const value of filters[filter]) params.append(filter, value);
  if (sort !== EVERYTHING.sort) params.set("sort", sort);
  return params;
}

/** The parameters for the API, which has an order of its own if none is given. */
export function requestParams(query: LibraryQuery): URLSearchParams {
  const params = paramsOf({ ...query, q: query.q.trim() });
  params.set("sort", query.sort);
  return params;
}

/** The values that are chosen, in the order of the filters. */
export function chosenValues(
  { filters }: LibraryQuery,
): readonly { readonly filter: Filter; readonly value: string }[] {
  return FILTERS.flatMap((filter) => filters[filter].map((value) => ({ filter, value })));
}

/** The query with a value of a filter added, or removed if it was chosen. */
export function toggleValue(query: LibraryQuery, filter: Filter, value: string): LibraryQuery {
  const chosen = query.filters[filter];
  const values = chosen.includes(value) ? chosen.filter((other) => other !== value) : [...chosen, value];
  return { ...query, filters: { ...query.filters, [filter]: values } };
}

/** The query without a search and filters, in the same order. */
export function withoutFilters({ sort }: LibraryQuery): LibraryQuery {
  return { ...EVERYTHING, sort };
}
