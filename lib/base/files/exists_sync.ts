import { lstatSyncOrNull } from "./stat_or_null.ts";

/**
 * Whether anything is at a path, also a link that leads nowhere, which `exists` of `@std/fs` reports as absent. Below a
 * file, or below a link that leads to itself, there is nothing.
 *
 * @returns Whether the name is taken
 */
export function existsSync(path: string): boolean {
  return lstatSyncOrNull(path) !== null;
}
