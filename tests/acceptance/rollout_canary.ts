/**
 * Real downloads of 300 files from a loopback server that fails 30 % of the canary's requests and 1 % of the others,
 * with a rollout at 10 % and another seed in each run.
 *
 * Bounds: each rollout is aborted, in 90 % of the runs after 19 canary downloads or fewer (those under way at the
 * moment of the abort are not counted), and every file is complete with the right SHA-256 afterwards.
 * Takes a minute: `deno run -q -P=acceptance tests/acceptance/rollout_canary.ts [--runs 20]`
 *
 * @module
 */
import { numberFlag, tellProgress } from "./_flag.ts";
import { reportFigures } from "../helpers/report_figures.ts";
import { type FailingCanary, runFailingCanary } from "../integration/scenarios/rollout_run.ts";

if (import.meta.main) {
  const runs = numberFlag("runs", 20);
  const results: FailingCanary[] = [];
  for (let seed = 1; seed <= runs; seed++) {
    const folder = await Deno.makeTempDir();
    results.push(await runFailingCanary(folder, seed));
    await Deno.remove(folder, { recursive: true });
    tellProgress(`run ${seed}: ${results.at(-1)!.canaryDownloads} canary downloads`);
  }
  const downloads = results.map(({ canaryDownloads }) => canaryDownloads).toSorted((a, b) => a - b);
  const aborted = results.filter(({ phase }) => phase === "degraded").length;
  const early = downloads.filter((count) => count <= 19).length;
  const files = results.reduce((sum, one) => sum + one.files, 0);
  const done = results.reduce((sum, one) => sum + one.done, 0);
  const wrong = results.reduce((sum, one) => sum + one.wrong, 0);
  const figures = { runs, aborted, early, median: downloads[runs >> 1], most: downloads.at(-1), files, done, wrong };
  reportFigures(figures, [
    { name: "each rollout was aborted", isMet: aborted === runs },
    { name: "90 % of the runs after 19 canary downloads or fewer", isMet: early >= 0.9 * runs },
    { name: "every file is complete and right", isMet: done === files && wrong === 0 },
  ]);
}
