import { join } from "node:path";
import { isTrustedLink } from "../base/mod.ts";
import { QUARANTINE_FOLDER } from "../library/mod.ts";
import { STATE_FOLDER } from "./open_library.ts";
import { statOrNull } from "./_stat_or_null.ts";

const SKIPPED_FOLDERS: ReadonlySet<string> = new Set([QUARANTINE_FOLDER, STATE_FOLDER, ".git"]);

/**
 * Walk the files of a library; a linked folder is entered once, unless another user made the link. The quarantine and
 * our own state are not.
 */
export async function* walkFiles(root: string): AsyncGenerator<string> {
  const visited = new Set<string>();
  const owner = (await Deno.stat(root)).uid;
  const folders = [""];
  for (let folder = folders.pop(); folder !== undefined; folder = folders.pop()) {
    const real = await Deno.realPath(join(root, folder));
    if (visited.has(real)) continue;
    visited.add(real);
    try {
      for await (const entry of Deno.readDir(join(root, folder))) {
        const path = folder === "" ? entry.name : `${folder}/${entry.name}`;
        const kind = entry.isSymlink ? await followed(join(root, path), owner) : entry;
        if (kind?.isFile) yield path;
        else if (kind?.isDirectory && !SKIPPED_FOLDERS.has(entry.name)) folders.push(path);
      }
    } catch (error) {
      // Such as the `lost+found` of a disk that is a library as a whole.
      if (!(error instanceof Deno.errors.PermissionDenied)) throw error;
    }
  }
}

async function followed(path: string, owner: number | null): Promise<Deno.FileInfo | null> {
  return isTrustedLink(await Deno.lstat(path), owner) ? await statOrNull(path) : null;
}
