import { type Clock, lstatSyncOrNull, systemClock } from "../../base/mod.ts";
import { type Library, openLibrary } from "../../downloader/mod.ts";
import { catalogFile } from "../../library/mod.ts";

/** A library that is open to be read, and how many read it. */
interface OpenCatalog {
  readonly library: Library;
  /** The file that its catalog was when it was opened. */
  readonly dev: number;
  readonly ino: number | null;
  users: number;
}

/**
 * Reads the catalog of a library that other processes change. It opens the catalog when it is needed, again when another
 * file is in its place, and closes it after a while, so that the disk of the library can be taken away.
 */
export class CatalogReader implements Disposable {
  readonly #root: string;
  readonly #clock: Clock;
  #open: OpenCatalog | null = null;
  #opening: Promise<unknown> | null = null;
  #usedAt = 0;

  /** Nothing is opened yet. */
  constructor(root: string, options: { readonly clock?: Clock | undefined } = {}) {
    this.#root = root;
    this.#clock = options.clock ?? systemClock;
  }

  /**
   * Read the library.
   *
   * @throws {KitError} If its catalog is gone, damaged or of another version
   */
  async use<T>(read: (library: Library) => T | Promise<T>): Promise<T> {
    const open = await this.#opened();
    open.users++;
    try {
      return await read(open.library);
    } finally {
      open.users--;
      this.#usedAt = this.#clock.monotonic();
      if (open.users === 0 && open !== this.#open) open.library[Symbol.dispose]();
    }
  }

  /** Close the catalog if nobody has read it for this time. */
  closeIfIdle(ms: number): void {
    if (this.#clock.monotonic() - this.#usedAt >= ms && this.#open?.users === 0) this.#leave();
  }

  [Symbol.dispose](): void {
    this.#leave();
  }

  async #opened(): Promise<OpenCatalog> {
    while (this.#opening !== null) await this.#opening;
    const info = lstatSyncOrNull(catalogFile(this.#root));
    const known = this.#open;
    if (known !== null && info !== null && known.dev === info.dev && known.ino === info.ino) return known;
    this.#leave();
    const opening = openLibrary(this.#root, { command: "serve", readOnly: true, mustExist: true });
    this.#opening = opening.catch(() => {});
    try {
      const library = await opening;
      return this.#open = { library, dev: info?.dev ?? 0, ino: info?.ino ?? null, users: 0 };
    } finally {
      this.#opening = null;
    }
  }

  /** Let go of the catalog that is open; whoever still reads it closes it. */
  #leave(): void {
    const open = this.#open;
    this.#open = null;
    if (open?.users === 0) open.library[Symbol.dispose]();
  }
}
