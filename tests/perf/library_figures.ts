/**
 * Measures the commands that go through a whole library, at 1 000, 10 000 and 100 000 files, and prints the figures of
 * docs/performance.md, a line of JSON for each library. Takes half an hour and some gigabytes below TMPDIR, which may be
 * a disk in memory outside of /dev (the runtime gives no access to that without --allow-all):
 *
 *     TMPDIR=/mnt/ram deno run -q -P=acceptance tests/perf/library_figures.ts
 *         --rows 1000 --rounds 1     other numbers of files, and of runs
 *         --quick 100000             no --deep and no update from so many files on
 *         --keep FOLDER              libraries are kept and used again
 *         --large 0                  no large files
 *
 * @module
 */
import { parseArgs } from "@std/cli";
import { ensureDir } from "@std/fs";
import { join } from "node:path";
import { measureLargeFiles, measureLibrary } from "./_library_figures.ts";

if (import.meta.main) {
  const flags = parseArgs(Deno.args, { string: ["rows", "rounds", "keep", "large", "quick"] });
  const rounds = Number(flags.rounds ?? 3);
  for (const rows of (flags.rows ?? "1000,10000,100000").split(",").map(Number)) {
    const folder = flags.keep === undefined ? undefined : join(flags.keep, String(rows));
    if (folder !== undefined) await ensureDir(folder);
    await say(await measureLibrary({ rows, rounds, folder, isQuick: rows >= Number(flags.quick ?? Infinity) }));
  }
  if (flags.large !== "0") await say(await measureLargeFiles({ count: 32, sizeBytes: 64 * 1024 ** 2, rounds }));
}

async function say(figures: unknown): Promise<void> {
  await Deno.stdout.write(new TextEncoder().encode(`${JSON.stringify(figures)}\n`));
}
