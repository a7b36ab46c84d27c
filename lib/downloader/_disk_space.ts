import { type Clock, formatSize, freeSpace, KitError } from "../base/mod.ts";
import type { CatalogItem } from "../library/mod.ts";

/** The file system is asked again after this long, since others write to it too. */
const FRESH_MS = 2000;
/** With less than this to spare, it is asked every time. */
const AMPLE_BYTES = 2 ** 30;

/** A file would not fit beside those that are under way, which do. */
export class NoRoomError extends KitError {
  /** The name that stack traces print. */
  override name = "NoRoomError";
}

/** Options of {@linkcode DiskSpace}. */
export interface DiskSpaceOptions {
  /** The library's folder. */
  readonly root: string;
  /** Bytes that are never used. */
  readonly reserveBytes: number;
  readonly clock: Clock;
}

/** Keeps room for what is under way, so that several files together never fill the disk. */
export class DiskSpace {
  readonly #options: DiskSpaceOptions;
  /** Of each item that is under way: what it has in all, and what is still to come. */
  readonly #awaited = new Map<string, { readonly sizeBytes: number; readonly bytes: number }>();
  #freeBytes = 0;
  #askedAt = -Infinity;

  constructor(options: DiskSpaceOptions) {
    this.#options = options;
  }

  /**
   * Set room aside for an item.
   *
   * @throws {KitError} `unsafe` if it would not fit beside what is under way
   */
  async claim(item: CatalogItem): Promise<void> {
    const { reserveBytes } = this.#options;
    const sizeBytes = item.sizeBytes ?? 0;
    // Set aside before the question, so that two at once do not get the same room.
    this.#awaited.set(item.key, { sizeBytes, bytes: sizeBytes });
    const spare = await this.#spareBytes();
    if (spare >= reserveBytes) return;
    this.#awaited.delete(item.key);
    throw new NoRoomError(
      "unsafe",
      `Stopped before "${item.path}" (${formatSize(sizeBytes)}): ${formatSize(spare + sizeBytes)} are free, and ${
        formatSize(reserveBytes)
      } stay in reserve`,
      { hint: "Free some space, or lower --reserve; run again to go on" },
    );
  }

  /** Bytes of an item are on the disk now. */
  used(key: string, bytes: number): void {
    const item = this.#awaited.get(key);
    if (item !== undefined) this.#awaited.set(key, { ...item, bytes: Math.max(0, item.bytes - bytes) });
    this.#freeBytes -= bytes;
  }

  /** A try of an item begins with so many bytes of it on the disk, be it those of the try before. */
  found(key: string, bytes: number): void {
    const item = this.#awaited.get(key);
    if (item !== undefined) this.#awaited.set(key, { ...item, bytes: Math.max(0, item.sizeBytes - bytes) });
  }

  /** Nothing more comes for an item. */
  release(key: string): void {
    this.#awaited.delete(key);
  }

  /** What would be free if all that is under way were here. */
  async #spareBytes(): Promise<number> {
    const { root, reserveBytes, clock } = this.#options;
    const awaited = (): number => [...this.#awaited.values()].reduce((total, { bytes }) => total + bytes, 0);
    const isAmple = this.#freeBytes - awaited() >= reserveBytes + AMPLE_BYTES;
    if (!isAmple || clock.monotonic() - this.#askedAt >= FRESH_MS) {
      this.#freeBytes = await freeSpace(root);
      this.#askedAt = clock.monotonic();
    }
    return this.#freeBytes - awaited();
  }
}
