import { type Clock, type DayLimits, formatSize, PRIVATE_FILE_MODE, systemClock, writeAtomic } from "../../base/mod.ts";
import type { RequestNotice } from "../../civitai/mod.ts";
import { FailureError } from "../../failsafe/mod.ts";
import { DayQuotaError } from "./day_quota_error.ts";
import type { DownloadEvent } from "../watch/download_event.ts";
import { type Amount, QuotaWindow } from "./quota_window.ts";

/** Options of {@linkcode DayQuota}. */
export interface DayQuotaOptions {
  /**
   * What may be used; without, it is only counted, for a later run that has limits.
   *
   * @default {none}
   */
  readonly limits?: DayLimits | undefined;
  /** What was used before; see {@linkcode openDayQuota}. */
  readonly window?: QuotaWindow | undefined;
  /** Told once when the counts cannot be written. */
  readonly onWarning?: ((message: string) => void) | undefined;
  /**
   * Time, as a seam.
   *
   * @default {systemClock}
   */
  readonly clock?: Clock | undefined;
}

/** What an item is about to use. */
export interface DayNeed extends Amount {
  /** The catalog's key. */
  readonly key: string;
  /** For messages. */
  readonly path: string;
}

/** Bytes are written down after so long. */
const SAVE_MS = 5000;
/** Links are written down at once where there is a limit, else after so long: a kill may lose those. */
const LINK_SAVE_MS = 250;

/** Counts the download links and bytes of the last 24 hours, across runs, and says no before a limit is exceeded. */
export class DayQuota implements AsyncDisposable {
  readonly #path: string;
  readonly #limits: DayLimits;
  readonly #window: QuotaWindow;
  readonly #onWarning: (message: string) => void;
  readonly #clock: Clock;
  /** Of what is under way and not used yet, by item. */
  readonly #promised = new Map<string, { links: number; bytes: number }>();
  /** Questions for links that are under way, and how many of them were not counted yet. */
  readonly #asking = { count: 0, uncounted: 0 };
  #savedAt: number;
  #saving: Promise<void> | undefined;
  #isStale = false;
  #hasWarned = false;

  /**
   * Make one.
   *
   * @param path Where the counts are kept; the folder must exist
   * @param options Limits and what was used before
   */
  constructor(path: string, options: DayQuotaOptions = {}) {
    const { limits = { links: null, bytes: null }, window = new QuotaWindow(), onWarning = () => {} } = options;
    this.#path = path;
    this.#limits = limits;
    this.#window = window;
    this.#onWarning = onWarning;
    this.#clock = options.clock ?? systemClock;
    this.#savedAt = this.#clock.monotonic();
  }

  /** Whether there is anything to stop for. */
  get isLimited(): boolean {
    return this.#limits.links !== null || this.#limits.bytes !== null;
  }

  /** What the last 24 hours used. */
  get used(): Amount {
    return this.#window.used(this.#clock.now());
  }

  /** Count an exchange with the API if it was answered by the download route. */
  seeRequest({ url, status }: Pick<RequestNotice, "url" | "status">): void {
    if (status === null || !/\/api\/download\//.test(url)) return;
    this.#window.add(this.#clock.now(), { links: 1, bytes: 0 });
    this.#asking.uncounted = Math.max(0, this.#asking.uncounted - 1);
    if (this.isLimited || this.#clock.monotonic() - this.#savedAt >= LINK_SAVE_MS) this.#save();
  }

  /** Count the bytes that came. */
  seeEvent(event: DownloadEvent): void {
    if (event.type !== "bytes") return;
    this.#window.add(this.#clock.now(), { links: 0, bytes: event.count });
    const promised = this.#promised.get(event.key);
    if (promised !== undefined) promised.bytes = Math.max(0, promised.bytes - event.count);
    if (this.#clock.monotonic() - this.#savedAt >= SAVE_MS) this.#save();
  }

  /**
   * Let an item begin, and keep what it needs free for it until the result is disposed.
   *
   * @param need What it will use
   * @returns Its claim
   * @throws {DayQuotaError} If that would exceed a limit now
   * @throws {FailureError} `rejected` if it would on any day
   */
  admit(need: DayNeed): Disposable {
    const { key, path, links, bytes } = need;
    const { bytes: maxBytes } = this.#limits;
    if (maxBytes !== null && bytes > maxBytes) {
      const message = `Cannot fetch "${path}": its ${formatSize(bytes)} are more than --quota lets through in a day`;
      throw new FailureError("rejected", message, { hint: `Give --quota more than ${formatSize(bytes)}` });
    }
    this.#assertRoom(need);
    this.#promised.set(key, { links, bytes });
    return { [Symbol.dispose]: () => void this.#promised.delete(key) };
  }

  /**
   * Let an item ask for a link; the first one is its own already.
   *
   * @param item Key and path
   * @returns To be disposed when the answer has come and was counted
   * @throws {DayQuotaError} If one more would exceed the limit
   */
  admitLink(item: { readonly key: string; readonly path: string }): Disposable {
    this.#assertRoom({ ...item, links: 1, bytes: 0 });
    const asking = this.#asking;
    const promised = this.#promised.get(item.key);
    if (promised !== undefined) promised.links = 0;
    asking.count++;
    asking.uncounted++;
    return {
      [Symbol.dispose]() {
        asking.count--;
        // A question that failed on its way was never counted.
        asking.uncounted = Math.min(asking.uncounted, asking.count);
      },
    };
  }

  /** Write the counts down, to the disk. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.#saving;
    await this.#write({ sync: true });
  }

  #assertRoom(need: DayNeed): void {
    const { links: maxLinks, bytes: maxBytes } = this.#limits;
    if (maxLinks === null && maxBytes === null) return;
    const others = this.#promisedBeside(need.key);
    const now = this.#clock.now();
    const total = { links: others.links + need.links, bytes: others.bytes + need.bytes };
    const nextMs = this.#window.roomAt(now, total, this.#limits);
    if (nextMs <= now) return;
    const used = this.#window.used(now);
    const isLinks = maxLinks !== null && used.links + total.links > maxLinks;
    const state = isLinks
      ? `${used.links + others.links} of ${maxLinks} download links`
      : `${formatSize(used.bytes + others.bytes)} of ${formatSize(maxBytes ?? 0)}`;
    throw new DayQuotaError(`Stopped before "${need.path}": ${state} of --quota are taken`, nextMs);
  }

  /** What is under way besides one item, and not counted yet. */
  #promisedBeside(key: string): Amount {
    let links = this.#asking.uncounted;
    let bytes = 0;
    for (const [other, promised] of this.#promised) {
      if (other === key) continue;
      links += promised.links;
      bytes += promised.bytes;
    }
    return { links, bytes };
  }

  /** Behind the caller's back; many calls become few writes. */
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
      await writeAtomic(this.#path, `${JSON.stringify(this.#window)}\n`, { ...options, mode: PRIVATE_FILE_MODE });
    } catch (error) {
      if (this.#hasWarned) return;
      this.#hasWarned = true;
      this.#onWarning(`Cannot write "${this.#path}": ${error instanceof Error ? error.message : error}`);
    }
  }
}
