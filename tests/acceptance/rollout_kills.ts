/**
 * A process that promotes, aborts, retries and counts downloads is killed by SIGKILL 200 times, at random moments.
 *
 * Bounds: after each kill, the state can be read and is that before or after the change under way; no counted download
 * is lost; each transition is one line of the file of events, in an unbroken row.
 * Takes two minutes: `deno run -q -P=acceptance tests/acceptance/rollout_kills.ts [--kills 200]`
 *
 * @module
 */
import { numberFlag } from "./_flag.ts";
import { reportFigures } from "../helpers/report_figures.ts";
import { runRolloutKills } from "../integration/scenarios/rollout_kills.ts";

if (import.meta.main) {
  const folder = await Deno.makeTempDir();
  const figures = await runRolloutKills(folder, numberFlag("kills", 200));
  await Deno.remove(folder, { recursive: true });
  const { unreadable, torn, mostLost, transitions, lines } = figures;
  reportFigures({ ...figures }, [
    { name: "the state could be read after each kill", isMet: unreadable === 0 },
    { name: "the state was that before or after a change", isMet: torn === 0 },
    { name: "no counted download was lost", isMet: mostLost === 0 },
    { name: "each transition is one line", isMet: transitions > 0 && lines === transitions },
  ]);
}
