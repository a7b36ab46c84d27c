const numbers = new Intl.NumberFormat("en");
const models = (count: number): string => `${numbers.format(count)} ${count === 1 ? "model" : "models"}`;

/** The texts of the library in English. */
export const libraryEnglish = {
  title: "Library",
  search: "Search the library",
  searchHint: "Name, creator, tag, trigger word",
  filters: "Filters",
  filtersChosen: (count: number) => count === 0 ? "Filters" : `Filters (${numbers.format(count)})`,
  filterNames: {
    type: "Type",
    base: "Base model",
    creator: "Creator",
    tag: "Tag",
    maturity: "Maturity",
    state: "State",
    root: "Folder",
  },
  states: {
    done: "Complete",
    partial: "Partly here",
    planned: "Planned",
    failed: "Not available",
    corrupted: "Damaged",
  } as Record<string, string>,
  sort: "Sort by",
  sorts: {
    "-added": "Last added",
    "-updated": "Last updated",
    name: "Name",
    creator: "Creator",
    "-size": "Largest",
  },
  number: (count: number) => numbers.format(count),
  models,
  found: (count: number, total: number) =>
    count === total ? models(total) : `${numbers.format(count)} of ${models(total)}`,
  modelsLabel: "Models",
  loading: "Loading the library…",
  clear: "Clear all",
  dropSearch: (text: string) => `Search: ${text}`,
  dropValue: (filter: string, value: string) => `${filter}: ${value}`,
  drop: (what: string) => `Remove ${what}`,
  more: (count: number) => `${numbers.format(count)} more`,
  close: "Close",
  showModels: (count: number) => `Show ${models(count)}`,
  emptyTitle: "The library is empty",
  emptyText: "Add a model, a creator or a collection by its address on Civitai. What has been fetched appears here.",
  emptyLink: "Add models",
  nothingTitle: "Nothing found",
  nothingText: "No model matches all of this. Without one of them there is more:",
  nothingAtAll: "No model matches, even with one filter less.",
  without: (what: string, count: number) => `Without “${what}”: ${models(count)}`,
  blurMature: "Blur mature pictures",
  noPicture: "No picture",
  show: "Show",
  showPicture: (name: string) => `Show the picture of ${name}`,
  versions: (count: number) => `${numbers.format(count)} versions`,
  noCreator: "Unknown creator",
  unrated: "Not rated",
  indexing: (done: number, total: number) =>
    `The list is being made: ${numbers.format(done)} of ${models(total)} so far.`,
  removed: "Gone from Civitai",
  problem: "Cannot show the library",
  again: "Try again",
};

/** The texts of the library, in any language. */
export type LibraryMessages = typeof libraryEnglish;
