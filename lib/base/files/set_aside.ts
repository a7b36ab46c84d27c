import { existsSync } from "./exists_sync.ts";
import { renameFile, renameFileSync } from "./rename_file.ts";

/** Number of damaged files of one name that are kept. */
const MAX_KEPT = 10;

/**
 * Rename a damaged file to `NAME.corrupt`, or to `NAME.corrupt-2` and so on if earlier ones are there: the first ones
 * say most about what went wrong. Ten are kept; after that, the tenth is replaced.
 *
 * @param path The file
 * @returns Its new path
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { setAside } from "../mod.ts";
 * const path = `${await Deno.makeTempDir()}/state.json`;
 * for (const text of ["{", "["]) {
 *   await Deno.writeTextFile(path, text);
 *   await setAside(path);
 * }
 * assertEquals(await Deno.readTextFile(`${path}.corrupt`), "{");
 * assertEquals(await Deno.readTextFile(`${path}.corrupt-2`), "[");
 * ```
 */
export async function setAside(path: string): Promise<string> {
  const aside = freePath(path);
  await renameFile(path, aside);
  return aside;
}

/**
 * Synchronous {@linkcode setAside}.
 *
 * @param path The file
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
