import { join } from "node:path";
import { type Clock, systemClock } from "../../base/mod.ts";
import type { ResolvedDownload } from "../../civitai/mod.ts";
import { linkKey } from "./_link_key.ts";
import type { Library } from "../open_library.ts";
import { STATE_FOLDER } from "../../library/mod.ts";
import { openSealed, sealText } from "./_sealed_text.ts";

/** Options of {@linkcode LinkStore}. */
export interface LinkStoreOptions {
  /**
   * API token that the key for encrypting links is derived from; if absent, random bytes in a file with mode 0600 are
   * used.
   */
  readonly token?: string | undefined;
  /** URL of the API that the links come from; links of another API are not used. */
  readonly baseUrl: string;
  /**
   * Source of the time, for the expiry of links.
   *
   * @default {systemClock}
   */
  readonly clock?: Clock | undefined;
}

/** A link that expires within this time is not used, in milliseconds. */
const MIN_LEFT_MS = 30_000;
/** Assumed lifetime of a link without an expiry: long enough for a program that was killed and started again. */
const DEFAULT_LIFE_MS = 300_000;
/** Longest lifetime of a link: no signature of S3, R2 or B2 lasts longer. */
const MAX_LIFE_MS = 7 * 86_400_000;
/** Prefix of the names of the catalog's notes that store links. */
const PREFIX = "link:";

/**
 * Stores the signed URLs of files in progress in the catalog, encrypted, so that the process after a killed one does
 * not need to request them again. Each request counts against a 24-hour quota. A link that has expired, or was stored
 * with another key or for another API, is forgotten silently.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { LinkStore, openLibrary } from "@civitai-dl/civitai-dl/downloader";
 *
 * using library = await openLibrary("models", { command: "example", scratch: true });
 * const links = new LinkStore(library, { token: "0123456789abcdef", baseUrl: "https://civitai.com" });
 * const expiresAt = Date.now() + 3_600_000;
 * await links.store("file:2:3", { url: "https://example.com/a", host: "example.com", expiresAt, direct: false });
 * assertEquals((await links.recall("file:2:3"))?.url, "https://example.com/a");
 * ```
 */
export class LinkStore {
  readonly #library: Library;
  readonly #options: LinkStoreOptions;
  readonly #clock: Clock;
  readonly #storedHere = new Set<string>();
  #key: Promise<Uint8Array> | undefined;

  /**
   * Create a store; the key is derived at the first use.
   *
   * @param library The library, whose catalog stores the links
   * @param options Token, URL of the API, clock
   */
  constructor(library: Library, options: LinkStoreOptions) {
    this.#library = library;
    this.#options = options;
    this.#clock = options.clock ?? systemClock;
  }

  /**
   * Find the link that this process or an earlier one has stored for an item. A link that cannot be used is forgotten.
   *
   * @param itemKey The catalog's key
   * @returns The link, or `null` when there is none that is valid for another 30 seconds
   */
  async recall(itemKey: string): Promise<ResolvedDownload | null> {
    const note = this.#library.catalog.note(PREFIX + itemKey);
    if (note === null) return null;
    const [untilMs, sealed] = splitNote(note);
    const isUsable = untilMs - this.#clock.now() > MIN_LEFT_MS;
    const text = isUsable ? openSealed(sealed, await this.#seal(itemKey, untilMs)) : null;
    if (text !== null) return JSON.parse(text) as ResolvedDownload;
    this.forget(itemKey);
    return null;
  }

  /**
   * Store a link; call this before the transfer starts.
   *
   * @param itemKey The catalog's key
   * @param link Response of the download route; it is not stored if the API serves the file itself
   */
  async store(itemKey: string, link: ResolvedDownload): Promise<void> {
    if (link.direct) return;
    const now = this.#clock.now();
    const untilMs = Math.min(link.expiresAt ?? now + DEFAULT_LIFE_MS, now + MAX_LIFE_MS);
    const sealed = sealText(JSON.stringify(link), await this.#seal(itemKey, untilMs));
    this.#library.catalog.setNote(PREFIX + itemKey, `${untilMs} ${sealed}`);
    this.#storedHere.add(itemKey);
  }

  /**
   * Forget a link: the item is done or refused, or the storage no longer accepts the link.
   *
   * @param itemKey The catalog's key
   * @returns Whether an earlier process had stored the link, so that a new request may find another object
   */
  forget(itemKey: string): boolean {
    const { catalog } = this.#library;
    const isOurs = this.#storedHere.delete(itemKey);
    if (!isOurs && catalog.note(PREFIX + itemKey) === null) return false;
    catalog.setNote(PREFIX + itemKey, null);
    return !isOurs;
  }

  /** Forget all links that have expired; call this at the start of a run. */
  sweep(): void {
    const { catalog } = this.#library;
    const now = this.#clock.now();
    const names = catalog.notes(PREFIX).filter(({ value }) => !(splitNote(value)[0] - now > MIN_LEFT_MS));
    catalog.transaction(() => {
      for (const { name } of names) catalog.setNote(name, null);
    });
  }

  async #seal(itemKey: string, untilMs: number): Promise<{ readonly key: Uint8Array; readonly context: string }> {
    const { token, baseUrl } = this.#options;
    this.#key ??= linkKey(join(this.#library.root, STATE_FOLDER, "state"), token);
    return { key: await this.#key, context: JSON.stringify([baseUrl, itemKey, untilMs]) };
  }
}

/** Split a note. The expiry precedes the sealed link, so that a sweep needs no key; the seal authenticates it. */
function splitNote(note: string): readonly [untilMs: number, sealed: string] {
  const [until = "", sealed = ""] = note.split(" ");
  return [Number(until), sealed];
}
