import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import type { SoakRow } from "../../../lib/soak/mod.ts";
import { soak } from "../_soak.ts";

Deno.test("runSoak() continues after five seconds if a dump hangs, writes its intervals and reports it", async () => {
  const rows: SoakRow[] = [];
  let workedMs = 0;
  const report = await soak({
    plannedMs: 60_000,
    intervalMs: 20_000,
    perSecond: 0.2,
    lanes: 3,
    deadlockMs: 8000,
    drainMs: 1000,
    work: (job, { clock }) => {
      workedMs = clock.monotonic();
      return job.index < 2 ? new Promise<never>(() => {}) : Promise.resolve();
    },
    dump: () => new Promise<never>(() => {}),
    onInterval: (row) => void rows.push(row),
  });
  assertEquals([rows.length, report.deadlockCount, report.end.type], [3, 2, "planned"]);
  assertEquals(report.deadlocks.map(({ dump }) => dump), Array(2).fill("no dump: it did not answer within 5s"));
  assert(workedMs > 50_000);
});

Deno.test("runSoak() writes its report if a dump throws", async () => {
  const report = await soak({
    plannedMs: 20_000,
    intervalMs: 20_000,
    perSecond: 0.1,
    lanes: 2,
    deadlockMs: 5000,
    work: (job) => job.index === 0 ? new Promise<never>(() => {}) : Promise.resolve(),
    dump: () => {
      throw new Error("gone");
    },
  });
  assertStringIncludes(report.deadlocks[0]!.dump!, "gone");
});

Deno.test("runSoak() ends with a report if a probe hangs", async () => {
  const report = await soak({
    plannedMs: 5000,
    intervalMs: 5000,
    drainMs: 1000,
    work: () => Promise.resolve(),
    probe: () => new Promise<never>(() => {}),
  });
  assertEquals([report.end.type, report.totals.ok], ["planned", 5]);
});

Deno.test("runSoak() counts and judges the same if an observer throws", async () => {
  for (const isThrowing of [false, true]) {
    const report = await soak({
      plannedMs: 60_000,
      intervalMs: 10_000,
      abortOn: ["integrity"],
      work: (job) => Promise.resolve({ files: 1, mismatches: job.index === 9 ? 1 : 0 }),
      onEvent: () => {
        if (isThrowing) throw new Error("a listener's own mistake");
      },
    });
    assertEquals([report.totals.ops, report.end], [10, { type: "claim", claim: "integrity" }]);
  }
});
