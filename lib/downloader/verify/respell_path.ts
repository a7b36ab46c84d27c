import { existsSync } from "../../base/mod.ts";
import { join } from "node:path";
import { type CatalogItem, isInnerPath } from "../../library/mod.ts";
import type { Library } from "../open_library.ts";

const ASCII = /^[\x20-\x7e]*$/;

/**
 * Let an item have the path that its file has on disk, if the two differ only in their Unicode form. A library that was
 * on a disk of macOS has decomposed names (`e` and an accent), and Linux does not find them by the composed ones.
 *
 * @param library The library, whose catalog gets the path
 * @param item The item
 * @returns The item with its path on disk; unchanged if there is no such file, or if it has the path of the catalog
 */
export function respellPath({ root, catalog }: Pick<Library, "root" | "catalog">, item: CatalogItem): CatalogItem {
  if (ASCII.test(item.path) || !isInnerPath(item.path) || existsSync(join(root, item.path))) return item;
  const path = findForm(root, item.path);
  if (path === null) return item;
  catalog.setPath(item.key, path);
  return { ...item, path };
}

/** Find the form of a path that exists: each folder, and the file, may be composed or decomposed. */
function findForm(root: string, path: string): string | null {
  let found = "";
  for (const segment of path.split("/")) {
    const forms = new Set([segment, segment.normalize("NFD"), segment.normalize("NFC")]);
    const next = [...forms].map((form) => found === "" ? form : `${found}/${form}`)
      .find((candidate) => existsSync(join(root, candidate)));
    if (next === undefined) return null;
    found = next;
  }
  return found;
}
