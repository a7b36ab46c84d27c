/**
 * One process at a time works with a failsafe and is killed by SIGKILL 200 times, while this one sends it requests.
 *
 * Bounds: the state can be read after every kill; nobody warns; each kept transition of a breaker and of the mode begins
 * where the one before it ended; the last request is in force, and none is left.
 * Takes two minutes: `deno run -q -P=acceptance tests/acceptance/failsafe_kills.ts [--kills 200]`
 *
 * @module
 */
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { seededRandom, systemClock } from "../../lib/base/mod.ts";
import { Failsafe, type FailsafeEvent, type FailsafeRequest } from "../../lib/failsafe/mod.ts";
import { numberFlag, tellProgress } from "./_flag.ts";
import { reportFigures } from "../helpers/report_figures.ts";

const WORKER = fileURLToPath(new URL("./_failsafe_worker.ts", import.meta.url));

const REQUESTS: readonly FailsafeRequest[] = [
  { type: "hold", mode: "stable", forMs: 300 },
  { type: "release" },
  { type: "trip", key: "host-0", forMs: 200 },
  { type: "reset", key: "host-1" },
  { type: "reset" },
];

/** How often an event does not begin where the previous one of the same breaker, or of the mode, ended. */
function countBreaks(events: readonly FailsafeEvent[]): number {
  const at = new Map<string, string>();
  let breaks = 0;
  for (const event of events) {
    const subject = event.type === "mode" ? "mode" : event.key;
    if ((at.get(subject) ?? event.from) !== event.from) breaks++;
    at.set(subject, event.to);
  }
  return breaks;
}

if (import.meta.main) {
  const kills = numberFlag("kills", 200);
  const folder = await Deno.makeTempDir();
  const state = join(folder, "state");
  const random = seededRandom(1);
  const figures = { kills, seconds: 0, requests: 0, transitions: 0, breaks: 0, unreadable: 0, died: 0, left: 0 };
  const start = (): Deno.ChildProcess =>
    new Deno.Command(Deno.execPath(), {
      args: ["run", "-q", "--no-prompt", "--allow-read", `--allow-write=${folder}`, WORKER, folder],
    }).spawn();
  const begin = performance.now();
  let seen: readonly FailsafeEvent[] = [];
  for (let kill = 1; kill <= kills; kill++) {
    const child = start();
    const count = 1 + Math.floor(random() * 4);
    for (let i = 0; i < count; i++) {
      await systemClock.sleep(random() * 400);
      Failsafe.request(state, REQUESTS[Math.floor(random() * REQUESTS.length)]!);
      figures.requests++;
    }
    child.kill("SIGKILL");
    if ((await child.status).signal !== "SIGKILL") figures.died++;
    try {
      const { events } = Failsafe.peek(state)!;
      figures.breaks += countBreaks(events);
      figures.transitions += events.filter(({ time }) => time > (seen.at(-1)?.time ?? "")).length;
      seen = events;
    } catch {
      figures.unreadable++;
    }
    if (kill % 50 === 0) tellProgress(`${kill} kills`);
  }
  figures.seconds = Math.round((performance.now() - begin) / 1000);
  Failsafe.request(state, { type: "hold", mode: "resilient" });
  const warnings: string[] = [];
  await using last = await Failsafe.open(state, { onWarning: (message) => warnings.push(message) });
  const isHeld = last.mode === "resilient";
  for await (const _ of Deno.readDir(join(state, "failsafe-requests"))) figures.left++;
  const text = await Deno.readTextFile(join(folder, "warnings.txt")).catch(() => "");
  if (text !== "") warnings.push(text);
  await Deno.remove(folder, { recursive: true });
  reportFigures({ ...figures, warnings: warnings.slice(0, 5) }, [
    { name: "the state could be read after every kill", isMet: figures.unreadable === 0 },
    { name: "nobody warned, and nobody died by itself", isMet: warnings.length === 0 && figures.died === 0 },
    { name: "there were transitions", isMet: figures.transitions >= kills },
    { name: "each begins where the one before it ended", isMet: figures.breaks === 0 },
    { name: "the last request is in force, and none is left", isMet: isHeld && figures.left === 0 },
  ]);
}
