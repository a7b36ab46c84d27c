const FIRST_WAIT_MS = 1000;
const MAX_WAIT_MS = 10_000;

/**
 * Follow the monitor's events. The browser reconnects automatically after a broken connection, but it gives up after a
 * response that is not an event stream, and does not notice a silent connection. Both are handled here.
 */
export class Feed {
  #options;
  #source = null;
  #receivedAt = 0;
  #silenceMs = 60_000;
  #waitMs = FIRST_WAIT_MS;
  #retry = null;
  #state = "connecting";

  /** `onStatus` receives each document; `onLink` receives `live` or `lost`, and the time of the change. */
  constructor(options) {
    this.#options = options;
    setInterval(() => this.#watch(), 1000);
    addEventListener("online", () => this.open());
    addEventListener("pageshow", (event) => event.persisted && this.open());
    addEventListener("pagehide", () => this.#close());
  }

  open() {
    this.#close();
    this.#receivedAt = performance.now();
    const source = this.#source = new EventSource("/api/v1/events");
    source.addEventListener("hello", (event) => {
      this.#silenceMs = JSON.parse(event.data).beatMs * 3;
      this.#onSignal();
    });
    source.addEventListener("beat", () => this.#onSignal());
    source.addEventListener("status", (event) => {
      this.#onSignal();
      this.#options.onStatus(JSON.parse(event.data));
    });
    source.addEventListener("error", () => this.#fail());
  }

  #onSignal() {
    this.#receivedAt = performance.now();
    this.#waitMs = FIRST_WAIT_MS;
    if (this.#state === "live") return;
    this.#state = "live";
    this.#options.onLink("live", new Date());
  }

  #fail() {
    if (this.#state !== "lost") {
      this.#state = "lost";
      this.#options.onLink("lost", new Date());
    }
    if (this.#source?.readyState === EventSource.CONNECTING) return;
    this.#close();
    this.#retry = setTimeout(() => this.open(), this.#waitMs);
    this.#waitMs = Math.min(MAX_WAIT_MS, this.#waitMs * 2);
  }

  #watch() {
    if (this.#source === null || performance.now() - this.#receivedAt < this.#silenceMs) return;
    this.#close();
    this.#fail();
  }

  #close() {
    clearTimeout(this.#retry);
    this.#source?.close();
    this.#source = null;
  }
}
