import { join } from "node:path";
import { KitError } from "../../lib/base/mod.ts";
import { arePhases, type BenchDocument, readBenchDocument } from "../../lib/bench/mod.ts";

/** Folder where the commands write reports. */
const REPORTS_FOLDER = "reports";

/**
 * Read the newest benchmark report of `reports/` in the working folder. If it is about a phase, also the newest report
 * of every other phase of the same commit. Reports of other kinds are left out.
 *
 * @returns The reports, the oldest first
 * @throws {KitError} `usage` if there is none; `integrity` if one was changed after it was written
 */
export async function readNewestReports(): Promise<readonly BenchDocument[]> {
  const documents: BenchDocument[] = [];
  for (const path of await listJson()) {
    if (await isBenchReport(path)) documents.push(await readBenchDocument(path));
  }
  const newest = chooseNewest(documents);
  if (newest.length > 0) return newest;
  throw new KitError("usage", `Cannot show a report: there is no benchmark report in ${REPORTS_FOLDER}/`, {
    hint: "Name the files, or measure first: civitai-dl benchmark --phase 4 --output reports/benchmark-phase-4.json",
  });
}

/** Choose what belongs together from reports in any order. */
export function chooseNewest(documents: readonly BenchDocument[]): readonly BenchDocument[] {
  const sorted = documents.toSorted((a, b) => a.startedAt.localeCompare(b.startedAt));
  const newest = sorted.at(-1);
  if (newest === undefined || !arePhases([newest])) return newest === undefined ? [] : [newest];
  const byPhase = new Map<string, BenchDocument>();
  for (const one of sorted) if (arePhases([newest, one])) byPhase.set(one.target.name, one);
  return [...byPhase.values()];
}

async function listJson(): Promise<readonly string[]> {
  const paths: string[] = [];
  try {
    for await (const { name, isFile } of Deno.readDir(REPORTS_FOLDER)) {
      if (isFile && name.endsWith(".json")) paths.push(join(REPORTS_FOLDER, name));
    }
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
  }
  return paths;
}

/** Whether a file says that it is a benchmark report; whether that is true is checked when it is read. */
async function isBenchReport(path: string): Promise<boolean> {
  try {
    const value = JSON.parse(await Deno.readTextFile(path));
    return typeof value?.schema === "string" && value.schema.startsWith("civitai-dl/benchmark-");
  } catch (error) {
    if (error instanceof SyntaxError) return false;
    throw error;
  }
}
