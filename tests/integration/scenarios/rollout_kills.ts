import { dirname, join } from "node:path";
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
    const confirmed = await killWorker(state, { afterChanges: Math.floor(random() * 12), afterMs: random() * 5 });
    const text = await readState(path);
    changes += confirmed.id;
    if (text === null) {
      unreadable++;
      continue;
    }
    const { revision, downloads } = confirmed;
    const counted = text.arms.canary.ok + text.arms.baseline.ok;
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

/** What a worker printed last: the state after a change, and how many changes it had made. */
interface ConfirmedChange {
  readonly id: number;
  readonly revision: number;
  /** Downloads that the state counts. */
  readonly downloads: number;
}

/** Kill a worker some time after it has confirmed a number of changes, and return the last that it confirmed. */
async function killWorker(
  state: string,
  { afterChanges, afterMs }: { readonly afterChanges: number; readonly afterMs: number },
): Promise<ConfirmedChange> {
  const child = new Deno.Command(Deno.execPath(), {
    args: ["run", "-q", "--no-prompt", "--allow-read", "--allow-env", `--allow-write=${dirname(state)}`, WORKER, state],
    stdout: "piped",
  }).spawn();
  let text = "";
  let kill: Promise<void> | undefined;
  for await (const chunk of child.stdout.pipeThrough(new TextDecoderStream())) {
    text += chunk;
    if (text.split("\n").length - 1 <= afterChanges) continue;
    kill ??= systemClock.sleep(afterMs).then(() => child.kill("SIGKILL"));
  }
  await kill;
  await child.status;
  // The kill may cut the last line.
  const last = text.slice(0, text.lastIndexOf("\n")).split("\n").at(-1)!;
  const [id, revision, downloads] = last.split(" ").map(Number) as [number, number, number];
  return { id, revision, downloads };
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
