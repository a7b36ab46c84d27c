import { batch, signal } from "@preact/signals";
import type { Cards, LibraryAnswer } from "../../api/shapes/library.ts";
import { CardCache } from "./card_cache.ts";
import { EVERYTHING, type LibraryQuery, requestParams } from "./library_query.ts";

/** Fetches the JSON of a path of the API. */
export type GetJson = <Answer>(path: string, options: { readonly signal: AbortSignal }) => Promise<Answer>;

/** What the library shows, and the answer that it has of the server. */
export class LibraryStore {
  readonly query = signal<LibraryQuery>(EVERYTHING);
  /** The newest answer, which may be of an older query while one is on its way. */
  readonly answer = signal<LibraryAnswer | null>(null);
  /** The query of `answer`, as parameters. */
  readonly answered = signal("");
  readonly isSearching = signal(false);
  /** Why there is no answer. */
  readonly problem = signal<unknown>(null);
  /** Changes when cards have come. */
  readonly revision = signal(0);
  readonly cards: CardCache;
  readonly #get: GetJson;
  #asking: AbortController | null = null;

  constructor(get: GetJson) {
    this.#get = get;
    const load = (ids: readonly number[], signal: AbortSignal) =>
      get<Cards>(`library/cards?ids=${ids.join(",")}`, { signal });
    this.cards = new CardCache(load, () => this.revision.value++);
  }

  /** Ask for a query; an answer to an earlier one is dropped. */
  async ask(query: LibraryQuery): Promise<void> {
    this.#asking?.abort();
    const asking = new AbortController();
    this.#asking = asking;
    batch(() => {
      this.query.value = query;
      this.isSearching.value = true;
    });
    const params = requestParams(query).toString();
    try {
      const answer = await this.#get<LibraryAnswer>(`library?${params}`, { signal: asking.signal });
      if (this.#asking !== asking) return;
      this.cards.reset(answer.ids, { stamp: answer.stamp, cards: answer.cards });
      batch(() => {
        this.answer.value = answer;
        this.answered.value = params;
        this.problem.value = null;
        this.isSearching.value = false;
      });
    } catch (error) {
      if (this.#asking !== asking) return;
      batch(() => {
        this.problem.value = error;
        this.isSearching.value = false;
      });
    }
  }

  /** Show nothing, unless the answer is that of a query: who comes from elsewhere must not see other models first. */
  forgetOther(params: string): void {
    if (this.answered.peek() !== params) this.answer.value = null;
  }

  /** Ask once more, because the library has changed. */
  async refresh(): Promise<void> {
    await this.ask(this.query.peek());
  }

  /** How many models a query would find. */
  async count(query: LibraryQuery, signal: AbortSignal): Promise<number> {
    const { count } = await this.#get<LibraryAnswer>(`library?${requestParams(query)}`, { signal });
    return count;
  }
}
