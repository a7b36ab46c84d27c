/**
 * Plays the branch strategy from v1.0.3 to v2.0.1, and kills the process of each operation by SIGKILL before and after
 * each of its steps. In turn, each is continued, undone, or continued or undone by a process that is killed itself.
 *
 * Bounds: `branch status` names the command, the step and the way on each time; branches and tags here and on the remote
 * are those that the model of the strategy expects.
 * Takes half an hour: `deno run -q -P=acceptance tests/acceptance/life_kills.ts [--every 1]`
 *
 * @module
 */
import { join } from "node:path";
import { killLife } from "../integration/scenarios/life/kill_life.ts";
import { reportFigures } from "../helpers/report_figures.ts";
import { numberFlag, tellProgress } from "./_flag.ts";

if (import.meta.main) {
  const start = performance.now();
  const folder = await Deno.realPath(await Deno.makeTempDir());
  // Temporary trees of this run alone.
  Deno.env.set("TMPDIR", join(folder, "tmp"));
  await Deno.mkdir(join(folder, "tmp"));
  const every = numberFlag("every", 1);
  const { operations, kills, ends, problems } = await killLife({
    folder,
    every,
    length: "whole",
    onProgress: tellProgress,
  });
  await Deno.remove(folder, { recursive: true });
  reportFigures({ operations, kills, ...ends, problems, seconds: (performance.now() - start) / 1000 }, [
    { name: "at least 300 kills", isMet: kills * every * every >= 300 },
    { name: "every state as the model expects", isMet: problems.length === 0 },
  ]);
}
