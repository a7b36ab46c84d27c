import { assert, assertEquals } from "@std/assert";
import { join } from "node:path";
import { parseToxic } from "../../lib/sandbox/mod.ts";
import { runSoak, type SoakReport } from "../../lib/soak/mod.ts";
import { StabilityLane } from "../../scripts/_stability/stability_lane.ts";
import { doStabilityJob } from "../../scripts/_stability/stability_work.ts";
import { inTempDir } from "../library/_temp_dir.ts";

const SILENT_MS = 8000;

/** One download from a storage that takes two requests for each file and never answers them. */
async function soakSilence(folder: string, silentMs: number): Promise<SoakReport> {
  await using lane = await StabilityLane.open({
    ...{
      lane: 0,
      folder,
      seed: 1,
      silentMs,
      toxics: () => [parseToxic("stall:0,on=storage,first=2")],
      hand: doStabilityJob,
    },
  });
  return await runSoak({
    ...{ plannedMs: 3 * SILENT_MS, intervalMs: 3 * SILENT_MS, perSecond: 0.01, kinds: ["download:parallel"] },
    ...{ injectRate: 1, deadlockMs: SILENT_MS, drainMs: 100, claims: ["deadlocks"], abortOn: ["deadlocks"] },
    work: (job, context) => lane.work(job, context),
    // Long enough for the one to stand still, and for the other to show that it does not.
    signal: AbortSignal.timeout(1.6 * SILENT_MS + (silentMs > SILENT_MS ? 30_000 : 0)),
  });
}

Deno.test("S8: an engine without time limits, before a server that never answers, is a deadlock; with them it is none", () =>
  inTempDir(async (folder) => {
    const [stuck, patient] = await Promise.all([
      soakSilence(join(folder, "a"), 600_000),
      soakSilence(join(folder, "b"), 400),
    ]);
    assertEquals([stuck.deadlockCount, stuck.end], [1, { type: "claim", claim: "deadlocks" }]);
    assertEquals(stuck.deadlocks[0]!.id, "0-download:parallel");
    assert(stuck.deadlocks[0]!.jobs[0]!.state !== "begun", JSON.stringify(stuck.deadlocks));
    assertEquals(patient.deadlockCount, 0, JSON.stringify(patient.deadlocks));
  }));
