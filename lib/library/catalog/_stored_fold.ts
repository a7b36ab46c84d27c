import { foldPath } from "../naming/fold_path.ts";

/** SQL expression for the collision key of an item's path. The expression is indexed. */
export const FOLDED = "ifnull(folded, lower(path))";

/**
 * Return the collision key of a path (see {@linkcode foldPath}) for its column. It is `null` if SQLite's `lower`, which
 * handles only ASCII, gives the same result, so that most paths are stored only once.
 */
export function storedFold(path: string): string | null {
  const folded = foldPath(path);
  return path.replace(/[A-Z]+/g, (letters) => letters.toLowerCase()) === folded ? null : folded;
}
