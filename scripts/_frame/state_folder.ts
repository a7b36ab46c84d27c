import { join, resolve } from "node:path";
import { KitError } from "../../lib/base/mod.ts";
import { STATE_FOLDER } from "../../lib/library/mod.ts";
import type { OperationFlags } from "./flags.ts";
import { readLibrary } from "./session.ts";

/**
 * Find the folder of a library's state.
 *
 * @param flags Flags that include `--library`
 * @returns Its absolute path; the folder itself may not exist yet
 * @throws {KitError} `usage` if there is no library
 */
export async function findStateFolder(flags: Pick<OperationFlags, "library">): Promise<string> {
  const root = resolve(readLibrary(flags));
  const home = join(root, STATE_FOLDER);
  if (await Deno.stat(home).then((info) => info.isDirectory, () => false)) return join(home, "state");
  throw new KitError("usage", `Cannot find a library at "${root}": it has no ${STATE_FOLDER}`, {
    hint: "Name the folder of your downloads: --library FOLDER",
  });
}
