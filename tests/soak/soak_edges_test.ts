import { assert, assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import { runSoak, type SoakResult } from "../../lib/soak/mod.ts";
import type { SoakOptions } from "../../lib/soak/soak_options.ts";
import { soak } from "./_soak.ts";

const MINUTE = { plannedMs: 60_000, intervalMs: 60_000 };

Deno.test("runSoak() reuses a lane only after its job has ended, even after giving it up", async () => {
  const there = new Map<number, string>();
  const overlaps: string[] = [];
  const report = await soak({
    ...MINUTE,
    deadlockMs: 4000,
    async work(job, { signal, clock }) {
      if (there.has(job.lane)) overlaps.push(`${job.id} met ${there.get(job.lane)}`);
      there.set(job.lane, job.id);
      // It notices late that it was stopped.
      if (job.index === 1) await new Promise<void>((wake) => signal.addEventListener("abort", () => wake()));
      if (job.index === 1) await clock.sleep(3000);
      there.delete(job.lane);
    },
  });
  assertEquals([report.deadlockCount, overlaps], [1, []]);
  assertEquals([report.totals.ok, report.totals.failed], [59, 1]);
});

Deno.test("runSoak() reports that all lanes are blocked by jobs that never end", async () => {
  const report = await soak({
    ...MINUTE,
    deadlockMs: 5000,
    work: (job) => job.index === 10 ? new Promise(() => {}) : Promise.resolve(),
  });
  assertEquals([report.totals.ok, report.deadlockCount, report.schedule.waiting], [10, 1, 49]);
  assertEquals(report.verdict, "fail");
});

const BAD: readonly (readonly [result: unknown, said: string])[] = [
  [{ attempts: 1, failures: 5 }, "failures is 5 of 1 attempts"],
  [{ timeouts: 2 }, "timeouts is 2 of 1 attempts"],
  [{ attempts: 3, concurrencyErrors: 4 }, "concurrencyErrors is 4 of 3 attempts"],
  [{ attempts: NaN }, "attempts is NaN"],
  [{ attempts: -1 }, "attempts is -1"],
  [{ bytes: 0.5 }, "bytes is 0.5"],
  [{ retries: "2" }, "retries is 2"],
  [{ errors: { gone: Infinity } }, "errors.gone is Infinity"],
  [{ messages: "gone" }, "messages is not an array"],
  [{ exchanges: { clientRequests: -3, problems: [] } }, "exchanges.clientRequests is -3"],
  [{ exchanges: {} }, "exchanges.problems is not an array"],
  ["done", "it is not an object"],
];

for (const [result, said] of BAD) {
  Deno.test(`runSoak() counts a job with an impossible result as failed: ${said}`, async () => {
    const report = await soak({
      ...MINUTE,
      work: (job) => Promise.resolve(job.index === 7 ? result as SoakResult : {}),
    });
    assertEquals([report.totals.ok, report.totals.failed, report.totals.failures], [59, 1, 1]);
    assertEquals(report.errorsByClass, { BadResult: 1 });
    assertStringIncludes(
      report.failures.map(({ text }) => text).join(),
      `7-work: Cannot count the result of this job: ${said}`,
    );
    const [success] = report.claims.filter((claim) => claim.id === "success_rate");
    assertEquals([success!.events, success!.trials], [59, 60]);
  });
}

Deno.test("runSoak() keeps the wrong files of a result that it cannot count", async () => {
  const result = { attempts: 1, failures: 2, files: 9, mismatches: 3 };
  const { totals } = await soak({ ...MINUTE, perSecond: 0.01, work: () => Promise.resolve(result) });
  assertEquals([totals.files, totals.mismatches, totals.failures], [9, 3, 1]);
});

const SENSELESS: readonly Partial<SoakOptions>[] = [
  ...[{ lanes: 1.5 }, { lanes: NaN }, { deadlockMs: -1 }, { deadlockMs: 0 }, { deadlockMs: NaN }],
  ...[{ injectRate: 5 }, { injectRate: -0.1 }, { injectRate: NaN }, { seed: NaN }, { seed: 0.5 }],
  ...[{ drainMs: -1 }, { drainMs: Infinity }, { delayAbortMs: NaN }, { delayAbortMs: -1 }, { probeMs: 0 }],
];

for (const bad of SENSELESS) {
  const [[name, value]] = Object.entries(bad) as [[string, unknown]];
  Deno.test(`runSoak() refuses ${name} ${value} and starts nothing`, async () => {
    let begun = 0;
    const options = { plannedMs: 50, intervalMs: 50, ...bad, work: () => Promise.resolve(void begun++) };
    const error = await assertRejects(
      () => runSoak(options),
      RangeError,
      `Cannot run the soak test: ${name} is ${value}, `,
    );
    assert(error.message.includes("must be"), error.message);
    assertEquals(begun, 0);
  });
}

Deno.test("runSoak() accepts boundary values", async () => {
  for (const edge of [{ injectRate: 0 }, { injectRate: 1 }, { drainMs: 0 }, { delayAbortMs: 0 }, { seed: -3 }]) {
    assertEquals((await soak({ ...MINUTE, ...edge, work: () => Promise.resolve() })).totals.ok, 60);
  }
});
