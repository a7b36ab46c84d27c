import { Catalog, type OpenCatalogOptions } from "./catalog.ts";

/**
 * Open the catalog of a library. Creates it if there is none, and upgrades an older one.
 *
 * @param path The file, such as `<library>/.civitai-dl/catalog.db`; its folder must exist
 * @param options Access, check, upgrade notice, clock, size limit of stored responses
 * @returns The catalog; dispose it to close the file
 * @throws {KitError} `integrity` if it is damaged; `unsafe` if it has a newer version, if it has an older version and
 * is opened only for reading, or if it cannot be opened or written
 */
export function openCatalog(path: string, options: OpenCatalogOptions = {}): Catalog {
  return new Catalog(path, options);
}
