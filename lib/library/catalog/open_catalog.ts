import { Catalog, type OpenCatalogOptions } from "./catalog.ts";

/**
 * Open the catalog of a library; make it if there is none, and bring an older one up to date.
 *
 * @param path The file, such as `<library>/.civitai-dl/catalog.db`; its folder must exist
 * @param options How
 * @returns The catalog; dispose it
 * @throws {KitError} `integrity` if it is damaged, `unsafe` if it is of a newer version or cannot be written
 */
export function openCatalog(path: string, options: OpenCatalogOptions = {}): Catalog {
  return new Catalog(path, options);
}
