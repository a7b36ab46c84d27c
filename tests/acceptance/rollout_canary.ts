/**
 * Real downloads of 300 files from a loopback server that fails 30 % of the canary's requests and 1 % of the others,
 * with a rollout at 10 % and another seed in each run.
 *
 * Bounds: each rollout is aborted at the third failed canary download among up to 31, and only then; every file is complete with the
 * right SHA-256 afterwards; the share of runs that abort after 19 canary downloads or fewer is not significantly below
 * 95 % (exact bound, one-sided, 99 %). Its expectation is 95.4 %: the probability of three failures among 19.
 * Takes a minute: `deno run -q -P=acceptance tests/acceptance/rollout_canary.ts [--runs 20]`
 *
 * @module
 */
import { clopperPearson } from "../../lib/stats/mod.ts";
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
  // Three failures decide among up to 31 downloads; later, a fourth one is needed.
  const isRight = ({ phase, canaryFailures, canaryDownloads }: FailingCanary): boolean =>
    canaryDownloads > 31 || (phase === "degraded" ? canaryFailures === 3 : canaryFailures < 3);
  const early = results.filter(({ phase, canaryDownloads }) => phase === "degraded" && canaryDownloads <= 19).length;
  const { high } = clopperPearson({ events: early, trials: runs, confidence: 0.99, side: "upper" });
  const files = results.reduce((sum, one) => sum + one.files, 0);
  const done = results.reduce((sum, one) => sum + one.done, 0);
  const wrong = results.reduce((sum, one) => sum + one.wrong, 0);
  const figures = { runs, aborted, early, median: downloads[runs >> 1], most: downloads.at(-1), files, done, wrong };
  reportFigures(figures, [
    { name: "each rollout was aborted at the third failure among up to 31 downloads", isMet: results.every(isRight) },
    { name: "95 % of the runs abort after 19 canary downloads or fewer", isMet: high >= 0.95 },
    { name: "every file is complete and right", isMet: done === files && wrong === 0 },
  ]);
}
