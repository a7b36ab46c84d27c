import type { Catalog } from "../../library/mod.ts";

/** Prefix of the notes with the ids of a listing's models, one note for each page. */
const NOTES = "listed:";

/**
 * The ids of the models that a listing has returned, in this process or in an earlier one that was interrupted. Pages
 * overlap if the listing changes while it is read, so only distinct ids prove how much of it was read.
 */
export class ListedIds {
  readonly #catalog: Catalog;
  readonly #prefix: string;
  readonly #ids = new Set<number>();
  #notes = 0;

  /**
   * Read what is known about a listing.
   *
   * @param catalog Stores the ids
   * @param key Name of the listing of this run
   */
  constructor(catalog: Catalog, key: string) {
    this.#catalog = catalog;
    this.#prefix = `${NOTES}${key}:`;
    for (const { value } of catalog.notes(this.#prefix)) {
      this.#notes++;
      for (const id of JSON.parse(value) as readonly number[]) this.#ids.add(id);
    }
  }

  /** Forget the listings of other runs. */
  static forgetOthers(catalog: Catalog, runKey: string): void {
    for (const { name } of catalog.notes(NOTES)) {
      if (!name.startsWith(`${NOTES}${runKey}`)) catalog.setNote(name, null);
    }
  }

  /** Number of distinct ids. */
  get size(): number {
    return this.#ids.size;
  }

  /** Whether a model was listed. */
  has(id: number): boolean {
    return this.#ids.has(id);
  }

  /** Record the new ids of a page; call it in the transaction that plans them. */
  add(ids: readonly number[]): void {
    if (ids.length === 0) return;
    for (const id of ids) this.#ids.add(id);
    this.#catalog.setNote(`${this.#prefix}${this.#notes++}`, JSON.stringify(ids));
  }

  /** Forget the ids, before the listing is read from its beginning. */
  clear(): void {
    for (const { name } of this.#catalog.notes(this.#prefix)) this.#catalog.setNote(name, null);
    this.#ids.clear();
    this.#notes = 0;
  }
}
