import { assert, assertEquals } from "@std/assert";
import type { SoakEvent } from "../../../lib/soak/mod.ts";
import { soak } from "../_soak.ts";

Deno.test("runSoak() keeps what was observed during a lost job, and counts the job in its group", async () => {
  const events: SoakEvent[] = [];
  const report = await soak({
    plannedMs: 20_000,
    intervalMs: 10_000,
    perSecond: 0.2,
    kinds: ["good", "lost"],
    groupOf: ({ kind }) => kind,
    claims: ["success_rate", "late_cut_rate"],
    onEvent: (event) => events.push(event),
    work({ kind }, { observe }) {
      observe({ silences: 2, slowLines: 1 });
      if (kind === "good") return Promise.resolve({ faults: 1 });
      observe({ silences: 1, lateCuts: 1, messages: [{ kind: "late_cut", text: "silent for too long" }] });
      return Promise.reject(Object.assign(new Error("lost"), { failure: "stall" }));
    },
  });
  const { silences, lateCuts, slowLines } = report.totals;
  assertEquals([silences, lateCuts, slowLines], [10, 2, 4]);
  assertEquals(report.rows.map((row) => row.silences), [5, 5]);
  assertEquals(report.failures[0], { jobIndex: 1, kind: "late_cut", text: "1-lost: silent for too long" });
  const { good, lost } = report.groups;
  assertEquals([good!.attempts, good!.failures, good!.recovered], [2, 0, 2]);
  assertEquals([lost!.attempts, lost!.failures, lost!.timeouts], [2, 2, 2]);
  assertEquals(report.claims.map(({ id }) => id), [
    ...["success_rate", "success_rate:good", "success_rate:lost", "late_cut_rate"] as const,
  ]);
  const progress = events.filter((event) => event.type === "progress");
  assert(progress.length >= 15 && progress.length <= 25, `${progress.length}`);
  assertEquals(progress.at(-1)!.totals.ops, 4);
});
