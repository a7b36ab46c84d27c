import { foldPath } from "../naming/fold_path.ts";

/** SQL expression for the collision key of an item's path; it has an index. */
export const FOLDED = "ifnull(folded, lower(path))";

/**
 * Return a path's collision key (see {@linkcode foldPath}) for its column: `null` where SQLite's `lower`, which handles
 * only ASCII, gives the same, so that most paths are stored only once.
 */
export function storedFold(path: string): string | null {
  const folded = foldPath(path);
  return path.replace(/[A-Z]+/g, (letters) => letters.toLowerCase()) === folded ? null : folded;
}
