/**
 * Kills runs by SIGKILL at random moments and lets the next one resume, like a power failure and a restart.
 *
 * Bounds: no wrong file at any moment; no unreadable state; bytes fetched at most 1.10 times the libraries.
 * Takes about five minutes: `deno run -q -P=acceptance tests/acceptance/kills.ts [--kills 200] [--seed 1]`
 *
 * @module
 */
import { seededRandom } from "../../lib/base/mod.ts";
import { runKills } from "../integration/scenarios/kills.ts";
import { numberFlag, tellProgress } from "./_flag.ts";
import { reportFigures } from "../helpers/report_figures.ts";

/** One of 64 MiB, and 79 of up to 8 MiB. */
function librarySizes(seed: number): number[] {
  const random = seededRandom(seed);
  return [64 << 20, ...Array.from({ length: 79 }, () => 2048 + Math.floor(random() * (8 << 20)))];
}

if (import.meta.main) {
  const seed = numberFlag("seed", 1);
  const start = performance.now();
  const figures = await runKills({
    kills: numberFlag("kills", 200),
    killsPerLibrary: 40,
    fileSizes: librarySizes(seed),
    seed,
    bytesPerSecond: 24_000_000,
    onProgress: tellProgress,
  });
  const ratio = figures.servedBytes / figures.libraryBytes;
  reportFigures({ ...figures, ratio, seconds: (performance.now() - start) / 1000 }, [
    { name: "no wrong file", isMet: figures.wrongAtEnd + figures.wrongAfterKill === 0 },
    { name: "every state can be read", isMet: figures.unreadable === 0 },
    { name: "every last run ends with 0", isMet: figures.failedRuns === 0 },
    { name: "bytes at most 1.10 times the libraries", isMet: ratio <= 1.1 },
  ]);
}
