import { join, resolve } from "node:path";
import { isDenoError, KitError } from "../../../lib/base/mod.ts";
import { STATE_FOLDER, stateFolder } from "../../../lib/library/mod.ts";
import type { OperationFlags } from "../flags.ts";
import { readLibrary } from "./choose_library.ts";

/**
 * Find the folder of a library's state.
 *
 * @param flags Flags that include `--library`
 * @returns Its absolute path; the folder itself may not exist yet
 * @throws {KitError} `usage` if there is no library
 */
export async function findStateFolder(flags: Pick<OperationFlags, "library">): Promise<string> {
  const root = resolve(readLibrary(flags));
  await assertLibrary(root);
  return stateFolder(root);
}

/**
 * Refuse a folder that is no library.
 *
 * @param root The folder, absolute
 * @throws {KitError} `usage` if it does not exist, or was never a library
 */
export async function assertLibrary(root: string): Promise<void> {
  await assertFolder(root);
  if (!await mayBeFolder(join(root, STATE_FOLDER))) throw noLibrary(root, `it has no ${STATE_FOLDER}`);
}

/**
 * Refuse the place of a library that does not exist.
 *
 * @param root The folder, absolute
 * @throws {KitError} `usage` if it is absent, or no folder
 */
export async function assertFolder(root: string): Promise<void> {
  if (!await mayBeFolder(root)) throw noLibrary(root, "it does not exist");
}

function noLibrary(root: string, state: string): KitError {
  return new KitError("usage", `Cannot find a library at "${root}": ${state}`, {
    hint: "Set --library FOLDER, or fetch something first: civitai-dl download --user NAME",
  });
}

/** Whoever may not look cannot say that nothing is there. */
async function mayBeFolder(path: string): Promise<boolean> {
  try {
    return (await Deno.stat(path)).isDirectory;
  } catch (error) {
    return !isDenoError(error, "NotFound", "NotADirectory");
  }
}
