import type { CatalogItem } from "../../library/mod.ts";
import type { NoRoomError } from "./limits/disk_space.ts";

interface LeftOutItem {
  readonly sizeBytes: number;
  readonly neededBytes: number;
  /** Whether it once exceeded its stated size. */
  readonly isOutgrown: boolean;
  /** Whether it has been tried while no other item was in progress. */
  readonly wasAlone: boolean;
}

/**
 * The items that a run had no room on the disk for. Room comes back when the part of an outgrown file is deleted, when
 * an item with reserved space fails, or when another program frees some.
 */
export class LeftOutItems {
  readonly #items = new Map<string, LeftOutItem>();
  /** Items that `chooseSized` returned last. */
  #lastSized: ReadonlySet<string> = new Set();

  /** Number of items. */
  get count(): number {
    return this.#items.size;
  }

  /** Bytes of all items, as far as their sizes are known. */
  get bytes(): number {
    return [...this.#items.values()].reduce(
      (total, { sizeBytes, neededBytes }) => total + Math.max(sizeBytes, neededBytes),
      0,
    );
  }

  /** Bytes that must be free for all items at once, as far as it is known. */
  get neededBytes(): number {
    return [...this.#items.values()].reduce((total, { neededBytes }) => total + neededBytes, 0);
  }

  /** Add an item. Return whether it is new here. */
  add({ key, sizeBytes }: Pick<CatalogItem, "key" | "sizeBytes">, error: NoRoomError): boolean {
    const known = this.#items.get(key);
    this.#items.set(key, {
      sizeBytes: sizeBytes ?? 0,
      neededBytes: error.neededBytes,
      isOutgrown: error.isOutgrown || (known?.isOutgrown ?? false),
      wasAlone: known?.wasAlone ?? false,
    });
    return known === undefined;
  }

  /** Remove an item that ended in another way. */
  delete(key: string): void {
    this.#items.delete(key);
  }

  /**
   * Choose the items to try again that keep to their stated sizes and fit on the disk now.
   *
   * @param roomBytes Free bytes on the disk while no item is in progress, without the reserve
   * @returns Their keys; none if none of the items that were chosen last has left the list, so that a run ends
   */
  chooseSized(roomBytes: number): ReadonlySet<string> {
    const sized = this.#keys(({ isOutgrown }) => !isOutgrown);
    const isStuck = this.#lastSized.size > 0 && this.#lastSized.isSubsetOf(sized);
    if (isStuck) return new Set();
    this.#lastSized = this.#keys(({ isOutgrown, neededBytes }) => !isOutgrown && neededBytes <= roomBytes);
    return this.#lastSized;
  }

  /**
   * Choose the items to try again that exceeded their stated sizes, each once in a run. Nobody knows how much such an
   * item needs, so it is fetched while no other item is in progress: it then has the whole disk, and takes no room from
   * another item.
   *
   * @param roomBytes Free bytes on the disk while no item is in progress, without the reserve
   * @returns Their keys; none if none of them can fit
   */
  chooseOutgrown(roomBytes: number): ReadonlySet<string> {
    const keys = this.#keys((item) => item.isOutgrown && !item.wasAlone && item.neededBytes <= roomBytes);
    for (const key of keys) this.#items.set(key, { ...this.#items.get(key)!, wasAlone: true });
    return keys;
  }

  #keys(isWanted: (item: LeftOutItem) => boolean): ReadonlySet<string> {
    return new Set([...this.#items].filter(([, item]) => isWanted(item)).map(([key]) => key));
  }
}
