import type { Clock } from "../../base/mod.ts";
import type { ResolvedDownload } from "../../civitai/mod.ts";

/** A link that expires within this time is not used, in milliseconds. */
const MIN_LEFT_MS = 30_000;

/**
 * The signed URLs of the files under way, so that another attempt at a file does not request a new one: each request
 * counts against a daily quota. They grant access, so they are kept in memory only.
 */
export class LinkMemory {
  readonly #clock: Clock;
  readonly #links = new Map<string, ResolvedDownload>();

  /**
   * Start with no link.
   *
   * @param clock Source of the time, for the expiry of links
   */
  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Return the link of an item; `null` if there is none that is valid for another 30 seconds. */
  recall(itemKey: string): ResolvedDownload | null {
    const link = this.#links.get(itemKey);
    if (link === undefined) return null;
    return (link.expiresAt ?? Infinity) - this.#clock.now() > MIN_LEFT_MS ? link : null;
  }

  /** Keep a link. One of a file that the API sends itself is of no use: each request of it counts. */
  keep(itemKey: string, link: ResolvedDownload): void {
    if (!link.direct) this.#links.set(itemKey, link);
  }

  /** Forget a link: the item is done or refused, or the storage no longer accepts the link. */
  forget(itemKey: string): void {
    this.#links.delete(itemKey);
  }
}
