/**
 * Measures the commands that go through a whole library, at 1 000, 10 000 and 100 000 files, and draws the result in
 * docs/performance.md and its Japanese twin. Takes half an hour and some gigabytes below TMPDIR, which may be a disk in memory outside of /dev (the
 * runtime gives no access to that without --allow-all):
 *
 *     TMPDIR=/mnt/ram deno task library-figures
 *     deno task library-figures --rows 1000 --rounds 1 --draw=false      only print
 *     deno task library-figures --draw=only                              what is in library_figures.json
 *     deno task library-figures --quick 100000                           no --deep and no update from so many files on
 *     deno task library-figures --label before --keep FOLDER             the state to compare with; libraries are kept
 *
 * @module
 */
import { parseArgs } from "@std/cli";
import { ensureDir } from "@std/fs";
import { join } from "node:path";
import { type LargeFileFigures, type LibraryFigures, measureLargeFiles, measureLibrary } from "./_library_figures.ts";
import { drawTables } from "../../checks/mod.ts";
import { drawLibraryTables, type LibraryReports } from "./_library_table.ts";

const FIGURES = new URL("./library_figures.json", import.meta.url);

if (import.meta.main) {
  if (Deno.args.includes("--draw=only")) await draw({});
  else await measure();
}

async function measure(): Promise<void> {
  const flags = parseArgs(Deno.args, { string: ["rows", "rounds", "label", "keep", "draw", "large", "quick"] });
  const rounds = Number(flags.rounds ?? 3);
  const libraries: LibraryFigures[] = [];
  for (const rows of (flags.rows ?? "1000,10000,100000").split(",").map(Number)) {
    const folder = flags.keep === undefined ? undefined : join(flags.keep, String(rows));
    if (folder !== undefined) await ensureDir(folder);
    const figures = await measureLibrary({ rows, rounds, folder, isQuick: rows >= Number(flags.quick ?? Infinity) });
    await say(figures);
    libraries.push(figures);
  }
  const large = flags.large === "0" ? null : await measureLarge(rounds);
  const report = { measuredAt: new Date().toISOString(), commit: await commit(), rounds, libraries, large };
  if (flags.draw !== "false") await draw(flags.label === "before" ? { before: report } : { after: report });
}

async function measureLarge(rounds: number): Promise<LargeFileFigures> {
  const figures = await measureLargeFiles({ count: 32, sizeBytes: 64 * 1024 ** 2, rounds });
  await say(figures);
  return figures;
}

async function draw(changes: Partial<LibraryReports>): Promise<void> {
  const known = await readFigures();
  const reports: LibraryReports = { ...known, ...changes };
  await Deno.writeTextFile(FIGURES, `${JSON.stringify(reports, null, 2)}\n`);
  await new Deno.Command(Deno.execPath(), { args: ["fmt", "-q", FIGURES.pathname] }).output();
  await drawTables("performance.md", drawLibraryTables(reports), new URL("../../", import.meta.url).pathname);
}

async function readFigures(): Promise<LibraryReports> {
  try {
    return JSON.parse(await Deno.readTextFile(FIGURES)) as LibraryReports;
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
    return { version: 1, before: null, after: null };
  }
}

async function commit(): Promise<string> {
  const { stdout } = await new Deno.Command("git", { args: ["rev-parse", "--short", "HEAD"] }).output();
  return new TextDecoder().decode(stdout).trim();
}

async function say(figures: unknown): Promise<void> {
  await Deno.stdout.write(new TextEncoder().encode(`${JSON.stringify(figures)}\n`));
}
