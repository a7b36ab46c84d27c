import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { seededRandom, systemClock } from "../../../lib/base/mod.ts";
import { type RolloutEvent, RolloutStore } from "../../../lib/rollout/mod.ts";

const WORKER = fileURLToPath(new URL("./_rollout_worker.ts", import.meta.url));

/** What kills left behind. */
export interface RolloutKillFigures {
  readonly kills: number;
  /** States that could not be read after a kill. */
  readonly unreadable: number;
  /** Kills after which the state was neither that before nor that after a change. */
  readonly torn: number;
  /** Greatest number of counted downloads that a kill lost. */
  readonly mostLost: number;
  /** Transitions in the state, and lines of the file of events. */
  readonly transitions: number;
  readonly lines: number;
  readonly changes: number;
}

/** Kill a process that changes a rollout without a pause, at random moments. */
export async function runRolloutKills(folder: string, kills: number): Promise<RolloutKillFigures> {
  const random = seededRandom(11);
  const state = join(folder, "state");
  const path = join(state, "rollout.json");
  let unreadable = 0;
  let torn = 0;
  let mostLost = 0;
  let changes = 0;
  for (let kill = 0; kill < kills; kill++) {
    const log = join(folder, `worker-${kill}.txt`);
    const child = new Deno.Command(Deno.execPath(), {
      args: ["run", "-q", "--no-prompt", "--allow-read", "--allow-env", `--allow-write=${folder}`, WORKER, state, log],
      stdout: "piped",
    }).spawn();
    const reader = child.stdout.getReader();
    await reader.read();
    await systemClock.sleep(random() * 60);
    child.kill("SIGKILL");
    await child.status;
    await reader.cancel();
    const confirmed = (await readLog(log)).at(-1);
    const text = await readState(path);
    if (text === null) unreadable++;
    // It may be killed before it has changed anything.
    if (text === null || confirmed === undefined) continue;
    // What it confirmed last, and what it was about to do: "id revision downloads" before and after.
    const [id, revision, downloads] = confirmed.split(/[ ;]/).map(Number) as [number, number, number];
    changes += id;
    const { arms } = text;
    const counted = arms.canary.ok + arms.baseline.ok;
    const isSame = text.revision === revision && counted === downloads;
    const isNext = text.revision === revision ? counted === downloads + 1 : text.revision === revision + 1;
    if (text.revision === revision) mostLost = Math.max(mostLost, downloads - counted);
    if (!isSame && !isNext) torn++;
  }
  const store = new RolloutStore(state, { command: "test" });
  const last = await store.change((one) => one);
  const lines = (await Deno.readTextFile(join(state, "rollout.jsonl"))).trim().split("\n");
  const ids = lines.map((line) => (JSON.parse(line) as RolloutEvent).id);
  const isUnbroken = ids.every((id, index) => index === 0 || id === ids[index - 1]! + 1);
  return {
    kills,
    unreadable,
    torn,
    mostLost,
    transitions: last.revision,
    lines: isUnbroken ? lines.length : -1,
    changes,
  };
}

/** Read the complete lines of a worker's log; none if it was killed before it wrote one. */
async function readLog(path: string): Promise<readonly string[]> {
  const text = await Deno.readTextFile(path).catch(() => "");
  return text.split("\n").filter((line) => line.endsWith(";"));
}

/** What is read of a state file. */
interface StateText {
  readonly revision: number;
  readonly arms: { readonly canary: { readonly ok: number }; readonly baseline: { readonly ok: number } };
}

/** Without a file nothing has been changed, as {@linkcode RolloutStore.read} reads it too. */
const UNCHANGED: StateText = { revision: 0, arms: { canary: { ok: 0 }, baseline: { ok: 0 } } };

async function readState(path: string): Promise<StateText | null> {
  try {
    return JSON.parse(await Deno.readTextFile(path));
  } catch (error) {
    // The caller counts a file that cannot be parsed. One that is gone is torn, if a change was confirmed.
    return error instanceof Deno.errors.NotFound ? UNCHANGED : null;
  }
}
