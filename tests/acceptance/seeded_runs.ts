/**
 * Fetches 10 000 small files, each through a sequence of faults, interruptions and engines that follows from its seed.
 *
 * Bounds: every file ends right, byte for byte, or as a failure that its faults explain, with nothing at its name; no
 * hang; no connection, permit or file left open. `--only SEED` runs one seed again and tells its story.
 * Takes some minutes: `deno run -q -P=acceptance tests/acceptance/seeded_runs.ts [--runs 10000] [--from 1]`
 *
 * @module
 */
import { runSeededRuns } from "../integration/scenarios/seeded/seeded_runs.ts";
import { numberFlag, tellProgress } from "./_flag.ts";
import { reportFigures } from "../helpers/report_figures.ts";

if (import.meta.main) {
  const start = performance.now();
  const only = numberFlag("only", NaN);
  const isOne = !Number.isNaN(only);
  const runs = isOne ? 1 : numberFlag("runs", 10_000);
  const figures = await runSeededRuns({
    runs,
    from: isOne ? only : numberFlag("from", 1),
    onProgress: tellProgress,
    atOnce: numberFlag("at-once", 12),
    ...(isOne ? { tell: tellProgress } : {}),
  });
  const seconds = (performance.now() - start) / 1000;
  reportFigures({ ...figures, problemCount: figures.problems.length, seconds }, [
    { name: "every run as it must be", isMet: figures.problems.length === 0 && figures.runs === runs },
    { name: "no handle left open", isMet: figures.leakedHandles === 0 },
    { name: "segments were used", isMet: isOne || figures.withSegments > 0 },
  ]);
}
