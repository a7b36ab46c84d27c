import { Catalog, type OpenCatalogOptions } from "./catalog.ts";

/**
 * Open the catalog of a library. Creates it if there is none, and upgrades an older one.
 *
 * @param path The file, such as `<library>/.civitai-dl/catalog.db`; its folder must exist
 * @param options Access, check, upgrade notice, clock, limit of answers
 * @returns The catalog; dispose it to close the file
 * @throws {KitError} `integrity` if it is damaged; `unsafe` if it has a newer version, has an older version and is only
 * read, or cannot be opened or written
 */
export function openCatalog(path: string, options: OpenCatalogOptions = {}): Catalog {
  return new Catalog(path, options);
}
