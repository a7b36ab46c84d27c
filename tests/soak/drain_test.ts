import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import type { SoakContext, SoakJob } from "../../lib/soak/mod.ts";
import { soak, type SoakTest } from "./_soak.ts";

const claimOf = (report: Awaited<ReturnType<typeof soak>>, id: string) => {
  return report.claims.find((claim) => claim.id === id)!;
};

/** A minute with a job each ten seconds; the last one hangs and ignores its signal. */
const LAST_HANGS = {
  plannedMs: 60_000,
  intervalMs: 60_000,
  perSecond: 0.1,
  lanes: 2,
  deadlockMs: 20_000,
  claims: ["deadlocks", "duration"] as const,
  work(job: SoakJob, { beat }: Pick<SoakContext, "beat">) {
    beat("waiting for headers");
    return job.index === 5 ? new Promise<never>(() => {}) : Promise.resolve({});
  },
};

Deno.test("runSoak() detects a job that stalls during the drain and dumps its state", async () => {
  const report = await soak({ ...LAST_HANGS, drainMs: 30_000, dump: () => Promise.resolve("all lanes wait") });
  assertEquals([report.verdict, report.deadlockCount, report.totals.unfinished], ["fail", 1, 0]);
  const [deadlock] = report.deadlocks;
  assertEquals([deadlock!.id, deadlock!.dump, deadlock!.jobs[0]!.state], [
    ...["5-work", "all lanes wait", "waiting for headers"],
  ]);
  assert(deadlock!.silentMs >= 20_000 && deadlock!.silentMs <= 21_000, `${deadlock!.silentMs}`);
  assertEquals([report.errorsByClass, report.actualMs], [{ Deadlock: 1 }, 60_000]);
  assertEquals(deadlock!.drainMs, undefined);
});

Deno.test("runSoak() does not pass if an old job is unfinished after the drain, even if it was active", async () => {
  // The job that is due after ten seconds hangs until the end.
  const work: SoakTest["work"] = (job, { beat }) => {
    beat("waiting for headers");
    return job.index === 1 ? new Promise<never>(() => {}) : Promise.resolve({});
  };
  const report = await soak({ ...LAST_HANGS, work, deadlockMs: 55_000, drainMs: 4000 });
  assertEquals([report.verdict, report.deadlockCount], ["pass", 0], "It began in the last 55 s");
  const late = await soak({ ...LAST_HANGS, work, deadlockMs: 50_000, drainMs: 9000 });
  assertEquals([late.verdict, late.deadlockCount, claimOf(late, "deadlocks").verdict], ["fail", 1, "fail"]);
  const slow = await soak({
    ...LAST_HANGS,
    drainMs: 5000,
    async work(job, { beat, clock, signal }) {
      while (job.index === 1 && !signal.aborted) await clock.sleep(1000).then(() => beat("another byte"));
    },
  });
  const text = "1-work: Not done 5000 ms after the end of the run";
  assertEquals([slow.verdict, slow.failures], ["fail", [{ jobIndex: 1, kind: "other", text }]]);
  assertEquals(slow.deadlocks[0]!.jobIndex, 1);
  assertEquals([slow.totals.ops, slow.totals.failed, slow.rows.at(-1)!.failed], [6, 1, 1]);
  // It made progress a moment ago, so it was not stalled.
  assertEquals(slow.deadlocks[0]!.drainMs, 5000);
  assert(slow.deadlocks[0]!.silentMs <= 1000);
});

Deno.test("runSoak() counts a job that began in the last minute as unfinished, not as a deadlock", async () => {
  const report = await soak({ ...LAST_HANGS, drainMs: 5000 });
  assertEquals([report.verdict, report.deadlockCount, report.totals.unfinished], ["pass", 0, 1]);
  assertEquals([report.totals.ops, report.end.type], [5, "planned"]);
  assertStringIncludes(claimOf(report, "deadlocks").note ?? "", "1 job was unfinished when the run ended");
});

Deno.test("runSoak() stops at once during the drain and reports unfinished jobs", async () => {
  const stop = new AbortController();
  let endsMs = 0;
  const report = await soak(
    { ...LAST_HANGS, deadlockMs: 600_000, drainMs: 300_000, signal: stop.signal },
    async (clock) => {
      await clock.run(64_000);
      stop.abort(new Error("Stopped before completion: received SIGINT"));
      await clock.run();
      endsMs = clock.monotonic();
    },
  );
  assert(endsMs <= 67_000, `${endsMs}`);
  assertEquals([report.verdict, report.deadlockCount, report.totals.unfinished], ["aborted", 0, 1]);
  assertEquals(report.end, {
    type: "signal",
    reason: "Stopped before completion: received SIGINT, while waiting for the last jobs to end",
  });
  assertStringIncludes(
    claimOf(report, "deadlocks").note ?? "",
    "1 job was unfinished when the run ended, was stopped or killed",
  );
});

Deno.test("runSoak() also ends during the drain if a fail-fast claim fails", async () => {
  const report = await soak({
    ...LAST_HANGS,
    perSecond: 0.03,
    lanes: 2,
    deadlockMs: 600_000,
    drainMs: 300_000,
    abortOn: ["integrity"],
    async work(job, { clock }) {
      await clock.sleep(job.index === 0 ? 70_000 : 200_000);
      return { files: 1, mismatches: 1 - job.index };
    },
  });
  assertEquals([report.end, report.totals.unfinished], [{ type: "claim", claim: "integrity" }, 1]);
});

Deno.test("runSoak() divides the bytes of the last interval by its real duration", async () => {
  const report = await soak({
    plannedMs: 3000,
    intervalMs: 1000,
    perSecond: 0.1,
    work: (_job, { clock }) => clock.sleep(8000).then(() => ({ bytes: 6e6 })),
  });
  assertEquals(report.rows.map((row) => [row.startMs, row.lengthMs, row.drainMs, row.bytes]), [
    ...[[0, 1000, 0, 0], [1000, 1000, 0, 0], [2000, 1000, 5000, 6e6]],
  ]);
  assertEquals(report.rows.at(-1)!.megabytesPerSecond, 1);
});
