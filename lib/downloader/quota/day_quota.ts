import { type Clock, type DayLimits, formatSize, type StateFile, systemClock } from "../../base/mod.ts";
import type { RequestNotice } from "../../civitai/mod.ts";
import { FailureError } from "../../failsafe/mod.ts";
import { DayQuotaError } from "./day_quota_error.ts";
import type { DownloadEvent } from "../download_event.ts";
import { type Amount, type QuotaState, QuotaWindow } from "./quota_window.ts";

/** Options of {@linkcode DayQuota}. */
export interface DayQuotaOptions {
  /**
   * Limits per 24 hours; without them, usage is only counted, for a later run that has limits.
   *
   * @default {{ links: null, bytes: null }}
   */
  readonly limits?: DayLimits | undefined;
  /** Counts of earlier runs; see {@linkcode openDayQuota}. */
  readonly window?: QuotaWindow | undefined;
  /** Called once when the counts cannot be written. */
  readonly onWarning?: ((message: string) => void) | undefined;
  /**
   * Source of timestamps and intervals.
   *
   * @default {systemClock}
   */
  readonly clock?: Clock | undefined;
}

/** Links and bytes that an item is about to use. */
export interface DayNeed extends Amount {
  /** The catalog's key. */
  readonly key: string;
  /** Path of the item, for error messages. */
  readonly path: string;
}

/** Minimum time between two saves of the byte count, in milliseconds. */
const SAVE_MS = 5000;
/**
 * Minimum time between two saves of the link count, in milliseconds, if there are no limits; a kill may lose the last
 * links. With limits, it is 0.
 */
const LINK_SAVE_MS = 250;

/**
 * Counts the download links and bytes of the last 24 hours, across runs, and refuses items that would exceed a limit.
 *
 * @example
 * ```ts
 * import { assertThrows } from "@std/assert";
 * import { DayQuotaError, openDayQuota, parseDayLimits } from "@civitai-dl/civitai-dl/downloader";
 *
 * const root = await Deno.makeTempDir();
 * const quota = await openDayQuota({ root }, { limits: parseDayLimits("1, 200G"), onWarning: console.warn });
 * using _reservation = quota.reserve({ key: "file:1:2", path: "a.safetensors", links: 1, bytes: 1000 });
 * const next = { key: "file:1:3", path: "b.safetensors", links: 1, bytes: 1000 };
 * assertThrows(() => quota.reserve(next), DayQuotaError, "1 of 1 download links of --quota are used");
 * await quota[Symbol.asyncDispose]();
 * await Deno.remove(root, { recursive: true });
 * ```
 */
export class DayQuota implements AsyncDisposable {
  readonly #file: StateFile<QuotaState>;
  readonly #limits: DayLimits;
  readonly #window: QuotaWindow;
  readonly #onWarning: (message: string) => void;
  readonly #clock: Clock;
  /** Links and bytes that the items in progress have reserved but not used yet, by key. */
  readonly #reserved = new Map<string, { links: number; bytes: number }>();
  /** Requests for links that are in progress, and how many of them are not counted yet. */
  readonly #linkRequests = { count: 0, uncounted: 0 };
  #savedAt: number;
  #saving: Promise<void> | undefined;
  #isStale = false;
  #hasWarned = false;

  /**
   * Start with the counts of earlier runs; nothing is read or written yet.
   *
   * @param file File for the counts; its folder must exist
   * @param options Limits, and counts of earlier runs
   */
  constructor(file: StateFile<QuotaState>, options: DayQuotaOptions = {}) {
    const { limits = { links: null, bytes: null }, window = new QuotaWindow(), onWarning = () => {} } = options;
    this.#file = file;
    this.#limits = limits;
    this.#window = window;
    window.limits = limits;
    this.#onWarning = onWarning;
    this.#clock = options.clock ?? systemClock;
    this.#savedAt = this.#clock.monotonic();
  }

  /** Whether links or bytes have a limit. */
  get isLimited(): boolean {
    return this.#limits.links !== null || this.#limits.bytes !== null;
  }

  /** Links and bytes used in the last 24 hours. */
  get used(): Amount {
    return this.#window.sumUsed(this.#clock.now());
  }

