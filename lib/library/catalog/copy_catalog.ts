import { exists } from "@std/fs";
import { assertPlainFile, KitError } from "../../base/mod.ts";
import { connect } from "./_open_database.ts";

/** The log that a catalog has while a process uses it. */
const LOG = "-wal";

/**
 * Copy what a catalog has now, even while another process writes to it. A copy of its files alone would mix pages of
 * different times, because a writer moves pages from the log into the catalog.
 *
 * @param path The catalog; without one, nothing is copied
 * @param copy A path with nothing at it
 * @throws {KitError} `integrity` if the catalog is damaged
 */
export async function copyCatalog(path: string, copy: string): Promise<void> {
  if (!await isThere(path)) return;
  if (!await isThere(`${path}${LOG}`)) {
    await copyFile(path, copy);
    // Unless somebody has opened it in the meantime, nothing was written.
    if (!await isThere(`${path}${LOG}`)) return;
    await Deno.remove(copy);
  }
  try {
    using db = connect(path, { readOnly: true });
    await db.copyTo(copy);
  } catch (error) {
    // Its log cannot be read in a folder that cannot be written to, where nobody else writes either.
    if (!(error instanceof KitError) || error.code !== "unsafe") throw error;
    await copyFile(path, copy);
    await copyFile(`${path}${LOG}`, `${copy}${LOG}`);
  }
}

/** Whether a file of the catalog is there. A link is refused. */
async function isThere(path: string): Promise<boolean> {
  if (!await exists(path)) return false;
  assertPlainFile(path, await Deno.lstat(path));
  return true;
}

async function copyFile(path: string, copy: string): Promise<void> {
  await Deno.copyFile(path, copy);
  // A copy has the mode of its source, which may be read-only.
  if (Deno.build.os !== "windows") await Deno.chmod(copy, 0o600);
}
