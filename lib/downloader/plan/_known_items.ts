import { type Catalog, type CatalogItem, type ItemFacts, staysAsPlanned } from "../../library/mod.ts";
import { readRemovals, type Removals } from "./removal_notes.ts";

/**
 * What the catalog has of the models of a page, read in one statement and assigned to the run in another. Of most items
 * that are planned again, nothing else changes.
 */
export class KnownItems {
  readonly #catalog: Catalog;
  readonly #items: ReadonlyMap<string, CatalogItem>;
  readonly #unchanged = new Set<string>();
  /** What is recorded as removed from the site. */
  readonly removals: Removals;

  /**
   * Read the items of models.
   *
   * @param catalog The catalog
   * @param modelIds Ids of the models
   */
  constructor(catalog: Catalog, modelIds: readonly number[]) {
    this.#catalog = catalog;
    this.#items = catalog.itemsOfModels(modelIds);
    this.removals = readRemovals(catalog);
  }

  /** The items of the models, as they were. */
  all(): Iterable<CatalogItem> {
    return this.#items.values();
  }

  /** Return an item by key; `null` if the catalog does not have it. */
  item(key: string): CatalogItem | null {
    // It may be one of another model: versions have been moved from one model to another.
    return this.#items.get(key) ?? this.#catalog.item(key);
  }

  /** Return the row of an item if planning it again changes nothing but its run; `null` for every other item. */
  keep(item: ItemFacts): CatalogItem | null {
    const known = this.#items.get(item.key);
    if (known === undefined || !staysAsPlanned(known, item)) return null;
    this.#unchanged.add(item.key);
    return known;
  }

  /** Assign the kept items to the run that plans them; call this in the transaction that plans the others. */
  assignTo(runId: number): void {
    if (this.#unchanged.size > 0) this.#catalog.assignRun(runId, { keys: this.#unchanged });
  }
}
