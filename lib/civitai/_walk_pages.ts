import { FailureError } from "../failsafe/mod.ts";
import type { Page } from "./entities.ts";
import type { ListOptions } from "./list_options.ts";

const MAX_EMPTY_PAGES = 50;

/** Options of {@linkcode walkPages}. */
interface WalkPagesOptions<T> extends ListOptions {
  /** To complete "Cannot …". */
  readonly what: string;
  /** Whether an entry is what was asked for. */
  readonly fits?: (item: T) => boolean;
}

/**
 * Walk a listing by its cursors, opaque as they are. It ends where no cursor is given, and nowhere else: a page may be
 * empty in the middle. Each id is handed out once.
 */
export async function* walkPages<T extends { readonly id: number }>(
  fetchPage: (cursor: string | null) => Promise<Page<T>>,
  options: WalkPagesOptions<T>,
): AsyncGenerator<Page<T>, void, undefined> {
  const { what, fits = () => true, onPage = () => {}, signal } = options;
  const seenIds = new Set<number>();
  const seenCursors = new Set<string>();
  let cursor = options.cursor ?? null;
  let emptyPages = 0;
  for (let number = 1;; number++) {
    signal?.throwIfAborted();
    if (cursor !== null) seenCursors.add(cursor);
    const page = await fetchPage(cursor);
    const items = page.items.filter((item) => fits(item) && !seenIds.has(item.id) && seenIds.add(item.id));
    onPage({ number, received: page.items.length, kept: items.length, nextCursor: page.nextCursor });
    yield { ...page, items };
    cursor = page.nextCursor;
    if (cursor === null) return;
    if (seenCursors.has(cursor)) throw endless(what, `the server repeats the cursor "${cursor}"`);
    emptyPages = page.items.length === 0 ? emptyPages + 1 : 0;
    if (emptyPages >= MAX_EMPTY_PAGES) throw endless(what, `the server sends ${emptyPages} empty pages in a row`);
  }
}

function endless(what: string, state: string): FailureError {
  return new FailureError("server", `Cannot ${what} to the end: ${state}`, {
    retryable: false,
    hint: "Keep what was listed and try again later; a smaller query may get past it",
  });
}
