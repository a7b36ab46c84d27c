import { useSignal } from "@preact/signals";
import type { RefObject, VNode } from "preact";
import { useEffect, useLayoutEffect, useMemo, useRef } from "preact/hooks";
import type { LibraryAnswer } from "../../api/shapes/library.ts";
import type { PictureChoice } from "../pictures/picture_choice.ts";
import { CardGrid } from "./card_grid.tsx";
import { FilterPanel, valueName } from "./filter_panel.tsx";
import {
  chosenValues,
  type LibraryQuery,
  paramsOf,
  parseLibraryQuery,
  requestParams,
  type Sort,
  SORTS,
  toggleValue,
  withoutFilters,
} from "./library_query.ts";
import type { LibraryStore } from "./library_store.ts";
import type { LibraryMessages } from "../messages/library_en.ts";
import { NothingFound } from "./nothing_found.tsx";

/** A query is asked when nothing has been typed for this long. */
const TYPING_MS = 80;
/** Space below the view, in pixels. */
const BOTTOM = 12;
/** Screens on which the filters have a column of their own. */
const WIDE = "(min-width: 960px)";

/** What the view needs of the shell. */
export interface LibraryViewProps {
  readonly store: LibraryStore;
  readonly words: LibraryMessages;
  readonly pictures: PictureChoice;
  /** The parameters of the address, `q=…&type=…`. */
  readonly params: string;
  /** Change the parameters of the address, as a new entry of the history or in place of the current one. */
  readonly onParams: (params: string, history: "push" | "replace") => void;
}

/** The library: search, filters and the grid of models. */
export function LibraryView({ store, words, pictures, params, onParams }: LibraryViewProps): VNode {
  const query = useMemo(() => parseLibraryQuery(new URLSearchParams(params)), [params]);
  const isWide = useMediaQuery(WIDE);
  const drawer = useRef<HTMLDialogElement>(null);
  const isFirst = useRef(true);
  const root = useRef<HTMLDivElement>(null);
  useTop(root);
  const key = requestParams(query).toString();
  useLayoutEffect(() => {
    if (isFirst.current) store.forgetOther(key);
    isFirst.current = false;
    void store.ask(query);
  }, [query]);

  const show = (next: LibraryQuery, history: "push" | "replace" = "push") => onParams(`${paramsOf(next)}`, history);
  const answer = store.answer.value;
  const isOfQuery = store.answered.value === key;
  const isEmpty = isEmptyLibrary(answer);
  const panel = answer === null || isEmpty
    ? null
    : <FilterPanel query={query} facets={answer.facets} words={words} onQuery={show} />;
  const chosen = chosenValues(query).length;
  return (
    <div ref={root} class="library" data-empty={isEmpty}>
      {isWide && !isEmpty && <aside class="library-side" aria-label={words.filters}>{panel}</aside>}
      <section class="library-main" aria-labelledby="library-title">
        <h1 id="library-title" class="unseen">{words.title}</h1>
        <div class="tools" hidden={isEmpty}>
          <SearchField words={words} text={query.q} onText={(q) => show({ ...query, q }, "replace")} />
          {!isWide && (
            <button type="button" class="button" onClick={() => drawer.current?.showModal()}>
              {words.filtersChosen(chosen)}
            </button>
          )}
          <SortChoice words={words} sort={query.sort} onSort={(sort) => show({ ...query, sort })} />
          {isWide && <BlurChoice words={words} pictures={pictures} />}
          <p class="found" role="status">
            {answer !== null && !isEmpty && isOfQuery ? words.found(answer.count, answer.total) : ""}
          </p>
        </div>
        {answer?.progress && answer.progress.total > 0 && (
          <p class="soft">{words.indexing(answer.progress.done, answer.progress.total)}</p>
        )}
        <ChosenFilters query={query} words={words} onQuery={show} />
        <LibraryContent store={store} words={words} pictures={pictures} onQuery={show} />
      </section>
      {!isWide && (
        <dialog ref={drawer} class="drawer" aria-label={words.filters}>
          <BlurChoice words={words} pictures={pictures} />
          {panel}
          <form method="dialog" class="drawer-foot">
            <button type="submit" class="button" data-tone="main">{words.showModels(answer?.count ?? 0)}</button>
          </form>
        </dialog>
      )}
    </div>
  );
}

/** Whether there is nothing, and nothing is still being read. */
function isEmptyLibrary(answer: LibraryAnswer | null): boolean {
  return answer !== null && answer.total === 0 && (answer.progress === null || answer.progress.total === 0);
}

/** Whether pictures for adults are blurred. */
function BlurChoice({ words, pictures }: Pick<LibraryViewProps, "words" | "pictures">): VNode {
  return (
    <label class="check">
      <input
        type="checkbox"
        checked={pictures.isBlurring.value}
        onChange={({ currentTarget }) => pictures.setBlurring(currentTarget.checked)}
      />
      {words.blurMature}
    </label>
  );
}

