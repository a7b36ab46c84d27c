import { join } from "node:path";
import { type Clock, systemClock } from "../../base/mod.ts";
import type { ResolvedDownload } from "../../civitai/mod.ts";
import { linkKey } from "./_link_key.ts";
import { type Library, STATE_FOLDER } from "../open_library.ts";
import { openSealed, sealText } from "./_sealed_text.ts";

/** Options of {@linkcode LinkStore}. */
export interface LinkStoreOptions {
  /** What links are sealed with; without one, a random key in a file of mode 0600. */
  readonly token?: string | undefined;
  /** The API that the links come from: those of another are not used. */
  readonly baseUrl: string;
  /**
   * Time, as a seam.
   *
   * @default {systemClock}
   */
  readonly clock?: Clock | undefined;
}

/** A link with less than this to live is not worth a connection. */
const MIN_LEFT_MS = 30_000;
/** A link that does not say how long it lives: long enough for a program that was killed and started again. */
const UNTOLD_LIFE_MS = 300_000;
/** No signature of S3, R2 or B2 lasts longer. */
const MAX_LIFE_MS = 7 * 86_400_000;
/** Begins the names of links among the catalog's notes. */
const PREFIX = "link:";

/**
 * Keeps the signed addresses of files that are under way in the catalog, sealed, so that a process that was killed does
 * not ask for them again: each question counts against a quota of 24 hours. Never a wrong answer: a link that is old, of
 * another key or of another API is forgotten without a word.
 */
export class LinkStore {
  readonly #library: Library;
  readonly #options: LinkStoreOptions;
  readonly #clock: Clock;
  readonly #made = new Set<string>();
  #key: Promise<Uint8Array> | undefined;

  /**
   * Make one.
   *
   * @param library Whose catalog keeps the links
   * @param options Key, API, clock
   */
  constructor(library: Library, options: LinkStoreOptions) {
    this.#library = library;
    this.#options = options;
    this.#clock = options.clock ?? systemClock;
  }

  /**
   * The link that an earlier process, or this one, was given for an item.
   *
   * @param itemKey The catalog's key
   * @returns The link, or `null` when there is none that is good for half a minute
   */
  async recall(itemKey: string): Promise<ResolvedDownload | null> {
    const note = this.#library.catalog.recall(PREFIX + itemKey);
    if (note === null) return null;
    const [untilMs, sealed] = splitNote(note);
    const isUsable = untilMs - this.#clock.now() > MIN_LEFT_MS;
    const text = isUsable ? openSealed(sealed, await this.#seal(itemKey, untilMs)) : null;
    if (text !== null) return JSON.parse(text) as ResolvedDownload;
    this.forget(itemKey);
    return null;
  }

  /**
   * Keep a link, before the transfer begins.
   *
   * @param itemKey The catalog's key
   * @param link What the download route answered; a file that the API sends itself is asked for anew each time
   */
  async keep(itemKey: string, link: ResolvedDownload): Promise<void> {
    if (link.direct) return;
    const now = this.#clock.now();
    const untilMs = Math.min(link.expiresAt ?? now + UNTOLD_LIFE_MS, now + MAX_LIFE_MS);
    const sealed = sealText(JSON.stringify(link), await this.#seal(itemKey, untilMs));
    this.#library.catalog.remember(PREFIX + itemKey, `${untilMs} ${sealed}`);
    this.#made.add(itemKey);
  }

  /**
   * Forget a link: the item is done or refused, or the storage takes the link no more.
   *
   * @param itemKey The catalog's key
   * @returns Whether the link was an earlier process's, so that asking anew may find another object
   */
  forget(itemKey: string): boolean {
    const { catalog } = this.#library;
    const isOurs = this.#made.delete(itemKey);
    if (!isOurs && catalog.recall(PREFIX + itemKey) === null) return false;
    catalog.remember(PREFIX + itemKey, null);
    return !isOurs;
  }

  /** Forget what has no use any more; for the start of a run. */
  sweep(): void {
    const { catalog } = this.#library;
    const now = this.#clock.now();
    const names = catalog.notes(PREFIX).filter(({ value }) => !(splitNote(value)[0] - now > MIN_LEFT_MS));
    catalog.transaction(() => {
      for (const { name } of names) catalog.remember(name, null);
    });
  }

  async #seal(itemKey: string, untilMs: number): Promise<{ readonly key: Uint8Array; readonly context: string }> {
    const { token, baseUrl } = this.#options;
    this.#key ??= linkKey(join(this.#library.root, STATE_FOLDER, "state"), token);
    return { key: await this.#key, context: JSON.stringify([baseUrl, itemKey, untilMs]) };
  }
}

/** When it ends stands before the sealed part, so that a sweep needs no key; the seal vouches for it. */
function splitNote(note: string): readonly [untilMs: number, sealed: string] {
  const [until = "", sealed = ""] = note.split(" ");
  return [Number(until), sealed];
}
