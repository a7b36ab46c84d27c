import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { threadCpuUsage } from "node:process";
import { assertNear } from "../../helpers/assert_near.ts";
import { soak } from "../_soak.ts";

/** Fifty jobs a second for eight seconds, in a lane that completes four per second. */
const OVERLOAD = { plannedMs: 8000, intervalMs: 2000, perSecond: 50, lanes: 1 };

function overload() {
  return soak({ ...OVERLOAD, work: (_job, { clock }) => clock.sleep(250) });
}

Deno.test("runSoak() reports due, started and waiting jobs in rows, claims and notes", async () => {
  const report = await overload();
  const { due, begun, waiting, longestWaitMs } = report.schedule;
  assertEquals([due, begun, waiting], [400, report.totals.ops, 400 - report.totals.ops]);
  assertNear(begun, 32, 1);
  assertNear(longestWaitMs!, 8000 - begun * 20, 0.1);
  assertEquals(report.rows.map((row) => row.due), [100, 200, 300, 400]);
  for (const row of report.rows) assertEquals(row.waiting, row.due - row.begun);
  const words = `${begun} of 400 due jobs were begun; ${waiting} were still waiting, the first one for 7s`;
  assertEquals(report.notes, [words]);
  const duration = report.claims.find((claim) => claim.id === "duration");
  assertStringIncludes(duration?.note ?? "", `${waiting} were still waiting`);
});

Deno.test("runSoak() counts waiting jobs in the latencies of each interval and of the whole run", async () => {
  const report = await overload();
  for (const row of report.rows) {
    const endMs = row.startMs + row.lengthMs;
    // The waits of all due jobs are spread evenly up to nearly the elapsed time.
    assertNear(row.p50Ms!, (endMs - row.begun * 20) / 2, 300 + 0.05 * endMs);
    assert(row.maxMs! >= endMs - 20 * row.begun - 1, JSON.stringify(row));
  }
  const { p50Ms, p99Ms, maxMs } = report.schedule;
  assertNear(p50Ms!, 3700, 500);
  assert(p99Ms! > 6800 && maxMs! >= 7300, `${p99Ms} ${maxMs}`);
  // The state of a later sitting has what was done, and no wait twice.
  assertEquals(report.latencies.buckets.reduce((sum, [, count]) => sum + count, 0), report.totals.ops);
});

Deno.test("runSoak() has no backlog while it keeps up", async () => {
  const report = await soak({ plannedMs: 60_000, intervalMs: 7000, perSecond: 3, work: () => Promise.resolve({}) });
  assertEquals(report.schedule, {
    due: 180,
    begun: 180,
    waiting: 0,
    longestWaitMs: null,
    p50Ms: 0,
    p99Ms: 0,
    maxMs: 0,
  });
  assertEquals([report.notes, report.claims.find((claim) => claim.id === "duration")?.note], [[], undefined]);
  assertEquals(report.rows.map((row) => row.waiting), Array(9).fill(0));
});

Deno.test("runSoak() counts what was due when it is stopped, and notes unfinished jobs", async () => {
  const stop = new AbortController();
  const report = await soak(
    {
      ...OVERLOAD,
      signal: stop.signal,
      work: (job, { clock }) => job.index < 2 ? clock.sleep(250) : new Promise(() => {}),
    },
    async (clock) => {
      await clock.run(3000);
      stop.abort(new Error("SIGINT"));
    },
  );
  assertEquals(report.schedule.due, 150);
  assertEquals(report.notes, [
    "1 job was unfinished when the run ended, was stopped or killed",
    "3 of 150 due jobs were begun; 147 were still waiting, the first one for 3s",
  ]);
});

Deno.test("runSoak() reports a backlog of sixty million jobs as fast as one of sixty", async () => {
  const before = threadCpuUsage();
  const report = await soak({
    plannedMs: 60_000,
    intervalMs: 10_000,
    perSecond: 1e6,
    work: (_job, { clock }) => clock.sleep(25_000),
  });
  assertEquals([report.schedule.due, report.schedule.begun], [6e7, 3]);
  assertNear(report.rows.at(-1)!.p50Ms!, 30_000, 1600);
  assertNear(report.schedule.p99Ms!, 59_400, 3000);
  // Processor time, which does not depend on what else the machine does.
  assert(threadCpuUsage(before).user < 5e6);
});
