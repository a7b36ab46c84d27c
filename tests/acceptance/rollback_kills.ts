/**
 * Kills rollbacks of each mode by SIGKILL at every call of git and while the version is verified; then finishes every
 * other one, and takes the others back.
 *
 * Bounds: every state as before, or as wanted; no call of git that could destroy work.
 * Takes about three minutes: `deno run -q -P=acceptance tests/acceptance/rollback_kills.ts`
 *
 * @module
 */
import { killRollbacks } from "../integration/scenarios/rollback_kills.ts";
import { reportFigures } from "../helpers/report_figures.ts";
import { tellProgress } from "./_flag.ts";

if (import.meta.main) {
  const start = performance.now();
  const { kills, problems, forbidden, statuses } = await killRollbacks({
    every: 1,
    withPrograms: true,
    onProgress: tellProgress,
  });
  const suspended = statuses.filter((text) => text.includes("was interrupted")).length;
  reportFigures({ kills, suspended, problems, forbidden, seconds: (performance.now() - start) / 1000 }, [
    { name: "at least forty kills", isMet: kills >= 40 },
    { name: "some at every kind of step", isMet: suspended >= 10 },
    { name: "every state as before, or as wanted", isMet: problems.length === 0 },
    { name: "no git call that could destroy work", isMet: forbidden.length === 0 },
  ]);
}
