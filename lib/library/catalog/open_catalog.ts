import { Catalog, type OpenCatalogOptions } from "./catalog.ts";

/**
 * Open the catalog of a library. Creates it if there is none.
 *
 * @param path The file, such as `<library>/.civitai-dl/catalog.db`; its folder must exist
 * @param options Access, check, clock, size limit of stored responses
 * @returns The catalog; dispose it to close the file
 * @throws {KitError} `integrity` if it is damaged; `unsafe` if it has another version, or cannot be opened or
 * written
 */
export function openCatalog(path: string, options: OpenCatalogOptions = {}): Catalog {
  return new Catalog(path, options);
}
