import { createHash } from "node:crypto";
import { join } from "node:path";
import {
  type Clock,
  ensurePrivateFolder,
  freeSpaceSync,
  lstatSyncOrNull,
  messageOf,
  openNoFollow,
  removeIfExists,
  systemClock,
  writeAtomic,
} from "../../base/mod.ts";
import type { PictureFormat } from "../../library/mod.ts";
import { type IndexedPicture, PreviewIndex } from "./_preview_index.ts";

/** A preview: an image at a width in pixels; 0 is the original width. */
export interface PreviewKey {
  readonly imageId: number;
  readonly width: number;
}

/** A picture with its bytes. */
export interface Picture {
  readonly bytes: Uint8Array<ArrayBuffer>;
  /** Hexadecimal, in lower case. */
  readonly sha256: string;
  readonly format: PictureFormat;
}

/** Options of {@linkcode PreviewCache}. */
export interface PreviewCacheOptions {
  /** The folder; created if needed. */
  readonly folder: string;
  /**
   * Maximum size of all pictures in bytes; those that were not used for the longest time go first.
   *
   * @default {4294967296}
   */
  readonly maxBytes?: number | undefined;
  /**
   * Bytes that stay free on the disk, for downloads: the cache gives way rather than take them.
   *
   * @default {1073741824}
   */
  readonly freeBytes?: number | undefined;
  /** Called with what is wrong with the cache, which goes on without it; the first time only. */
  readonly onWarning?: ((message: string) => void) | undefined;
  /** @default {systemClock} */
  readonly clock?: Clock | undefined;
}

const GIB = 1024 ** 3;
/** Share of the limit that stays when the cache has outgrown it. */
const KEPT_SHARE = 0.9;
/** Number of pictures that are removed between two looks at the total. */
const BATCH = 200;
/** Age in milliseconds at which a file that the index does not know is a remainder: younger ones are being written. */
const REMAINDER_MS = 600_000;
const INDEX = "index.db";
/** What SQLite says of a file that is damaged, or no database. The runtime does not always pass on its error codes. */
const DAMAGED = /malformed|not a database|database corrupt|file is encrypted/i;

/**
 * Keeps previews on disk: each picture once, under its SHA-256, and an index of which preview is which picture. Losing
 * it does no harm, so that it never throws: what is damaged is forgotten, and what cannot be kept is not kept. Several
 * processes may use it at once.
 */
export class PreviewCache implements AsyncDisposable {
  readonly #folder: string;
  readonly #maxBytes: number;
  readonly #freeBytes: number;
  readonly #clock: Clock;
  readonly #onWarning: (message: string) => void;
  #index: PreviewIndex | null = null;
  #hasWarned = false;
  #totalBytes = 0;
  #isClosed = false;
  /** Removals that are under way. */
  #clearing: Promise<void> | null = null;

  /** Open a cache. */
  constructor(options: PreviewCacheOptions) {
    const { folder, maxBytes = 4 * GIB, freeBytes = GIB, clock = systemClock, onWarning = () => {} } = options;
    this.#folder = folder;
    this.#maxBytes = maxBytes;
    this.#freeBytes = freeBytes;
    this.#clock = clock;
    this.#onWarning = onWarning;
    this.#open();
  }

  /** Return a preview; `null` if it is not there, or damaged. */
  async find({ imageId, width }: PreviewKey): Promise<Picture | null> {
    const known = this.#use((index) => index.find(imageId, width, this.#clock.now()));
    if (known === null) return null;
    const bytes = await this.#read(known);
    if (bytes !== null) return { bytes, sha256: known.sha256, format: known.format };
    await this.#forget(known);
    return null;
  }

