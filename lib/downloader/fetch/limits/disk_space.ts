import { type Clock, formatSize, freeSpaceSync } from "../../../base/mod.ts";
import { FailureError } from "../../../failsafe/mod.ts";
import type { CatalogItem } from "../../../library/mod.ts";
import type { TransferSpace } from "../../../transfer/mod.ts";

/** Age in milliseconds at which the free space is read again, since other programs write to the disk too. */
const FRESH_MS = 2000;
/**
 * Bytes by which a file may exceed its stated size: the API states sizes in KiB, and rounds them. The reserve has room
 * for them.
 */
const ROUNDING_BYTES = 1024;

/**
 * Thrown if a file does not fit on the disk in addition to the files in progress, or no longer fits during its
 * transfer.
 */
export class NoRoomError extends FailureError {
  /** The name that stack traces print. */
  override name = "NoRoomError";
  /**
   * Whether the file exceeds its stated size by more than rounding; its part is then deleted, since it is not worth the
   * space.
   */
  readonly isOutgrown: boolean;
  /** Bytes that a later attempt needs at least; if the part is deleted, those of the whole file. */
  readonly neededBytes: number;

  constructor(message: string, options: { readonly isOutgrown: boolean; readonly neededBytes: number }) {
    super("disk", message, { hint: "Free some space, or lower --reserve; run again to continue" });
    this.isOutgrown = options.isOutgrown;
    this.neededBytes = options.neededBytes;
  }
}

/** Options of {@linkcode DiskSpace}. */
export interface DiskSpaceOptions {
  /** The library's folder. */
  readonly root: string;
  /** Bytes that must stay free on the disk. */
  readonly reserveBytes: number;
  readonly clock: Clock;
}

/** Space that is set aside for an item in progress. */
interface HeldSpace {
  readonly path: string;
  /** Size of the file in bytes, as last stated by the API or the server. */
  sizeBytes: number;
  /** Bytes that are still to be fetched. */
  bytes: number;
  /** Bytes that are in the part, or about to be written to it. */
  partBytes: number;
}

/**
 * Sets space aside for the files in progress, so that together they never use the reserve, whatever sizes were stated.
 * During transfers, the free space is read again before half of it has been used, and every two seconds, since other
 * programs write to the disk too.
 */
export class DiskSpace {
  readonly #options: DiskSpaceOptions;
  readonly #held = new Map<string, HeldSpace>();
  /** Free space when it was last read. */
  #freeBytes = 0;
  #refreshedAt = -Infinity;
  /** Bytes written since the free space was last read. */
  #takenBytes = 0;

  constructor(options: DiskSpaceOptions) {
    this.#options = options;
  }

