import { foldPath } from "../naming/fold_path.ts";

/** The collision key of an item's path in a query; an index has it. */
export const FOLDED = "ifnull(folded, lower(path))";

/**
 * A path's collision key (see {@linkcode foldPath}) for its column: `null` where SQLite's `lower`, which knows ASCII
 * only, gives the same, so that most paths are kept once.
 */
export function storedFold(path: string): string | null {
  const folded = foldPath(path);
  return path.replace(/[A-Z]+/g, (letters) => letters.toLowerCase()) === folded ? null : folded;
}
