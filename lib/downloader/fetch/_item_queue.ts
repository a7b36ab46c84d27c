import type { Catalog, CatalogItem, ItemFilter } from "../../library/mod.ts";

/** Which end of the queue a worker takes from. */
export type QueueEnd = "large" | "small";

/** What a run has to fetch, handed out to its workers one by one. */
export interface ItemQueue {
  /** The next item; `null` when there is none. */
  take(end: QueueEnd): CatalogItem | null;
}

/**
 * In the order in which things were planned, for one worker: memory stays flat, and rows may change meanwhile.
 *
 * @param catalog The catalog
 * @param filter Which
 * @returns The queue
 */
export function queueInOrder(catalog: Pick<Catalog, "items">, filter: ItemFilter): ItemQueue {
  const items = catalog.items(filter);
  return { take: () => items.next().value ?? null };
}

/**
 * From both ends, for several workers: the largest are begun first, so that none is left alone at the end, while the small
 * ones, which cost waiting rather than bandwidth, go beside them.
 *
 * @param catalog The catalog
 * @param filter Which
 * @returns The queue; it holds eight bytes an item
 */
export function queueBySize(catalog: Pick<Catalog, "idsBySize" | "itemById">, filter: ItemFilter): ItemQueue {
  const ids = catalog.idsBySize(filter);
  let first = 0;
  let last = ids.length;
  return {
    take(end) {
      while (first < last) {
        const item = catalog.itemById(end === "large" ? ids[first++]! : ids[--last]!);
        if (item !== null && (filter.states?.includes(item.state) ?? true)) return item;
      }
      return null;
    },
  };
}
