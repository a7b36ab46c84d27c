import { join } from "node:path";
import { STATE_FOLDER } from "../../../lib/library/mod.ts";

/** Whether a folder is a library. One that cannot be read counts as none: opening it says why. */
export async function isLibrary(root: string): Promise<boolean> {
  return await Deno.lstat(join(root, STATE_FOLDER)).then(() => true, () => false);
}
