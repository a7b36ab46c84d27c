import { assert, assertEquals } from "@std/assert";
import { parseToxic } from "../../lib/sandbox/mod.ts";
import { runSoak, type SoakReport } from "../../lib/soak/mod.ts";
import { StabilityLane } from "../../scripts/_stability_lane.ts";
import { doStabilityJob } from "../../scripts/_stability_work.ts";
import { inTempDir } from "../library/_temp_dir.ts";

/** One download from a storage that takes every request and never answers. */
async function soakSilence(folder: string, silentMs: number): Promise<SoakReport> {
  await using lane = await StabilityLane.open({
    ...{ lane: 0, folder, seed: 1, silentMs, toxics: () => [parseToxic("stall:0,on=storage")], hand: doStabilityJob },
  });
  return await runSoak({
    ...{ plannedMs: 5000, intervalMs: 5000, perSecond: 0.1, kinds: ["download:parallel"], injectRate: 1 },
    ...{ deadlockMs: 3000, drainMs: 100, claims: ["deadlocks"], work: (job, context) => lane.work(job, context) },
  });
}

Deno.test("S8: an engine without time limits, before a server that never answers, is one deadlock with its job's id", () =>
  inTempDir(async (folder) => {
    const report = await soakSilence(folder, 600_000);
    assertEquals([report.deadlockCount, report.verdict], [1, "fail"]);
    assertEquals(report.deadlocks[0]!.id, "0-download:parallel");
    assert(report.deadlocks[0]!.jobs[0]!.state !== "begun", JSON.stringify(report.deadlocks));
  }));

Deno.test("S8: the same engine with its time limits is none", () =>
  inTempDir(async (folder) => {
    const report = await soakSilence(folder, 400);
    assertEquals(report.deadlockCount, 0, JSON.stringify(report.deadlocks));
  }));
