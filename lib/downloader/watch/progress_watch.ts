import { type Clock, systemClock } from "../../base/mod.ts";
import { advanceSilence, freshSilence, type Silence } from "./_silence.ts";
import type { DownloadEvent } from "./download_event.ts";

/**
 * Measures how long a run has waited for bytes without receiving any.
 *
 * Time counts while at least one file waits for the network: for its link, a permit, a connection, the response or the
 * rest of its body, or between two attempts. It does not count before files are fetched, such as while a person is asked;
 * while what has arrived is checked; during a wait that the server asked for; or while a person has blocked the host. A
 * byte of any file ends the silence. Time in which the process did not run counts as ten seconds at most.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { ProgressWatch } from "@civitai-dl/civitai-dl/downloader";
 *
 * const watch = new ProgressWatch();
 * {
 *   using _file = watch.begin("file:2:3");
 *   watch.record({ type: "bytes", key: "file:2:3", count: 1000 });
 * }
 * assertEquals(watch.silentMs, 0);
 * ```
 */
export class ProgressWatch {
  readonly #clock: Pick<Clock, "monotonic">;
  /** Bytes that each file under way still needs; infinite if that is unknown. */
  readonly #missing = new Map<string, number>();
  #silence: Silence;

  /**
   * Start with no file under way.
   *
   * @param options Clock that measures the time; the system clock by default
   */
  constructor(options: { readonly clock?: Pick<Clock, "monotonic"> | undefined } = {}) {
    this.#clock = options.clock ?? systemClock;
    this.#silence = freshSilence(this.#clock.monotonic());
  }

  /** Time since the last byte in which files waited for one, in milliseconds; 0 while none waits. */
  get silentMs(): number {
    this.#silence = advanceSilence(this.#silence, this.#clock.monotonic());
    return this.#silence.isPending ? this.#silence.silentMs : 0;
  }

  /**
   * Note that a file is being fetched, until the result is disposed.
   *
   * @param key Key of the item
   */
  begin(key: string): Disposable {
    this.#need(key, Infinity);
    return {
      [Symbol.dispose]: () => {
        this.#missing.delete(key);
        this.#settle();
      },
    };
  }

  /** Record one event of the run. */
  record(event: DownloadEvent): void {
    switch (event.type) {
      case "bytes":
        // The end of an attempt may be reported as no bytes.
        if (event.count <= 0) break;
        this.#silence = { ...advanceSilence(this.#silence, this.#clock.monotonic()), silentMs: 0 };
        this.#change(event.key, (missing) => missing - event.count);
        break;
      case "start": {
        const { totalBytes, resumedBytes } = event;
        this.#change(event.item.key, () => totalBytes > 0 ? totalBytes - resumedBytes : Infinity);
        break;
      }
      case "restart":
        this.#change(event.item.key, () => Infinity);
        break;
      case "retry":
        this.#change(event.item.key, () => Infinity);
        if (event.failure === "throttled") this.#excuse(event.waitMs);
        break;
      case "api-retry":
        if (event.failure === "throttled") this.#excuse(event.waitMs);
        break;
      case "wait":
        if (event.failure === "tripped") this.#excuse(event.waitMs);
        break;
    }
  }

  #excuse(waitMs: number): void {
    const now = this.#clock.monotonic();
    const state = advanceSilence(this.#silence, now);
    this.#silence = { ...state, excusedUntil: Math.max(state.excusedUntil, now + waitMs) };
  }

  #change(key: string, change: (missing: number) => number): void {
    const missing = this.#missing.get(key);
    if (missing !== undefined) this.#need(key, change(missing));
  }

  #need(key: string, missing: number): void {
    this.#missing.set(key, missing);
    this.#settle();
  }

  /** Count the time so far, and find out whether any file still needs bytes. */
  #settle(): void {
    const isPending = this.#missing.values().some((left) => left > 0);
    const state = advanceSilence(this.#silence, this.#clock.monotonic());
    this.#silence = { ...state, isPending };
  }
}
