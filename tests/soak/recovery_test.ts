import { assertEquals } from "@std/assert";
import { soak } from "./_soak.ts";

/** Ten minutes, a job a second; the schedule decides which faults hit it. */
const MANY = {
  plannedMs: 600_000,
  intervalMs: 600_000,
  injectRate: 0.5,
  lanes: 2,
  claims: ["recovery_rate", "success_rate"] as const,
};

Deno.test("runSoak() counts the faults of a job that threw as not recovered", async () => {
  let lost = 0;
  let others = 0;
  const report = await soak({
    ...MANY,
    work(job) {
      if (job.index % 2 === 0) return Promise.resolve({ faults: job.isInjected ? 2 : 0 });
      if (job.isInjected) lost++;
      else others++;
      return Promise.reject(new Error("The process ended with SIGKILL"));
    },
  });
  const { recovered, unrecovered, faults, failed } = report.totals;
  assertEquals([unrecovered, failed, faults], [lost, lost + others, 2 * recovered]);
  const claim = report.claims.find(({ id }) => id === "recovery_rate")!;
  assertEquals([claim.events, claim.trials, claim.verdict], [recovered, recovered + lost, "fail"]);
  assertEquals(report.rows[0]!.unrecovered, lost);
});

Deno.test("runSoak() counts an injected job that stalled as not recovered, but not one that was stopped", async () => {
  const report = await soak({
    ...MANY,
    plannedMs: 60_000,
    injectRate: 1,
    perSecond: 0.1,
    deadlockMs: 5000,
    drainMs: 10_000,
    work: (job) => job.index === 2 ? new Promise(() => {}) : Promise.resolve({ faults: 1 }),
  });
  assertEquals([report.totals.recovered, report.totals.unrecovered], [5, 1]);
  const stop = new AbortController();
  const stopped = await soak(
    { ...MANY, injectRate: 1, signal: stop.signal, work: () => new Promise(() => {}) },
    async (clock) => {
      await clock.run(3000);
      stop.abort(new Error("SIGINT"));
    },
  );
  assertEquals([stopped.totals.unrecovered, stopped.totals.unfinished], [0, 2]);
});

Deno.test("runSoak() trusts a job that reports no fault", async () => {
  const report = await soak({ ...MANY, injectRate: 1, work: () => Promise.resolve({ faults: 0, failures: 1 }) });
  assertEquals([report.totals.failed, report.totals.unrecovered, report.totals.recovered], [600, 0, 0]);
});

Deno.test("runSoak() counts a job without a report as hit by its injected faults, however it ended", async () => {
  const report = await soak({
    ...MANY,
    plannedMs: 300_000,
    injectRate: 1,
    work: (job) => Promise.resolve({ failures: job.index % 100 === 50 ? 1 : 0 }),
  });
  assertEquals([report.totals.recovered, report.totals.unrecovered, report.totals.faults], [297, 3, 0]);
  const claim = report.claims.find(({ id }) => id === "recovery_rate")!;
  assertEquals([claim.events, claim.trials, claim.verdict], [297, 300, "pass"]);
  // Without an injected fault there is nothing to recover from.
  const calm = await soak({ ...MANY, injectRate: 0, work: () => Promise.resolve({}) });
  assertEquals([calm.totals.recovered, calm.totals.unrecovered], [0, 0]);
});
