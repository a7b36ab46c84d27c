import type { Catalog, CatalogItem, ItemFilter } from "../../library/mod.ts";

/** Which end of the queue a worker takes from. */
export type QueueEnd = "large" | "small";

/** The items that a run has to fetch; its workers take them one by one. */
export interface ItemQueue {
  /** Remove and return the next item; `null` when the queue is empty. */
  take(end: QueueEnd): CatalogItem | null;
}

/**
 * Queue items in the order in which they were planned. Rows are read lazily, so memory use stays constant and rows may
 * change in the meantime.
 *
 * @param catalog The catalog that yields the items
 * @param filter Items to queue
 * @returns A queue that always takes the next item in order, whichever end is requested
 */
export function queueInOrder(catalog: Pick<Catalog, "items">, filter: ItemFilter): ItemQueue {
  const items = catalog.items(filter);
  return { take: () => items.next().value ?? null };
}

/**
 * Queue items by size, for several workers that take from both ends. The largest items start first, so that none of
 * them is left to a single worker at the end; small ones, which cost latency rather than bandwidth, run alongside them.
 *
 * @param catalog The catalog, which sorts the items, and yields each row when it is taken
 * @param filter Items to queue; an item whose state no longer matches when it is taken is skipped
 * @returns A queue that uses eight bytes of memory per item
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
