import { nodeModule } from "../_node_module.ts";
import { assertPlainFile } from "./open_no_follow.ts";
import { renameAtOnce } from "./rename_file.ts";
import { syncDir } from "./sync_dir.ts";
import { syncFile } from "./sync_file.ts";
import { namingFile, temporaryPathOf, writeAllSync } from "./write_atomic.ts";

/** A file that {@linkcode writeFiles} could not write. */
export interface UnwrittenFile {
  readonly path: string;
  /** The error of the file system, or `KitError` `unsafe` if a device or a link is at the temporary path. */
  readonly error: unknown;
}

/**
 * Write many whole files so that a crash at any moment leaves each with its old or its new content. Unlike
 * `writeAtomic()`, it takes no locks, since the caller is the only one who writes these files, and flushes each folder
 * once. What a killed process has left at a temporary path is replaced, and so is a link in the place of a file.
 *
 * @param contents Content by path; the folders must exist
 * @param options `sync`: whether to flush the files before they get their names, all at the same time, and the folders
 * after that
 * @returns The files that could not be written; all others are
 * @throws {Error} The file system's error for a folder that could not be flushed
 */
export async function writeFiles(
  contents: ReadonlyMap<string, string>,
  { sync }: { readonly sync: boolean },
): Promise<readonly UnwrittenFile[]> {
  const { dirname } = nodeModule("node:path");
  const failed: UnwrittenFile[] = [];
  const folders = new Set<string>();
  const write = async ([path, content]: readonly [string, string]): Promise<void> => {
    try {
      await writeFile(path, content, { sync });
      folders.add(dirname(path));
    } catch (error) {
      failed.push({ path, error: namingFile(error, path) });
    }
  };
  await Promise.all(Array.from(contents, write));
  if (sync) await Promise.all(Array.from(folders, syncDir));
  return failed;
}

/** Only the flush is left to another thread, which takes longer for anything else than the call itself. */
async function writeFile(path: string, content: string, { sync }: { readonly sync: boolean }): Promise<void> {
  const temporary = temporaryPathOf(path);
  const file = createFile(temporary);
  try {
    writeAllSync(file, new TextEncoder().encode(content));
    if (sync) await syncFile(file);
    await renameAtOnce(temporary, path);
  } catch (error) {
    await Deno.remove(temporary).catch(() => {});
    throw error;
  } finally {
    file.close();
  }
}

function createFile(path: string): Deno.FsFile {
  try {
    return Deno.openSync(path, { write: true, createNew: true });
  } catch (error) {
    if (!(error instanceof Deno.errors.AlreadyExists)) throw error;
  }
  assertPlainFile(path, Deno.lstatSync(path));
  Deno.removeSync(path);
  return Deno.openSync(path, { write: true, createNew: true });
}
