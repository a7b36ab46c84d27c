import { type Clock, systemClock } from "../../base/mod.ts";
import { advanceSilence, type ByteSilence, excuseSilence, freshSilence } from "./_silence.ts";
import type { DownloadEvent } from "../download_event.ts";

/** A silence of a run: files wait for bytes, or the listing for an answer of the API, and none arrives. */
export interface SilenceReading {
  /** Time since the last byte or answer in which the run waited for one, in milliseconds. */
  readonly ms: number;
  /** When that began, in milliseconds since the epoch. */
  readonly since: number;
  /** The hosts that the run waits for, without repetition; the one that most files wait for comes first. */
  readonly hosts: readonly string[];
  /** How many files wait; 0 if the listing does. */
  readonly files: number;
}

/** A file that is being fetched. */
interface WatchedFile {
  /** Bytes that it still needs; infinite if that is unknown. */
  readonly missing: number;
  /** Returns the host that it waits for now. */
  readonly host: () => string;
}

/** A listing that is being read. */
interface WatchedListing {
  /** The host of the API. */
  readonly host: string;
  silence: ByteSilence;
}

/** Options of {@linkcode ProgressWatch}. */
export interface ProgressWatchOptions {
  /**
   * Measures the time.
   *
   * @default {systemClock}
   */
  readonly clock?: Pick<Clock, "now" | "monotonic"> | undefined;
  /**
   * How long no byte had arrived when the run before failed, in milliseconds.
   *
   * @default {0}
   */
  readonly silentBeforeMs?: number | undefined;
}

/**
 * Measures how long a run has waited for bytes without receiving any.
 *
 * Time counts while at least one file waits for the network: for its link, a permit, a connection, the response or the
 * rest of its body, or between two attempts. It does not count before files are fetched, such as while a person is asked;
 * while what has arrived is checked; during a wait that the server asked for; or while a person has blocked the host. A
 * byte of any file ends the silence. Time in which the process did not run counts as ten seconds at most.
 *
 * A listing that waits for the API is a silence to be shown, but no outage of downloads: neither the mode of the engine
 * nor the number of runs that failed in one outage has to do with it.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { ProgressWatch } from "@civitai-dl/civitai-dl/downloader";
 *
 * const watch = new ProgressWatch();
 * {
 *   using _file = watch.begin("file:2:3", { host: () => "storage.example" });
 *   watch.record({ type: "bytes", key: "file:2:3", count: 1000 });
 * }
 * assertEquals(watch.silentMs, 0);
 * ```
 */
export class ProgressWatch {
  readonly #clock: Pick<Clock, "now" | "monotonic">;
  readonly #files = new Map<string, WatchedFile>();
  #silence: ByteSilence;
  #listing: WatchedListing | null = null;
  /** When the silence began, in milliseconds since the epoch. */
  #since = 0;
  /** What the runs before add to an outage: 0 as soon as a byte has arrived. */
  #silentBeforeMs: number;

  /** Start with no file under way. */
  constructor(options: ProgressWatchOptions = {}) {
    const { clock = systemClock, silentBeforeMs = 0 } = options;
    this.#clock = clock;
    this.#silentBeforeMs = silentBeforeMs;
    this.#silence = freshSilence(this.#clock.monotonic());
  }

  /** Time since the last byte in which files waited for one, in milliseconds; 0 while none waits. */
  get silentMs(): number {
    this.#advance();
    return this.#silence.isPending ? this.#silence.silentMs : 0;
  }

  /** The silence, with the hosts that are silent; `null` while bytes or answers arrive or nothing waits for them. */
  get silence(): SilenceReading | null {
    const ms = this.silentMs;
    if (ms === 0) return this.#listingSilence();
    const waiting = this.#files.values().filter(({ missing }) => missing > 0).toArray();
    const byHost = Map.groupBy(waiting, ({ host }) => host());
    const hosts = [...byHost].toSorted(([, a], [, b]) => b.length - a.length).map(([host]) => host);
    return { ms, since: this.#since, hosts, files: waiting.length };
  }

  /**
   * How long an outage has lasted, in milliseconds: `silentMs`, and before the first byte of this run also the silence in
   * which the run before it failed. To start a run ends no outage.
   */
  get outageMs(): number {
    return this.#silentBeforeMs + this.silentMs;
  }

  /** The same when the files that waited have failed, and none waits any more. */
  get lastOutageMs(): number {
    return this.#silentBeforeMs + this.#silence.silentMs;
  }

  /**
   * Note that a file is being fetched, until the result is disposed.
   *
   * @param key Key of the item
   * @param options Returns the host that the file waits for now
   */
  begin(key: string, { host }: { readonly host: () => string }): Disposable {
    this.#files.set(key, { missing: Infinity, host });
    this.#settle();
    return {
      [Symbol.dispose]: () => {
        this.#files.delete(key);
        this.#settle();
      },
    };
  }

  /**
   * Note that what to fetch is being listed, until the result is disposed.
   *
   * @param host The host of the API
   */
  beginListing(host: string): Disposable {
    const silence = { ...freshSilence(this.#clock.monotonic()), isPending: true };
    this.#listing = { host, silence };
    return { [Symbol.dispose]: () => void (this.#listing = null) };
  }

  /** Note that the API has answered. */
  recordAnswer(): void {
    if (this.#listing === null) return;
    this.#listing.silence = { ...advanceSilence(this.#listing.silence, this.#clock.monotonic()), silentMs: 0 };
  }

  /** Record one event of the run. */
  record(event: DownloadEvent): void {
    switch (event.type) {
      case "bytes":
        // The end of an attempt may be reported as no bytes.
        if (event.count <= 0) break;
        this.#silentBeforeMs = 0;
        this.#silence = { ...this.#advance(), silentMs: 0 };
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
    this.#silence = excuseSilence(this.#advance(), waitMs);
    const listing = this.#listing;
    if (listing === null) return;
    listing.silence = excuseSilence(advanceSilence(listing.silence, this.#clock.monotonic()), waitMs);
  }

  #listingSilence(): SilenceReading | null {
    const listing = this.#listing;
    if (listing === null) return null;
    listing.silence = advanceSilence(listing.silence, this.#clock.monotonic());
    const { silentMs: ms } = listing.silence;
    return ms === 0 ? null : { ms, since: this.#clock.now() - ms, hosts: [listing.host], files: 0 };
  }

  #change(key: string, change: (missing: number) => number): void {
    const file = this.#files.get(key);
    if (file === undefined) return;
    this.#files.set(key, { ...file, missing: change(file.missing) });
    this.#settle();
  }

  /** Count the time so far. */
  #advance(): ByteSilence {
    const before = this.#silence.silentMs;
    this.#silence = advanceSilence(this.#silence, this.#clock.monotonic());
    const { silentMs } = this.#silence;
    if (before === 0 && silentMs > 0) this.#since = this.#clock.now() - silentMs;
    return this.#silence;
  }

  /** Count the time so far, and find out whether any file still needs bytes. */
  #settle(): void {
    const isPending = this.#files.values().some(({ missing }) => missing > 0);
    this.#silence = { ...this.#advance(), isPending };
  }
}
