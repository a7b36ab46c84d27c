import { basename, join } from "node:path";
import { removeIfExists, renameFile, syncDir, writeAtomic } from "../../base/mod.ts";

/** The pointers to versions: the one in use, and the one that was in use before it. */
export type PointerName = "current" | "previous";

/**
 * Read which version a pointer names.
 *
 * @returns The name of the version's folder; `null` if there is no pointer
 */
export async function readPointer(folder: string, pointer: PointerName): Promise<string | null> {
  try {
    if (Deno.build.os === "windows") return (await Deno.readTextFile(join(folder, `${pointer}.txt`))).trim();
    return basename(await Deno.readLink(join(folder, pointer)));
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return null;
    throw error;
  }
}

/**
 * Point to another version. A reader finds either the old version or the new one at every moment: the new link replaces
 * the old one by a rename. Links need a privilege on Windows, so there the pointer is a text file.
 */
export async function writePointer(folder: string, pointer: PointerName, name: string): Promise<void> {
  const path = join(folder, pointer);
  if (Deno.build.os === "windows") return await writeAtomic(`${path}.txt`, `${name}\n`);
  const temporary = `${path}.civitai-dl.tmp`;
  // A killed process may have left it behind.
  await removeIfExists(temporary);
  await Deno.symlink(join("versions", name), temporary);
  await renameFile(temporary, path);
  await syncDir(folder);
}

/** Remove a pointer, so that no version is in use. */
export async function removePointer(folder: string, pointer: PointerName): Promise<void> {
  await removeIfExists(join(folder, Deno.build.os === "windows" ? `${pointer}.txt` : pointer));
}