  /**
   * Set space aside for an item.
   *
   * @param item The item with its stated size; an unknown size counts as 0
   * @param keptBytes Bytes of its part that an earlier run fetched
   * @throws {NoRoomError} If it does not fit in addition to the items in progress
   * @throws {FailureError} `disk` if the free space cannot be read
   */
  claim(item: Pick<CatalogItem, "key" | "path" | "sizeBytes">, keptBytes = 0): void {
    const sizeBytes = item.sizeBytes ?? 0;
    const held = { path: item.path, sizeBytes, bytes: Math.max(0, sizeBytes - keptBytes), partBytes: keptBytes };
    this.#held.set(item.key, held);
    try {
      this.#refresh();
    } catch (cause) {
      this.#held.delete(item.key);
      throw new FailureError("disk", `Cannot read the free space of "${this.#options.root}"`, { cause });
    }
    if (this.#spareBytes >= this.#options.reserveBytes) return;
    this.#held.delete(item.key);
    throw this.#refusal(held, { restBytes: held.bytes, isOutgrown: false });
  }

  /** Bytes that another item may have now; negative if the reserve is in use or the free space cannot be read. */
  roomBytes(): number {
    try {
      this.#refresh();
    } catch {
      return -Infinity;
    }
    return this.#spareBytes - this.#options.reserveBytes;
  }

  /** Describe the free space for a message: `1.0 GiB are free, and 2.0 GiB stay in reserve`. */
  describe(): string {
    this.#tryRefresh();
    return this.#describe({ othersBytes: this.#awaitedBytes });
  }

  /** Return the object that a transfer of the item reports its bytes to; its methods throw {@linkcode NoRoomError}. */
  spaceFor(key: string): TransferSpace {
    return {
      begin: ({ totalBytes, keptBytes }) => this.#begin(key, totalBytes, keptBytes),
      take: (count) => this.#take(key, count),
    };
  }

  /** Release the space of an item; call this when its transfer has ended. */
  release(key: string): void {
    this.#held.delete(key);
  }

  #begin(key: string, totalBytes: number | null, keptBytes: number): void {
    const held = this.#held.get(key);
    if (held === undefined) return;
    const isOutgrown = (totalBytes ?? 0) > held.sizeBytes + ROUNDING_BYTES;
    held.sizeBytes = totalBytes ?? held.sizeBytes;
    held.bytes = Math.max(0, held.sizeBytes - keptBytes);
    held.partBytes = keptBytes;
    if (!isOutgrown) return;
    this.#refresh();
    if (this.#spareBytes >= this.#options.reserveBytes) return;
    throw this.#refusal(held, { restBytes: held.bytes, isOutgrown });
  }

  #take(key: string, count: number): void {
    const held = this.#held.get(key);
    const isOutgrown = held !== undefined && held.partBytes + count > held.sizeBytes + ROUNDING_BYTES;
    if (held !== undefined) {
      held.bytes = Math.max(0, held.bytes - count);
      held.partBytes += count;
    }
    this.#takenBytes += count;
    const { reserveBytes, clock } = this.#options;
    const isFresh = clock.monotonic() - this.#refreshedAt < FRESH_MS;
    if (isFresh && this.#takenBytes * 2 <= this.#freeBytes - reserveBytes - this.#othersBytes(isOutgrown)) return;
    this.#tryRefresh();
    // Bytes within the stated size already have their space; only the reserve can stop them.
    const freeBytes = this.#freeBytes - count - this.#othersBytes(isOutgrown);
    this.#takenBytes = count;
    if (freeBytes >= reserveBytes) return;
    throw this.#refusal(held, { restBytes: (held?.bytes ?? 0) + count, isOutgrown });
  }

  /**
   * Bytes set aside for the items in progress, which an item that exceeds its stated size must not use; otherwise 0.
   */
  #othersBytes(isOutgrown: boolean): number {
    return isOutgrown ? this.#awaitedBytes : 0;
  }

  get #awaitedBytes(): number {
    return [...this.#held.values()].reduce((total, { bytes }) => total + bytes, 0);
  }

  /** Bytes that will be free when all items in progress are complete. */
  get #spareBytes(): number {
    return this.#freeBytes - this.#awaitedBytes;
  }

  /** Read the free space, or estimate it if that fails: the next write reports what is wrong with the disk. */
  #tryRefresh(): void {
    try {
      this.#refresh();
    } catch {
      this.#freeBytes -= this.#takenBytes;
      this.#takenBytes = 0;
    }
  }

  #refresh(): void {
    this.#freeBytes = freeSpaceSync(this.#options.root);
    this.#refreshedAt = this.#options.clock.monotonic();
    this.#takenBytes = 0;
  }

  #refusal(
    held: HeldSpace | undefined,
    facts: { readonly restBytes: number; readonly isOutgrown: boolean },
  ): NoRoomError {
    const { restBytes, isOutgrown } = facts;
    const othersBytes = this.#awaitedBytes -
      (held !== undefined && [...this.#held.values()].includes(held) ? held.bytes : 0);
    const needText = restBytes === 0 ? "" : ` (${formatSize(restBytes)} to come)`;
    const what = held === undefined ? "a file" : `"${held.path}"`;
    const message = `Cannot fetch ${what}${needText}: the disk has no room: ${this.#describe({ othersBytes })}`;
    const neededBytes = isOutgrown && held !== undefined ? Math.max(held.sizeBytes, held.partBytes) : restBytes;
    return new NoRoomError(message, { isOutgrown, neededBytes });
  }

  #describe({ othersBytes }: { readonly othersBytes: number }): string {
    const others = othersBytes === 0 ? "" : `, ${formatSize(othersBytes)} of them for files under way`;
    const free = `${formatSize(Math.max(0, this.#freeBytes))} are free${others}`;
    return `${free}, and ${formatSize(this.#options.reserveBytes)} stay in reserve`;
  }
}
