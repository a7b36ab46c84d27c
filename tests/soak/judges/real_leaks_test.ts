import { assertEquals, assertNotEquals } from "@std/assert";
import { runLeakFixture } from "../leak_fixture.ts";

const LOOKS = 70;

Deno.test("judgeLeak() finds a process that keeps a few hundred bytes per job, and accuses none that drops them", async () => {
  const [leaky, clean] = await Promise.all([
    runLeakFixture({ how: "keep", amount: 100, looks: LOOKS }),
    runLeakFixture({ how: "drop", amount: 100, looks: LOOKS }),
  ]);
  assertEquals(leaky.verdicts.leak_heap, "fail", JSON.stringify(leaky.report.claims));
  // Seconds do not prove what a day brings.
  assertNotEquals(clean.verdicts.leak_heap, "fail", JSON.stringify(clean.report.claims));
});

Deno.test("judgeLeak() and judgeHandles() find kept buffers and files despite a flat heap", {
  ignore: Deno.build.os !== "linux",
}, async () => {
  const [buffers, files] = await Promise.all([
    runLeakFixture({ how: "buffers", amount: 100_000, looks: LOOKS }),
    runLeakFixture({ how: "open", amount: 1, looks: LOOKS }),
  ]);
  assertEquals(buffers.verdicts.leak_external, "fail", JSON.stringify(buffers.report.claims));
  assertNotEquals(buffers.verdicts.leak_handles, "fail");
  assertEquals(files.verdicts.leak_handles, "fail");
  assertNotEquals(files.verdicts.leak_external, "fail", JSON.stringify(files.report.claims));
});
