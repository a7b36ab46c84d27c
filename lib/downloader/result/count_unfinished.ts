import type { Library } from "../open_library.ts";

/** Items that a run left unfinished. */
export interface UnfinishedCount {
  /** Their number, files and images. */
  readonly items: number;
  /** Their stated sizes together. */
  readonly bytes: number;
}

/**
 * Count the items that are still planned.
 *
 * @param library The library
 * @param runId The run; `undefined` for all planned items of the library
 * @returns Their number; `null` if nothing is left
 */
export function countUnfinished(
  { catalog }: Pick<Library, "catalog">,
  runId: number | undefined,
): UnfinishedCount | null {
  const { count, bytes } = catalog.totals({ runId, states: ["planned"] });
  return count === 0 ? null : { items: count, bytes };
}
