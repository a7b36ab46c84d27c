/// <reference lib="dom" />

/** Where a person was in the grid, kept with the entry of the history, so that the way back leads there. */
export interface GridPlace {
  /** The query whose cards were shown. */
  readonly key: string;
  readonly position: number;
  /** The model that was opened. */
  readonly id: number | null;
}

/** Keep the place with the current entry of the history. */
export function savePlace(place: GridPlace): void {
  history.replaceState({ ...history.state, library: place }, "");
}

/** The place in the cards of a query that the current entry of the history has. */
export function readPlace(key: string): GridPlace {
  const saved = (history.state as { library?: GridPlace } | null)?.library;
  return saved?.key === key ? saved : { key, position: 0, id: null };
}
