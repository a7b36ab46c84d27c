import { walk } from "@std/fs";
import { PRODUCTION_SCHEMA, type ProductionText } from "./production_test.ts";

/** A report of a production test has some kilobytes; larger files are reports of other kinds. */
const MOST_BYTES = 2 ** 20;

/**
 * Read the files in folders that may be reports of production tests. Folders that do not exist are left out.
 *
 * @param folders Such as `reports` and `docs/evidence`
 * @returns Their texts, with their paths
 */
export async function readProductionReports(folders: readonly string[]): Promise<readonly ProductionText[]> {
  const texts: ProductionText[] = [];
  for (const folder of folders) {
    const isFolder = await Deno.stat(folder).then(({ isDirectory }) => isDirectory, () => false);
    if (!isFolder) continue;
    for await (const { path } of walk(folder, { includeDirs: false, exts: [".json"] })) {
      if ((await Deno.stat(path)).size > MOST_BYTES) continue;
      const text = await Deno.readTextFile(path);
      if (text.includes(PRODUCTION_SCHEMA)) texts.push({ source: path, text });
    }
  }
  return texts;
}
