/**
 * Kills updates by SIGKILL at moments spread over the whole of an update; then the program in use must start, and the
 * next update must complete it and leave nothing behind.
 *
 * Bounds: the program in use is always the old or the new version, and it starts.
 * Takes some five minutes: `deno run -q -P=acceptance tests/acceptance/self_update_kills.ts --kills 60`
 *
 * @module
 */
import { seededRandom, systemClock } from "../../lib/base/mod.ts";
import { installRelease } from "../helpers/servers/release_server.ts";
import { reportFigures } from "../helpers/report_figures.ts";
import {
  COMPLETE_UPDATE,
  endOf,
  inUpdatePlace,
  namesIn,
  type UpdatePlace,
  versionInUse,
} from "../integration/scenarios/self_update_place.ts";
import { numberFlag, tellProgress } from "./_flag.ts";

const PADDING = 20 << 20;

/** Kill one update after a time, and say what is wrong afterwards. */
async function killOne(
  { prefix, start }: UpdatePlace,
  afterMs: number,
): Promise<{ readonly wasKilled: boolean; readonly found: string; readonly problems: readonly string[] }> {
  await Deno.remove(prefix, { recursive: true });
  await installRelease(prefix, "v1.0.0");
  const child = start();
  const ended = endOf(child);
  await systemClock.sleep(afterMs);
  let wasKilled = true;
  try {
    child.kill("SIGKILL");
  } catch {
    wasKilled = false;
  }
  await ended;
  const found = await versionInUse(prefix);
  const again = await endOf(start());
  const names = await namesIn(prefix);
  const problems = [
    ...["civitai-dl 1.0.0", "civitai-dl 1.1.0"].includes(found) ? [] : [`in use after the kill: ${found}`],
    ...again.code === 0 ? [] : [`the next update ended with ${again.code}: ${again.err}`],
    ...await versionInUse(prefix) === "civitai-dl 1.1.0" ? [] : ["the next update did not complete it"],
    ...names.join() === COMPLETE_UPDATE.join() ? [] : [`left behind: ${names.join(", ")}`],
  ];
  return { wasKilled, found, problems: problems.map((text) => `${Math.round(afterMs)} ms: ${text}`) };
}

if (import.meta.main) {
  const kills = numberFlag("kills", 60);
  const random = seededRandom(numberFlag("seed", 1));
  await inUpdatePlace(async (place) => {
    await place.server.publish("v1.1.0", { padding: PADDING });
    const begin = performance.now();
    await endOf(place.start());
    const wholeMs = performance.now() - begin;
    const found = { "civitai-dl 1.0.0": 0, "civitai-dl 1.1.0": 0 } as Record<string, number>;
    const problems: string[] = [];
    let killed = 0;
    for (let index = 0; index < kills; index++) {
      const result = await killOne(place, wholeMs * (index + random()) / kills);
      problems.push(...result.problems);
      if (result.wasKilled) killed++;
      found[result.found] = (found[result.found] ?? 0) + 1;
      tellProgress(`${index + 1} of ${kills}: ${result.found}`);
    }
    reportFigures({ kills, killed, wholeMs, found, problems }, [
      { name: "most were killed before their end", isMet: killed >= kills / 2 },
      { name: "the program in use always starts, and the next update completes", isMet: problems.length === 0 },
    ]);
  });
}
