import { publishedHashes } from "./published_hashes.ts";
import type { Catalog } from "../../catalog/catalog.ts";
import type { CatalogFile } from "../../catalog/catalog_model.ts";
import type { FileHasher } from "../../content/file_hasher.ts";

/**
 * Finds files by their published hashes. It hashes the catalog from the beginning, only as far as needed, and each file
 * only once. A hit near the beginning is cheap; the first miss hashes the whole catalog.
 */
export class HashIndex {
  readonly #hasher: FileHasher;
  readonly #files: Generator<CatalogFile>;
  readonly #fileIds = new Map<string, number>();
  readonly #catalog: Catalog;
  #turn: Promise<unknown> = Promise.resolve();

  /**
   * Create an index that has not hashed anything.
   *
   * @param catalog The files to search
   * @param hasher Computes their hashes
   */
  constructor(catalog: Catalog, hasher: FileHasher) {
    this.#catalog = catalog;
    this.#hasher = hasher;
    this.#files = catalog.files();
  }

  /**
   * Find a file by any of its hashes.
   *
   * @param hash Hex in any case
   * @returns The file; `null` if none has this hash
   */
  find(hash: string): Promise<CatalogFile | null> {
    const found = this.#turn.then(() => this.#search(hash.toUpperCase()));
    this.#turn = found.catch(() => {});
    return found;
  }

  async #search(hash: string): Promise<CatalogFile | null> {
    while (!this.#fileIds.has(hash)) {
      const next = this.#files.next();
      if (next.done) return null;
      for (const published of Object.values(await publishedHashes(this.#hasher, next.value))) {
        if (!this.#fileIds.has(published)) this.#fileIds.set(published, next.value.id);
      }
    }
    return this.#catalog.file(this.#fileIds.get(hash)!);
  }
}