  /** Keep a preview, if there is room for it. */
  async keep(key: PreviewKey, { bytes, sha256, format }: Picture): Promise<void> {
    if (this.#index === null || !this.#hasRoom(bytes.length)) return;
    try {
      const path = this.#pathOf(sha256);
      ensurePrivateFolder(join(this.#folder, sha256.slice(0, 2)));
      // Not flushed: a file that a power cut has damaged is noticed by its hash.
      await writeAtomic(path, bytes, { sync: false, mode: 0o600 });
    } catch (error) {
      return this.#warn(error);
    }
    const picture = { sha256, format, sizeBytes: bytes.length };
    if (this.#use((index) => index.put(key, picture, this.#clock.now()))) this.#totalBytes += bytes.length;
    if (this.#totalBytes > this.#maxBytes) this.#clear(() => this.#shrink(this.#maxBytes * KEPT_SHARE));
  }

  /** Wait until nothing is being removed. */
  async settle(): Promise<void> {
    await this.#clearing;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#isClosed = true;
    await this.#clearing;
    this.#index?.[Symbol.dispose]();
    this.#index = null;
  }

  /** Open the index; if it is damaged, make a new one and remove the pictures of the old one. */
  #open(): void {
    try {
      ensurePrivateFolder(this.#folder);
      this.#index = this.#openIndex();
      this.#totalBytes = this.#index.totalBytes();
    } catch (error) {
      this.#index?.[Symbol.dispose]();
      this.#index = null;
      this.#warn(error);
    }
    if (this.#index?.isNew) this.#clear(() => this.#sweep());
  }

  #openIndex(): PreviewIndex {
    const path = join(this.#folder, INDEX);
    try {
      return new PreviewIndex(path);
    } catch (error) {
      if (!isDamaged(error)) throw error;
      for (const ending of ["", "-wal", "-shm"]) removeSync(`${path}${ending}`);
      return new PreviewIndex(path);
    }
  }

  /** Ask the index; if it is damaged, make a new one. */
  #use<T>(ask: (index: PreviewIndex) => T): T | null {
    if (this.#index === null) return null;
    try {
      return ask(this.#index);
    } catch (error) {
      if (isDamaged(error)) {
        this.#index[Symbol.dispose]();
        this.#open();
      } else this.#warn(error);
      return null;
    }
  }

  /** Read a picture whole; `null` if it is not the recorded one. */
  async #read({ sha256, sizeBytes }: IndexedPicture): Promise<Uint8Array<ArrayBuffer> | null> {
    try {
      using file = await openNoFollow(this.#pathOf(sha256), { read: true });
      if (file.statSync().size !== sizeBytes) return null;
      const bytes = new Uint8Array(sizeBytes);
      for (let filled = 0; filled < sizeBytes;) {
        const count = await file.read(bytes.subarray(filled));
        if (count === null) return null;
        filled += count;
      }
      return createHash("sha256").update(bytes).digest("hex") === sha256 ? bytes : null;
    } catch {
      // Whatever stops the read, the picture is fetched again.
      return null;
    }
  }

  async #forget({ sha256, sizeBytes }: Pick<IndexedPicture, "sha256" | "sizeBytes">): Promise<void> {
    this.#use((index) => index.remove(sha256));
    this.#totalBytes -= sizeBytes;
    await removeIfExists(this.#pathOf(sha256)).catch((error) => this.#warn(error));
  }

  /** Whether the disk has room; if not, the cache gives some of its own back. */
  #hasRoom(sizeBytes: number): boolean {
    try {
      const missing = this.#freeBytes + sizeBytes - freeSpaceSync(this.#folder);
      if (missing <= 0) return true;
      if (this.#totalBytes > 0) this.#clear(() => this.#shrink(this.#totalBytes - Math.max(missing, sizeBytes)));
    } catch (error) {
      this.#warn(error);
    }
    return false;
  }

  /** Remove the pictures that were not used for the longest time, until the others are no larger than this. */
  async #shrink(toBytes: number): Promise<void> {
    // Another process may have added some.
    this.#totalBytes = this.#use((index) => index.totalBytes()) ?? 0;
    while (this.#totalBytes > toBytes && !this.#isClosed) {
      const oldest = this.#use((index) => index.oldest(BATCH)) ?? [];
      if (oldest.length === 0) break;
      for (const picture of oldest) {
        if (this.#totalBytes > toBytes) await this.#forget(picture);
      }
    }
    await this.#sweep();
  }

  /** Remove files that the index does not know: a kill, or the loss of the index, has left them. */
  async #sweep(): Promise<void> {
    for await (const { name, isDirectory } of Deno.readDir(this.#folder)) {
      if (!isDirectory || !/^[\da-f]{2}$/.test(name)) continue;
      for await (const { name: file } of Deno.readDir(join(this.#folder, name))) {
        if (this.#isClosed) return;
        if (this.#use((index) => index.has(file)) !== false) continue;
        await this.#removeRemainder(join(this.#folder, name, file));
      }
    }
  }

  async #removeRemainder(path: string): Promise<void> {
    const writtenAt = lstatSyncOrNull(path)?.mtime?.getTime() ?? Infinity;
    if (this.#clock.now() - writtenAt > REMAINDER_MS) await removeIfExists(path);
  }

  /** Remove something in the background, unless that happens already. */
  #clear(work: () => Promise<void>): void {
    this.#clearing ??= work().catch((error) => this.#warn(error)).finally(() => this.#clearing = null);
  }

  #pathOf(sha256: string): string {
    return join(this.#folder, sha256.slice(0, 2), sha256);
  }

  #warn(error: unknown): void {
    if (this.#hasWarned) return;
    this.#hasWarned = true;
    this.#onWarning(`Cannot keep previews in "${this.#folder}": ${messageOf(error)}`);
  }
}

function isDamaged(error: unknown): boolean {
  return error instanceof Error && DAMAGED.test(error.message);
}

function removeSync(path: string): void {
  try {
    Deno.removeSync(path);
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
  }
}
