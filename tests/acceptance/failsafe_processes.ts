/**
 * Sixteen processes share a failsafe's state while 200 of them are killed by SIGKILL and replaced.
 *
 * Bounds: the state can be read after every kill; no process warns; the events of all processes together are each
 * transition of each breaker and of the mode exactly once, in an unbroken chain.
 * Takes two minutes: `deno run -q -P=acceptance tests/acceptance/failsafe_processes.ts [--kills 200] [--processes 16]`
 *
 * @module
 */
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { seededRandom, systemClock } from "../../lib/base/mod.ts";
import { Failsafe, type FailsafeEvent } from "../../lib/failsafe/mod.ts";
import { numberFlag, tellProgress } from "./_flag.ts";
import { reportFigures } from "../helpers/report_figures.ts";

const WORKER = fileURLToPath(new URL("./_failsafe_worker.ts", import.meta.url));

/** The events in the order of their numbers, and how many lines repeat an earlier one. */
async function readEvents(
  folder: string,
): Promise<{ readonly events: readonly FailsafeEvent[]; readonly twice: number }> {
  const told = new Map<number, FailsafeEvent>();
  let twice = 0;
  for await (const { name } of Deno.readDir(folder)) {
    if (!name.startsWith("events-")) continue;
    for (const line of (await Deno.readTextFile(join(folder, name))).split("\n")) {
      if (!line.endsWith("}")) continue;
      const event: FailsafeEvent = JSON.parse(line);
      if (told.has(event.id)) twice++;
      told.set(event.id, event);
    }
  }
  return { events: [...told.values()].toSorted((a, b) => a.id - b.id), twice };
}

/** How often an event does not start where the previous one ended. */
function countBreaks(events: readonly FailsafeEvent[]): number {
  const at = new Map<string, string>();
  let breaks = 0;
  for (const event of events) {
    const [subject, first] = event.type === "mode" ? ["mode", "turbo"] : [event.key, "closed"];
    if ((at.get(subject) ?? first) !== event.from) breaks++;
    at.set(subject, event.to);
  }
  return breaks;
}

if (import.meta.main) {
  const kills = numberFlag("kills", 200);
  const processes = numberFlag("processes", 16);
  const folder = await Deno.makeTempDir();
  const path = join(folder, "state", "failsafe.json");
  const random = seededRandom(1);
  let started = 0;
  const start = (): Deno.ChildProcess =>
    new Deno.Command(Deno.execPath(), {
      args: ["run", "-q", "--no-prompt", "--allow-read", `--allow-write=${folder}`, WORKER, folder, `${started++}`],
    }).spawn();
  const running = Array.from({ length: processes }, start);
  let unreadable = 0;
  let died = 0;
  await systemClock.sleep(5000);
  const begin = performance.now();
  for (let kill = 1; kill <= kills; kill++) {
    await systemClock.sleep(random() * 400);
    const index = Math.floor(random() * processes);
    const child = running[index]!;
    child.kill("SIGKILL");
    const { signal } = await child.status;
    if (signal !== "SIGKILL") died++;
    running[index] = start();
    try {
      JSON.parse(await Deno.readTextFile(path));
    } catch {
      unreadable++;
    }
    if (kill % 50 === 0) tellProgress(`${kill} kills`);
  }
  const seconds = (performance.now() - begin) / 1000;
  await systemClock.sleep(3000);
  await Deno.writeTextFile(join(folder, "stop"), "");
  for (const child of running) if (!(await child.status).success) died++;
  const warnings: string[] = [];
  await using last = await Failsafe.open(join(folder, "state"), { onWarning: (message) => warnings.push(message) });
  for await (const { name } of Deno.readDir(folder)) {
    if (name.startsWith("warnings-")) warnings.push(await Deno.readTextFile(join(folder, name)));
  }
  const lastId = last.status().events.at(-1)?.id ?? 0;
  const { events, twice } = await readEvents(folder);
  const opened = events.filter((event) => event.type === "breaker" && event.from === "closed").length;
  const switches = events.filter((event) => event.type === "mode").length;
  const figures = {
    kills,
    processes,
    started,
    seconds: Math.round(seconds),
    transitions: lastId,
    told: events.length,
    opened,
    switches,
    twice,
    breaks: countBreaks(events),
    unreadable,
    died,
    warnings: warnings.slice(0, 5),
  };
  await Deno.remove(folder, { recursive: true });
  reportFigures(figures, [
    { name: "the state could be read after every kill", isMet: unreadable === 0 },
    { name: "nobody warned, and nobody died by itself", isMet: warnings.length === 0 && died === 0 },
    { name: "every transition was told", isMet: lastId > 100 && events.length === lastId },
    { name: "no transition was told twice", isMet: twice === 0 },
    { name: "each begins where the one before it ended", isMet: figures.breaks === 0 },
  ]);
}
