import { join, resolve } from "node:path";
import { KitError } from "../../lib/base/mod.ts";
import type { Flag } from "../../lib/cli/mod.ts";
import { STATE_FOLDER } from "../../lib/downloader/mod.ts";
import { IN_LIBRARY } from "./carried_flags.ts";
import type { OperationFlags } from "./flags.ts";
import { readLibrary } from "./session.ts";

/** Flag that specifies the library, for commands whose `--output` would be a report. */
export const LIBRARY_FLAG = {
  name: "library",
  type: "path",
  summary: "The library's folder; else default_output_dir.txt, else ./downloads",
  env: "CIVITAI_DL_OUTPUT",
  carriedTo: IN_LIBRARY,
  insteadOf: { "-o": "--library FOLDER to name the library", "--sandbox": "--library sandbox_downloads" },
  placeholder: "FOLDER",
} as const satisfies Flag;

/**
 * Find the folder of a library's state.
 *
 * @param flags Flags that include {@linkcode LIBRARY_FLAG}
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
