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

const OPENING = "civitai-dl.opening";

/** Note that a model is opened from the grid, which then is one step back. */
export function noteOpening(id: number): void {
  try {
    sessionStorage.setItem(
      OPENING,
      JSON.stringify({ id, hash: location.hash.length > 2 ? location.hash : "#/library" }),
    );
  } catch {
    // Storage may be blocked; the way back then leads to the whole library.
  }
}

/** The address of the grid from which a model was opened last; `null` if it was not. */
export function readOpening(id: number): string | null {
  try {
    const saved = JSON.parse(sessionStorage.getItem(OPENING) ?? "null") as { id: number; hash: string } | null;
    return saved?.id === id && /^#\/library(?:\?|$)/.test(saved.hash) ? saved.hash : null;
  } catch {
    // Storage may be blocked.
    return null;
  }
}
