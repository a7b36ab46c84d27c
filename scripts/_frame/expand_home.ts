import { join } from "node:path";
import { KitError } from "../../lib/base/mod.ts";

/**
 * Replace a `~` at the beginning of a path with the home folder. On a command line the shell does this, but not in
 * files.
 *
 * @param path The path as written in the file
 * @param options The home folder, and the file or line that the path comes from, for the message
 * @returns The path; `~name` is not expanded
 * @throws {KitError} `usage` if there is a `~` and the home folder is unknown
 */
export function expandHome(
  path: string,
  options: { readonly home: string | undefined; readonly place: string },
): string {
  if (!/^~(?:[/\\]|$)/.test(path)) return path;
  const { home, place } = options;
  if (home !== undefined) return join(home, path.slice(1));
  throw new KitError("usage", `Cannot use "${path}" (${place}): the environment has no HOME`, {
    hint: "Write the whole path",
  });
}
