import { join } from "node:path";
import { KitError } from "../lib/base/mod.ts";

/**
 * Put the user's folder in the place of a `~` at the beginning of a path, as a shell does on a command line. A file is
 * read by no shell.
 *
 * @param path As it is written
 * @param options The user's folder, and where the path stands
 * @returns The path; `~name` stays as it is
 * @throws {KitError} `usage` if there is a `~` and nobody knows the user's folder
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
