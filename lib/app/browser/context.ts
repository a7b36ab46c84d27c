import { createContext } from "preact";
import { useContext } from "preact/hooks";
import type { ReadonlySignal, Signal } from "@preact/signals";
import type { About } from "../api/shapes/about.ts";
import type { Plan } from "../api/shapes/plan.ts";
import type { QueueDocument } from "../api/shapes/queue.ts";
import type { Format, StatusDocument, StatusWords } from "../../status/mod.ts";
import type { Messages } from "./messages/en.ts";
import type { LibraryStore } from "./library/library_store.ts";
import type { PictureChoice } from "./pictures/picture_choice.ts";
import type { Api } from "./frame/api.ts";
import type { LinkState } from "./frame/feed.ts";
import type { PageRoute } from "./frame/route.ts";

/** Languages of the page. */
export type PageLanguage = "en" | "ja";

/** Themes of the page; `auto` is that of the system. */
export type PageTheme = "auto" | "light" | "dark";

/** The connection to the server. */
export interface Link {
  readonly state: LinkState;
  /** When that began. */
  readonly since: Date;
}

/** What a person has typed in the view that adds, and the plan of it; kept while other views are open. */
export interface Draft {
  readonly text: string;
  readonly versions: "latest" | "all";
  readonly pictures: "some" | "none" | "all";
  readonly plan: Plan | null;
  /** Leaves of the plan that are deselected, see `selection.ts`. */
  readonly off: ReadonlySet<string>;
}

/** All that the views share. */
export interface App {
  readonly api: Api;
  readonly language: ReadonlySignal<PageLanguage>;
  /** Show another language, whose words may have to be fetched first. */
  readonly setLanguage: (language: PageLanguage) => Promise<void>;
  readonly theme: Signal<PageTheme>;
  /** The words of the page, in its language. */
  readonly words: ReadonlySignal<Messages>;
  /** The words about a status, in its language. */
  readonly statusWords: ReadonlySignal<StatusWords>;
  readonly format: ReadonlySignal<Format>;
  readonly route: ReadonlySignal<PageRoute>;
  /** The heading of the open view, for the title of the document. */
  readonly heading: Signal<string>;
  readonly link: Signal<Link>;
  /** `null` until the server has answered. */
  readonly about: Signal<About | null>;
  /** Whether nothing can be changed from here, also until the server has answered: a button may be refused. */
  readonly canOnlyRead: ReadonlySignal<boolean>;
  /** `null` until the first event. */
  readonly status: Signal<StatusDocument | null>;
  /** `null` until the first event. */
  readonly queue: Signal<QueueDocument | null>;
  /** Changes whenever the library does; empty before the first event. */
  readonly libraryStamp: Signal<string>;
  /** The last plan that has changed, and how many did so far. */
  readonly planChange: Signal<{ readonly id: string; readonly count: number }>;
  readonly draft: Signal<Draft>;
  /** The last look for updates; `null` before the first. */
  readonly updates: Signal<Plan | null>;
  /** What a screen reader announces. */
  readonly news: Signal<string>;
  /** The time by the server's clock, in milliseconds since the epoch; it moves each second. */
  readonly now: Signal<number>;
  /** What the library shows. */
  readonly library: LibraryStore;
  /** Which pictures are blurred. */
  readonly pictures: PictureChoice;
  /** Put another hash in place of the current one, without an entry of the history. */
  readonly replaceRoute: (hash: string) => void;
  /** Whether another view was open before, so that the focus follows to the heading of the next. */
  readonly hasNavigated: () => boolean;
  /** Let a screen reader announce news. */
  readonly announce: (news: readonly string[]) => void;
}

/** Gives the views what they share. */
export const AppContext = createContext<App | null>(null);

/** What the views share. */
export function useApp(): App {
  const app = useContext(AppContext);
  if (app === null) throw new Error("Cannot render a view outside of the page");
  return app;
}
