import { join } from "node:path";

/** Default file names of the reports of `collect-metrics`; no other file is removed. */
const NAME = /^metrics-\d{8}-\d{4}\.json$/;

/**
 * Remove the oldest reports from a folder, so that a report per minute for a week does not fill the disk.
 *
 * @param folder The log folder
 * @param keep Maximum number of reports to keep
 * @returns Number of reports that were removed
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { pruneReports } from "@civitai-dl/civitai-dl/metrics";
 *
 * const folder = await Deno.makeTempDir();
 * for (const day of ["01", "02", "03"]) await Deno.writeTextFile(`${folder}/metrics-202601${day}-1200.json`, "{}");
 * assertEquals(await pruneReports(folder, 2), 1);
 * const names = await Array.fromAsync(Deno.readDir(folder), ({ name }) => name);
 * assertEquals(names.toSorted(), ["metrics-20260102-1200.json", "metrics-20260103-1200.json"]);
 * ```
 */
export async function pruneReports(folder: string, keep: number): Promise<number> {
  const names: string[] = [];
  for await (const { name, isFile } of Deno.readDir(folder)) if (isFile && NAME.test(name)) names.push(name);
  // The file name contains the time, so sorting by name sorts by time.
  const old = names.toSorted().slice(0, Math.max(0, names.length - keep));
  for (const name of old) await removeQuietly(join(folder, name));
  return old.length;
}

/** Remove a report, which another collector may have removed first. */
async function removeQuietly(path: string): Promise<void> {
  try {
    await Deno.remove(path);
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
  }
}
