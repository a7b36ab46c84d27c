import { existsSync } from "./exists_sync.ts";
import { renameFile, renameFileSync } from "./rename_file.ts";

/** Number of damaged files of one name that are kept. */
const MAX_KEPT = 10;

/**
 * Rename a damaged file to `NAME.corrupt`, or to `NAME.corrupt-2` and so on if earlier ones are there: the first ones
 * say most about what went wrong. Ten are kept; after that, the tenth is replaced.
 *
 * @returns Its new path
 */
export async function setAside(path: string): Promise<string> {
  const aside = freePath(path);
  await renameFile(path, aside);
  return aside;
}

/**
 * Synchronous {@linkcode setAside}.
 *
 * @returns Its new path
 */
export function setAsideSync(path: string): string {
  const aside = freePath(path);
  renameFileSync(path, aside);
  return aside;
}

function freePath(path: string): string {
  const names = Array.from({ length: MAX_KEPT }, (_, index) => `${path}.corrupt${index === 0 ? "" : `-${index + 1}`}`);
  return names.find((name) => !existsSync(name)) ?? names.at(-1)!;
}
