/** Whether events arrive. */
export type LinkState = "connecting" | "live" | "lost";

/** Options of {@linkcode Feed}. */
export interface FeedOptions {
  /** Receives the data of each event by its name, parsed. */
  readonly onEvent: (name: string, data: unknown) => void;
  /** Receives each change of the connection. */
  readonly onLink: (state: LinkState) => void;
}

const URL_PATH = "/api/v1/events";
const NAMES = ["status", "queue", "progress", "plan", "library"];
const FIRST_WAIT_MS = 1000;
const MAX_WAIT_MS = 10_000;

/**
 * Follow the server's events. The browser reconnects automatically after a broken connection, but it gives up after a
 * response that is not an event stream, and does not notice a silent connection. Both are handled here.
 */
export class Feed {
  readonly #options: FeedOptions;
  #source: EventSource | null = null;
  #receivedAt = 0;
  #silenceMs = 60_000;
  #waitMs = FIRST_WAIT_MS;
  #retry: ReturnType<typeof setTimeout> | undefined;
  #state: LinkState = "connecting";

  /** Prepare the feed; `open` begins it. */
  constructor(options: FeedOptions) {
    this.#options = options;
    setInterval(() => this.#watch(), 1000);
    addEventListener("online", () => this.open());
    addEventListener("pageshow", (event) => event.persisted && this.open());
    addEventListener("pagehide", () => this.#close());
  }

  /** Connect, or connect again. */
  open(): void {
    this.#close();
    this.#receivedAt = performance.now();
    const source = new EventSource(URL_PATH);
    this.#source = source;
    source.addEventListener("hello", ({ data }) => {
      this.#silenceMs = JSON.parse(data).beatMs * 3;
      this.#onSignal();
    });
    source.addEventListener("beat", () => this.#onSignal());
    for (const name of NAMES) {
      source.addEventListener(name, ({ data }) => {
        this.#onSignal();
        this.#options.onEvent(name, JSON.parse(data));
      });
    }
    source.addEventListener("error", () => this.#fail());
  }

  #onSignal(): void {
    this.#receivedAt = performance.now();
    this.#waitMs = FIRST_WAIT_MS;
    this.#enter("live");
  }

  #enter(state: LinkState): void {
    if (this.#state === state) return;
    this.#state = state;
    this.#options.onLink(state);
  }

  #fail(): void {
    this.#enter("lost");
    if (this.#source?.readyState === EventSource.CONNECTING) return;
    this.#close();
    this.#retry = setTimeout(() => this.open(), this.#waitMs);
    this.#waitMs = Math.min(MAX_WAIT_MS, this.#waitMs * 2);
  }

  #watch(): void {
    if (this.#source === null || performance.now() - this.#receivedAt < this.#silenceMs) return;
    this.#close();
    this.#fail();
  }

  #close(): void {
    clearTimeout(this.#retry);
    this.#source?.close();
    this.#source = null;
  }
}
