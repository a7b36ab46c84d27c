import { type Catalog, type CatalogItem, disambiguate, foldPath } from "../../library/mod.ts";

/**
 * Find the item that was placed beside a file of the user, because the file has the name that the item should have: the
 * user has edited the one from Civitai, or had another one there.
 *
 * @param catalog The catalog of the library
 * @param path Relative path of a file that is not an item
 * @returns The item; `null` if the file is not in the way of any
 */
export function findItemBeside(catalog: Pick<Catalog, "filesBeside">, path: string): CatalogItem | null {
  const folded = foldPath(path);
  const isBeside = (item: CatalogItem): boolean =>
    foldPath(disambiguate(path, [String(item.fileId)], (candidate) => candidate === folded)) === foldPath(item.path);
  return catalog.filesBeside(path).find(isBeside) ?? null;
}
