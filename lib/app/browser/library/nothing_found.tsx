import { useSignal } from "@preact/signals";
import type { VNode } from "preact";
import { useEffect } from "preact/hooks";
import { valueName } from "./filter_panel.tsx";
import { chosenValues, type LibraryQuery, toggleValue, withoutFilters } from "./library_query.ts";
import type { LibraryStore } from "./library_store.ts";
import type { LibraryMessages } from "../messages/library_en.ts";

/** Conditions that are tried without; few have more. */
const MAX_TRIES = 8;

/** A query with one condition less. */
interface Way {
  readonly name: string;
  readonly query: LibraryQuery;
}

/** The query without each of its conditions, with what is left out. */
export function waysOut(query: LibraryQuery, words: LibraryMessages): readonly Way[] {
  const ways: Way[] = query.q.trim() === "" ? [] : [{ name: words.dropSearch(query.q), query: { ...query, q: "" } }];
  for (const { filter, value } of chosenValues(query)) {
    const name = words.dropValue(words.filterNames[filter], valueName(filter, value, words));
    ways.push({ name, query: toggleValue(query, filter, value) });
  }
  return ways.slice(0, MAX_TRIES);
}

/** Says which condition to drop, with the number of models that it would show. */
export function NothingFound({ store, words, onQuery }: {
  readonly store: LibraryStore;
  readonly words: LibraryMessages;
  readonly onQuery: (query: LibraryQuery) => void;
}): VNode {
  const query = store.query.value;
  const counts = useSignal<ReadonlyMap<string, number> | null>(null);
  useEffect(() => {
    const asking = new AbortController();
    counts.value = null;
    void countWays(asking.signal);
    return () => asking.abort();
  }, [store.answer.value]);

  async function countWays(signal: AbortSignal): Promise<void> {
    const found = new Map<string, number>();
    try {
      for (const way of waysOut(query, words)) found.set(way.name, await store.count(way.query, signal));
    } catch {
      // Aborted, or the server is gone; what was counted is shown.
    }
    if (!signal.aborted) counts.value = found;
  }

  const ways = waysOut(query, words).filter(({ name }) => (counts.value?.get(name) ?? 0) > 0);
  return (
    <div class="nothing">
      <h2>{words.nothingTitle}</h2>
      {counts.value !== null && <p>{ways.length > 0 ? words.nothingText : words.nothingAtAll}</p>}
      <ul class="ways">
        {ways.map((way) => (
          <li key={way.name}>
            <button type="button" class="button" onClick={() => onQuery(way.query)}>
              {words.without(way.name, counts.value?.get(way.name) ?? 0)}
            </button>
          </li>
        ))}
      </ul>
      <button type="button" class="button" onClick={() => onQuery(withoutFilters(query))}>{words.clear}</button>
    </div>
  );
}
