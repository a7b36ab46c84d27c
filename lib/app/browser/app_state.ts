import { batch, computed, effect, signal } from "@preact/signals";
import { Format, type StatusDocument } from "../../status/mod.ts";
import type { About } from "../api/shapes/about.ts";
import type { Plan } from "../api/shapes/plan.ts";
import type { QueueDocument, QueueProgress } from "../api/shapes/queue.ts";
import { Api } from "./frame/api.ts";
import { applyTheme, firstTheme } from "./frame/choices.ts";
import type { App, Draft, Link, PageLanguage } from "./context.ts";
import { Feed, type LinkState } from "./frame/feed.ts";
import { parseRoute } from "./frame/route.ts";
import { newsOf } from "./health/news_of.ts";
import { LibraryStore } from "./library/library_store.ts";
import { PictureChoice } from "./pictures/picture_choice.ts";
import { queueNews } from "./queue/queue_news.ts";
import { loadWords, type Words } from "./words.ts";

/** News that follows within this time is appended, so that it does not replace the news before it. */
const NEWS_MS = 1000;
/** Wait before the server is asked again what it is. */
const ABOUT_MS = 3000;

/** What is blurred before the server has said so: R and above. */
const DEFAULT_BLUR = 4;

const EMPTY_DRAFT: Draft = { text: "", versions: "all", pictures: "some", plan: null, off: new Set() };

/** Put together what the views share, in a language with its words, and follow the server. */
export function openApp(firstLanguage: PageLanguage, firstWords: Words): App {
  const language = signal(firstLanguage);
  const allWords = signal(firstWords);
  const theme = signal(firstTheme());
  const words = computed(() => allWords.value.page);
  const statusWords = computed(() => allWords.value.status);
  const format = computed(() => new Format(language.value));
  const api = new Api();
  const route = signal(parseRoute(location.hash));
  const link = signal<Link>({ state: "connecting", since: new Date() });
  const about = signal<About | null>(null);
  const canOnlyRead = computed(() => about.value?.readOnly ?? true);
  const status = signal<StatusDocument | null>(null);
  const queue = signal<QueueDocument | null>(null);
  const libraryStamp = signal("");
  const planChange = signal({ id: "", count: 0 });
  const library = new LibraryStore((path, { signal }) => api.request("GET", path, { signal }));
  const pictures = new PictureChoice(computed(() => about.value?.maturity.blurFrom ?? DEFAULT_BLUR));
  const news = signal("");
  const now = signal(Date.now());
  let navigations = 0;
  let announcedAt = -Infinity;
  /** What the server's clock is ahead of the time since this page was opened. */
  let clockMs = Date.now() - performance.now();

  const announce = (said: readonly string[]): void => {
    if (said.length === 0) return;
    const isSoon = performance.now() - announcedAt < NEWS_MS;
    news.value = [...isSoon ? [news.peek()] : [], ...said].join(" ");
    announcedAt = performance.now();
  };
  const tick = (): void => {
    now.value = clockMs + performance.now();
  };
  const onStatus = (received: StatusDocument): void => {
    const before = status.peek();
    clockMs = Date.parse(received.time) - performance.now();
    status.value = received;
    tick();
    announce(newsOf(before, received, statusWords.peek()));
  };
  const onQueue = (received: QueueDocument): void => {
    announce(queueNews(queue.peek(), received, words.peek().queue));
    queue.value = received;
  };
  const onProgress = ({ revision, entries }: QueueProgress): void => {
    const before = queue.peek();
    // With another revision, the queue itself comes too.
    if (before?.revision !== revision) return;
    const running = new Map(entries.map((entry) => [entry.id, entry]));
    queue.value = { ...before, entries: before.entries.map((entry) => running.get(entry.id) ?? entry) };
  };
  const onLibrary = (stamp: string): void => {
    const isNews = libraryStamp.peek() !== "" && libraryStamp.peek() !== stamp;
    libraryStamp.value = stamp;
    if (isNews && library.answer.peek() !== null) void library.refresh();
  };
  const onEvent = (name: string, data: unknown): void =>
    batch(() => {
      if (name === "status") onStatus(data as StatusDocument);
      if (name === "queue") onQueue(data as QueueDocument);
      if (name === "progress") onProgress(data as QueueProgress);
      if (name === "library") onLibrary(String((data as { readonly stamp: unknown }).stamp));
      if (name === "plan") {
        planChange.value = { id: String((data as { readonly id: unknown }).id), count: planChange.peek().count + 1 };
      }
    });
  const readAbout = async (): Promise<void> => {
    try {
      about.value = await api.about();
    } catch {
      // The notice about the connection says so.
      setTimeout(readAbout, ABOUT_MS);
    }
  };
  const onLink = (state: LinkState): void => {
    const { frame } = words.peek();
    if (state === "lost") announce([frame.newsLost]);
    else if (link.peek().state === "lost") {
      announce([frame.newsLive]);
      // Another program may answer now.
      void readAbout();
    }
    link.value = { state, since: new Date() };
  };
  addEventListener("hashchange", () => {
    navigations++;
    route.value = parseRoute(location.hash);
  });
  const replaceRoute = (hash: string): void => {
    history.replaceState(history.state, "", hash);
    route.value = parseRoute(hash);
  };
  const setLanguage = async (chosen: PageLanguage): Promise<void> => {
    const loaded = await loadWords(chosen);
    batch(() => {
      language.value = chosen;
      allWords.value = loaded;
    });
  };
  effect(() => {
    document.documentElement.lang = language.value;
  });
  effect(() => applyTheme(theme.value));
  new Feed({ onEvent, onLink }).open();
  void readAbout();
  // Waits are counted down each second.
  setInterval(tick, 1000);
  return {
    api,
    language,
    setLanguage,
    theme,
    words,
    statusWords,
    format,
    route,
    heading: signal(""),
    link,
    about,
    canOnlyRead,
    status,
    queue,
    libraryStamp,
    planChange,
    draft: signal(EMPTY_DRAFT),
    updates: signal<Plan | null>(null),
    library,
    pictures,
    replaceRoute,
    news,
    now,
    hasNavigated: () => navigations > 0,
    announce,
  };
}