  /** Count a link if a request to the download route got a response. */
  countRequest({ url, status }: Pick<RequestNotice, "url" | "status">): void {
    if (status === null || !/\/api\/download\//.test(url)) return;
    this.#window.add(this.#clock.now(), { links: 1, bytes: 0 });
    this.#linkRequests.uncounted = Math.max(0, this.#linkRequests.uncounted - 1);
    if (this.isLimited || this.#clock.monotonic() - this.#savedAt >= LINK_SAVE_MS) this.#save();
  }

  /** Count the bytes of a `bytes` event; other events are ignored. */
  countBytes(event: DownloadEvent): void {
    if (event.type !== "bytes") return;
    this.#window.add(this.#clock.now(), { links: 0, bytes: event.count });
    const reserved = this.#reserved.get(event.key);
    if (reserved !== undefined) reserved.bytes = Math.max(0, reserved.bytes - event.count);
    if (this.#clock.monotonic() - this.#savedAt >= SAVE_MS) this.#save();
  }

  /**
   * Reserve the links and bytes that an item needs.
   *
   * @param need Links and bytes that the item will use
   * @returns The reservation; dispose it when the item ends
   * @throws {DayQuotaError} If the item would exceed a limit now
   * @throws {FailureError} `rejected` if the item exceeds the byte limit of a whole day
   */
  reserve(need: DayNeed): Disposable {
    const { key, path, links, bytes } = need;
    const { bytes: maxBytes } = this.#limits;
    if (maxBytes !== null && bytes > maxBytes) {
      const message = `Cannot fetch "${path}": its size ${formatSize(bytes)} exceeds the daily limit of --quota`;
      throw new FailureError("rejected", message, { hint: `Set --quota to more than ${formatSize(bytes)}` });
    }
    this.#assertRoom(need);
    this.#reserved.set(key, { links, bytes });
    return { [Symbol.dispose]: () => void this.#reserved.delete(key) };
  }

  /**
   * Reserve one request for a link; it replaces the link that the item has reserved before.
   *
   * @param item Key and path
   * @returns The reservation; dispose it when the response has arrived and was counted
   * @throws {DayQuotaError} If one more link would exceed the limit
   */
  reserveLink(item: { readonly key: string; readonly path: string }): Disposable {
    this.#assertRoom({ ...item, links: 1, bytes: 0 });
    const linkRequests = this.#linkRequests;
    const reserved = this.#reserved.get(item.key);
    if (reserved !== undefined) reserved.links = 0;
    linkRequests.count++;
    linkRequests.uncounted++;
    return {
      [Symbol.dispose]() {
        linkRequests.count--;
        // A request that failed without a response was never counted.
        linkRequests.uncounted = Math.min(linkRequests.uncounted, linkRequests.count);
      },
    };
  }

  /** Write the counts to their file, and flush it to the disk. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.#saving;
    await this.#write({ sync: true });
  }

  #assertRoom(need: DayNeed): void {
    const { links: maxLinks, bytes: maxBytes } = this.#limits;
    if (maxLinks === null && maxBytes === null) return;
    const others = this.#reservedByOthers(need.key);
    const now = this.#clock.now();
    const total = { links: others.links + need.links, bytes: others.bytes + need.bytes };
    const nextMs = this.#window.findFittingTime(now, total, this.#limits);
    if (nextMs <= now) return;
    const used = this.#window.sumUsed(now);
    const isLinks = maxLinks !== null && used.links + total.links > maxLinks;
    const state = isLinks
      ? `${used.links + others.links} of ${maxLinks} download links`
      : `${formatSize(used.bytes + others.bytes)} of ${formatSize(maxBytes ?? 0)}`;
    throw new DayQuotaError(`Stopped before "${need.path}": ${state} of --quota are used`, nextMs);
  }

  /** Links and bytes that other items have reserved, and requests for links that are not counted yet. */
  #reservedByOthers(key: string): Amount {
    let links = this.#linkRequests.uncounted;
    let bytes = 0;
    for (const [other, reserved] of this.#reserved) {
      if (other === key) continue;
      links += reserved.links;
      bytes += reserved.bytes;
    }
    return { links, bytes };
  }

  /** Save in the background; many calls result in few writes. */
  #save(): void {
    this.#isStale = true;
    this.#saving ??= this.#saveAll();
  }

  async #saveAll(): Promise<void> {
    while (this.#isStale) {
      this.#isStale = false;
      await this.#write({ sync: false });
    }
    this.#saving = undefined;
  }

  async #write(options: { readonly sync: boolean }): Promise<void> {
    this.#savedAt = this.#clock.monotonic();
    try {
      await this.#file.write(this.#window.state(), options);
    } catch (error) {
      if (this.#hasWarned) return;
      this.#hasWarned = true;
      this.#onWarning(`Cannot write "${this.#file.path}": ${error instanceof Error ? error.message : error}`);
    }
  }
}