interface ContentProps {
  readonly store: LibraryStore;
  readonly words: LibraryMessages;
  readonly pictures: PictureChoice;
  readonly onQuery: (query: LibraryQuery) => void;
}

function LibraryContent({ store, words, pictures, onQuery }: ContentProps): VNode {
  const answer = store.answer.value;
  const problem = store.problem.value;
  if (answer === null && problem !== null) {
    return (
      <div class="nothing" role="alert">
        <h2>{words.problem}</h2>
        <p>{problem instanceof Error ? problem.message : String(problem)}</p>
        <button type="button" class="button" onClick={() => void store.refresh()}>{words.again}</button>
      </div>
    );
  }
  if (answer === null) return <p class="nothing soft">{words.loading}</p>;
  if (isEmptyLibrary(answer)) {
    return (
      <div class="nothing">
        <h2>{words.emptyTitle}</h2>
        <p>{words.emptyText}</p>
        <a class="button" data-tone="main" href="#/add">{words.emptyLink}</a>
      </div>
    );
  }
  if (answer.total === 0) return <p class="nothing soft">{words.loading}</p>;
  if (answer.count === 0) return <NothingFound store={store} words={words} onQuery={onQuery} />;
  return <CardGrid ids={answer.ids} queryKey={store.answered.value} store={store} words={words} pictures={pictures} />;
}

interface SearchFieldProps {
  readonly words: LibraryMessages;
  readonly text: string;
  readonly onText: (text: string) => void;
}

function SearchField({ words, text, onText }: SearchFieldProps): VNode {
  const field = useRef<HTMLInputElement>(null);
  const timer = useRef<ReturnType<typeof setTimeout> | undefined>(undefined);
  const typed = useRef(text);
  useEffect(() => {
    // What is being typed is newer than the address.
    if (field.current !== null && typed.current !== text) field.current.value = text;
    typed.current = text;
  }, [text]);
  useEffect(() => () => clearTimeout(timer.current), []);
  const type = (value: string) => {
    clearTimeout(timer.current);
    timer.current = setTimeout(() => {
      typed.current = value;
      onText(value);
    }, TYPING_MS);
  };
  return (
    <input
      ref={field}
      type="search"
      class="field search"
      aria-label={words.search}
      placeholder={words.searchHint}
      defaultValue={text}
      autocomplete="off"
      maxLength={300}
      spellcheck={false}
      onInput={({ currentTarget }) => type(currentTarget.value)}
    />
  );
}

interface SortChoiceProps {
  readonly words: LibraryMessages;
  readonly sort: Sort;
  readonly onSort: (sort: Sort) => void;
}

function SortChoice({ words, sort, onSort }: SortChoiceProps): VNode {
  return (
    <select
      class="field"
      aria-label={words.sort}
      value={sort}
      onChange={({ currentTarget }) => onSort(SORTS.find((sort) => sort === currentTarget.value) ?? SORTS[0])}
    >
      {SORTS.map((sort) => <option key={sort} value={sort}>{words.sorts[sort]}</option>)}
    </select>
  );
}

interface ChosenFiltersProps {
  readonly query: LibraryQuery;
  readonly words: LibraryMessages;
  readonly onQuery: (query: LibraryQuery) => void;
}

function ChosenFilters({ query, words, onQuery }: ChosenFiltersProps): VNode | null {
  const chosen = chosenValues(query);
  if (chosen.length === 0) return null;
  return (
    <ul class="chips">
      {chosen.map(({ filter, value }) => {
        const name = words.dropValue(words.filterNames[filter], valueName(filter, value, words));
        return (
          <li key={name}>
            <button
              type="button"
              class="chip"
              aria-label={words.drop(name)}
              onClick={() => onQuery(toggleValue(query, filter, value))}
            >
              <bdi>{name}</bdi> <span aria-hidden="true">×</span>
            </button>
          </li>
        );
      })}
      {chosen.length > 1 && (
        <li>
          <button type="button" class="text-button" onClick={() => onQuery({ ...withoutFilters(query), q: query.q })}>
            {words.clear}
          </button>
        </li>
      )}
    </ul>
  );
}

/** Tell the styles where the view begins: it ends where the screen does, whatever is above it. */
function useTop(root: RefObject<HTMLElement | null>): void {
  useLayoutEffect(() => {
    const measure = () => {
      const top = (root.current?.getBoundingClientRect().top ?? 0) + scrollY;
      root.current?.style.setProperty("--library-top", `${Math.ceil(top) + BOTTOM}px`);
    };
    measure();
    const observer = new ResizeObserver(measure);
    observer.observe(document.body);
    return () => observer.disconnect();
  }, []);
}

function useMediaQuery(condition: string): boolean {
  const matches = useSignal(matchMedia(condition).matches);
  useEffect(() => {
    const list = matchMedia(condition);
    const update = () => matches.value = list.matches;
    list.addEventListener("change", update);
    return () => list.removeEventListener("change", update);
  }, [condition]);
  return matches.value;
}
