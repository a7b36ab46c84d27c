import type { Cards } from "../../api/shapes/library.ts";

/** What a card shows of a model. */
export interface Card {
  readonly id: number;
  readonly name: string;
  readonly creator: string | null;
  readonly type: string;
  readonly base: string;
  readonly version: string;
  readonly versions: number;
  readonly files: number;
  readonly bytes: number;
  readonly level: number;
  readonly state: string;
  readonly preview: string | null;
  readonly hash: string | null;
  readonly removed: boolean;
}

/** Cards of one request. */
export const PAGE_CARDS = 60;
/** Cards that are kept; more than many screens hold. */
const KEPT = 6000;
/** Wait after a request that failed. */
const RETRY_MS = 2000;

/** Fetches cards by their ids. */
export type LoadCards = (ids: readonly number[], signal: AbortSignal) => Promise<Cards>;

/** The rows of an answer, which comes in columns. */
export function rowsOf(cards: Cards): Card[] {
  return cards.id.map((id, at) => ({
    id,
    name: cards.name[at] ?? "",
    creator: cards.creator[at] ?? null,
    type: cards.type[at] ?? "",
    base: cards.base[at] ?? "",
    version: cards.version[at] ?? "",
    versions: cards.versions[at] ?? 0,
    files: cards.files[at] ?? 0,
    bytes: cards.bytes[at] ?? 0,
    level: cards.level[at] ?? 0,
    state: cards.state[at] ?? "",
    preview: cards.preview[at] ?? null,
    hash: cards.hash[at] ?? null,
    removed: cards.removed[at] ?? false,
  }));
}

/**
 * Cards by id, fetched in pages of the list of ids. A page that is no longer wanted is aborted; cards of an older state
 * of the library are shown until newer ones have come.
 */
export class CardCache {
  readonly #load: LoadCards;
  readonly #onChange: () => void;
  readonly #cards = new Map<number, { readonly card: Card | undefined; readonly stamp: string }>();
  readonly #loading = new Map<number, AbortController>();
  #ids: readonly number[] = [];
  #stamp = "";

  constructor(load: LoadCards, onChange: () => void) {
    this.#load = load;
    this.#onChange = onChange;
  }

  /** Take a new list of ids, with the cards that came with it. */
  reset(ids: readonly number[], { stamp, cards }: { readonly stamp: string; readonly cards: Cards }): void {
    for (const loading of this.#loading.values()) loading.abort();
    this.#loading.clear();
    this.#ids = ids;
    this.#stamp = stamp;
    this.#keep(rowsOf(cards), stamp);
  }

  /** The card of a model, which may be of an older state; `undefined` until it has come. */
  get(id: number): Card | undefined {
    return this.#cards.get(id)?.card;
  }

  /** Fetch what is missing of a range of the list, and nothing else. */
  want(first: number, end: number): void {
    const pages = new Set<number>();
    for (let page = Math.floor(first / PAGE_CARDS); page * PAGE_CARDS < end; page++) pages.add(page);
    for (const [page, loading] of this.#loading) {
      if (pages.has(page)) continue;
      loading.abort();
      this.#loading.delete(page);
    }
    for (const page of pages) if (!this.#loading.has(page)) void this.#fetch(page);
  }

  async #fetch(page: number): Promise<void> {
    const ids = this.#ids.slice(page * PAGE_CARDS, (page + 1) * PAGE_CARDS)
      .filter((id) => this.#cards.get(id)?.stamp !== this.#stamp);
    if (ids.length === 0) return;
    const loading = new AbortController();
    const stamp = this.#stamp;
    this.#loading.set(page, loading);
    try {
      const rows = rowsOf(await this.#load(ids, loading.signal));
      if (loading.signal.aborted) return;
      this.#keep(rows, stamp);
      const known = new Set(rows.map(({ id }) => id));
      // A model may have left the library since; it is not asked for again.
      for (const id of ids) if (!known.has(id)) this.#cards.set(id, { card: undefined, stamp });
      this.#onChange();
    } catch {
      // The server is gone for a moment, unless the request was aborted because nobody needs it.
      if (!loading.signal.aborted) setTimeout(this.#onChange, RETRY_MS);
    } finally {
      if (this.#loading.get(page) === loading) this.#loading.delete(page);
    }
  }

  #keep(rows: readonly Card[], stamp: string): void {
    for (const card of rows) {
      this.#cards.delete(card.id);
      this.#cards.set(card.id, { card, stamp });
    }
    for (const id of this.#cards.keys()) {
      if (this.#cards.size <= KEPT) break;
      this.#cards.delete(id);
    }
  }
}
