import { FailureError } from "../../failsafe/mod.ts";
import type { Page } from "../shapes/entities.ts";
import type { ListOptions } from "./list_options.ts";

/**
 * The server divides a listing into pages before it filters them, so pages may be empty. This many pages in a row
 * without a matching entry are an error.
 */
const MAX_BARREN_PAGES = 50;
/** Pages may overlap if a listing changes while it is read, but not this many in a row. */
const MAX_REPEATED_PAGES = 3;

/** Options of {@linkcode walkPages}. */
interface WalkPagesOptions<T> extends ListOptions {
  /** The action, to complete "Cannot …". */
  readonly what: string;
  /** Whether an entry matches the query. */
  readonly fits?: (item: T) => boolean;
}

/**
 * Walk a listing by its opaque cursors. Only a missing cursor ends it, because a page in the middle may be empty. Each
 * id is yielded only once. A listing that stops returning new entries ends with an error after all of its entries have
 * been yielded.
 */
export async function* walkPages<T extends { readonly id: number }>(
  fetchPage: (cursor: string | null) => Promise<Page<T>>,
  options: WalkPagesOptions<T>,
): AsyncGenerator<Page<T>, void, undefined> {
  const { what, fits = () => true, onPage = () => {}, signal } = options;
  const progress = new Progress();
  const seenCursors = new Set<string>();
  let cursor = options.cursor ?? null;
  for (let number = 1;; number++) {
    signal?.throwIfAborted();
    if (cursor !== null) seenCursors.add(cursor);
    const page = await fetchPage(cursor);
    const fresh = page.items.filter((item) => progress.isNew(item.id));
    const items = fresh.filter(fits);
    onPage({ number, received: page.items.length, kept: items.length, nextCursor: page.nextCursor });
    const mismatched = fresh.length - items.length;
    const repeated = page.items.length - fresh.length;
    yield {
      ...page,
      items,
      ...mismatched === 0 ? {} : { mismatched },
      ...repeated === 0 ? {} : { repeated },
    };
    cursor = page.nextCursor;
    if (cursor === null) return;
    if (seenCursors.has(cursor)) throw endlessError(what, `the server repeats the cursor "${cursor}"`);
    const state = progress.record({ received: page.items.length, fresh: fresh.length, kept: items.length });
    if (state !== null) throw endlessError(what, state);
  }
}

/** Detects a listing that returns no new entries. */
class Progress {
  readonly #ids = new Set<number>();
  #empty = 0;
  #barren = 0;
  #repeated = 0;

  /** Record an id, and return whether it is new. */
  isNew(id: number): boolean {
    const isNew = !this.#ids.has(id);
    this.#ids.add(id);
    return isNew;
  }

  /** Record a page. Returns the reason if the listing does not seem to end, else `null`. */
  record(page: { readonly received: number; readonly fresh: number; readonly kept: number }): string | null {
    const { received, fresh, kept } = page;
    this.#empty = received === 0 ? this.#empty + 1 : 0;
    this.#barren = kept === 0 ? this.#barren + 1 : 0;
    if (fresh > 0) this.#repeated = 0;
    else if (received > 0) this.#repeated++;
    if (this.#repeated >= MAX_REPEATED_PAGES) return `${this.#repeated} pages in a row repeat earlier entries`;
    if (this.#empty >= MAX_BARREN_PAGES) return `the server sends ${this.#empty} empty pages in a row`;
    return this.#barren >= MAX_BARREN_PAGES ? `${this.#barren} pages in a row have no matching entry` : null;
  }
}

function endlessError(what: string, state: string): FailureError {
  return new FailureError("server", `Cannot ${what} to the end: ${state}`, {
    retryable: false,
    hint: "Keep what was listed and try again later, or narrow the query",
  });
}
