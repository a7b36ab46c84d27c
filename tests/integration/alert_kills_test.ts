import { assert, assertEquals } from "@std/assert";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { type AlertState, parseAlertState } from "../../lib/alerts/mod.ts";
import { seededRandom, systemClock } from "../../lib/base/mod.ts";
import { inTempDir } from "../helpers/temp_dir.ts";
import { openSharedAlerts } from "./_shared_alerts.ts";

const WORKER = fileURLToPath(new URL("_alert_worker.ts", import.meta.url));
const WORKERS = 4;
const KILLS = 12;

function startWorker(folder: string): Deno.ChildProcess {
  const flags = ["-q", "--no-check", "--no-prompt", "--allow-read", "--allow-env", `--allow-write=${folder}`];
  const args = ["run", ...flags, WORKER, folder];
  return new Deno.Command(Deno.execPath(), { args, stdout: "null", stderr: "null" }).spawn();
}

/** Read strictly: a kill must leave a valid state. */
async function stateOf(folder: string): Promise<AlertState> {
  return parseAlertState(await Deno.readTextFile(join(folder, "alerts.json")));
}

async function waitFor(isThere: () => Promise<boolean>): Promise<void> {
  for (let tries = 0; tries < 1200; tries++) {
    if (await isThere()) return;
    await systemClock.sleep(50);
  }
  throw new Error("Cannot continue: nothing happened for a minute");
}

/** Each round changes the value and kills a process at about that time. */
async function killWorkers(folder: string, setValue: (value: number) => Promise<void>): Promise<ReadonlySet<number>> {
  const random = seededRandom(7);
  const workers = Array.from({ length: WORKERS }, () => startWorker(folder));
  const killed = new Set<number>();
  try {
    await waitFor(() => Deno.stat(join(folder, "alerts.json")).then(() => true, () => false));
    for (let round = 0; round < KILLS; round++) {
      const value = round % 2 === 0 ? 2 : 0;
      await setValue(value);
      await systemClock.sleep(random() * 60);
      const index = Math.floor(random() * WORKERS);
      killed.add(workers[index]!.pid);
      workers[index]!.kill("SIGKILL");
      await workers[index]!.status;
      workers[index] = startWorker(folder);
      const wanted = value === 2 ? "firing" : "resolved";
      await waitFor(async () => Object.values((await stateOf(folder)).alerts)[0]?.state === wanted);
    }
    return killed;
  } finally {
    for (const worker of workers) {
      killed.add(worker.pid);
      worker.kill("SIGKILL");
      await worker.status;
    }
  }
}

Deno.test("killed processes that share alert states lose no end, and repeat only what was in delivery", () =>
  inTempDir(async (folder) => {
    const setValue = async (value: number) => {
      await Deno.writeTextFile(join(folder, "next"), `${value}`);
      await Deno.rename(join(folder, "next"), join(folder, "value"));
    };
    await setValue(0);
    // Until a change there is nothing to write.
    await (await openSharedAlerts(folder)).tick();
    const killed = await killWorkers(folder, setValue);
    await setValue(0);
    // When the lease of a process that died during a delivery expires, another delivers it.
    await (await openSharedAlerts(folder)).tick(Date.now() + 120_000);

    const lines = (await Deno.readTextFile(join(folder, "outbox"))).trim().split("\n").map((line) => line.split(" "));
    const story = lines.map((line) => line.join(" ")).join(", ");
    assertEquals(lines[0]![0], "firing", story);
    assertEquals(lines.at(-1)![0], "resolved", story);
    for (const [index, [status, pid]] of lines.entries()) {
      const [before, teller] = lines[index - 1] ?? [];
      if (status !== before) continue;
      assert(teller !== pid && killed.has(Number(teller)), `told twice: ${story}`);
    }
    const deliveries = Object.values((await stateOf(folder)).groups).flatMap((group) =>
      Object.values(group.deliveries)
    );
    assertEquals(deliveries.filter((one) => one.firing.length > 0 || one.isOwed), []);
    const names = (await Array.fromAsync(Deno.readDir(folder))).map((entry) => entry.name);
    assertEquals(names.filter((name) => name.includes("corrupt")), []);
  }));
