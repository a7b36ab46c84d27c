/**
 * Fetches a sparse file of 20 GiB from nginx by turbo, in a process of its own; then again, killed by SIGKILL at 20
 * random places and gone on with each time, with four limited connections in every other run.
 *
 * Bounds: at most 160 MB of memory, and within 10 % of what a tenth of the size needs; each kill costs at most 1 % of
 * the file, or 8 MiB. Needs nginx and as much disk as the file, and 2 GiB. `--size 2G` is quicker.
 * Takes some minutes: `deno run -q -P=acceptance tests/acceptance/big_file.ts [--size 20G] [--kills 20] [--seed 1]`
 *
 * @module
 */
import { parseArgs } from "@std/cli";
import { formatSize, freeSpace, parseSize } from "../../lib/base/mod.ts";
import { median } from "../../lib/stats/mod.ts";
import { fetchBigFile } from "../integration/scenarios/big_file.ts";
import { hasProgram } from "../helpers/has_program.ts";
import { numberFlag, tellProgress } from "./_flag.ts";
import { reportFigures } from "../helpers/report_figures.ts";

const RESERVE_BYTES = 2 ** 31;

async function main(): Promise<void> {
  const bytes = parseSize(String(parseArgs(Deno.args).size ?? "20G"));
  const kills = numberFlag("kills", 20);
  if (!await hasProgram("nginx", "-v")) {
    return tellProgress("Skipped: this machine has no nginx (Debian: apt-get install nginx)");
  }
  const folder = await Deno.makeTempDir();
  const free = await freeSpace(folder);
  await Deno.remove(folder);
  if (free < bytes + RESERVE_BYTES) {
    return tellProgress(`Skipped: there are ${formatSize(free)}, and ${formatSize(bytes + RESERVE_BYTES)} are needed`);
  }
  const figures = await fetchBigFile({
    bytes,
    smallBytes: Math.round(bytes / 10),
    kills,
    seed: numberFlag("seed", 1),
    onProgress: tellProgress,
    // Slow enough that the shortest interval between two kills takes seconds: that is when the engine detects the
    // limit.
    limitRate: `${Math.ceil(bytes / kills / 17 / 2 ** 20)}m`,
  });
  const { smallRssBytes, bigRssBytes, lostBytes, connections, missedKills, hasResumedAll } = figures;
  const mostLost = Math.max(...lostBytes);
  const allowed = Math.max(bytes / 100, 8 << 20);
  const ratio = bigRssBytes[0]! / median(smallRssBytes);
  reportFigures({ ...figures, mostLost, allowed, ratio }, [
    { name: "at most 160 MB", isMet: [...smallRssBytes, ...bigRssBytes].every((rss) => rss > 0 && rss <= 160e6) },
    { name: "memory within 10 %", isMet: Math.abs(ratio - 1) <= 0.1 },
    { name: "as many kills as asked for", isMet: lostBytes.length === kills && missedKills === 0 },
    { name: "segments in every other run", isMet: connections.filter((count) => count > 1).length >= kills / 2 - 1 },
    { name: "each kill costs at most 1 %, or 8 MiB", isMet: mostLost <= allowed },
    { name: "the last run took over what was there", isMet: hasResumedAll },
  ]);
}

if (import.meta.main) await main();
