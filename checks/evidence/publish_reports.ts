import { basename, join, resolve } from "node:path";
import { ensureDir } from "@std/fs";
import { readTextIfExists, writeAtomic } from "../../lib/base/mod.ts";

/**
 * Copy reports to the folder where they are published, without their white space; their digests are over the content.
 *
 * @param paths The reports; those that are in the folder stay as they are
 * @param folder The folder
 * @returns The files that were written
 */
export async function publishReports(paths: readonly string[], folder: string): Promise<readonly string[]> {
  const written: string[] = [];
  for (const from of paths) {
    const to = join(folder, basename(from));
    if (to === resolve(from)) continue;
    const text = `${JSON.stringify(JSON.parse(await Deno.readTextFile(from)))}\n`;
    if (await readTextIfExists(to) === text) continue;
    await ensureDir(folder);
    await writeAtomic(to, text);
    written.push(to);
  }
  return written;
}
