import { assertEquals } from "@std/assert";
import { runLeakFixture } from "../leak_fixture.ts";

const LOOKS = 70;

Deno.test("S1: a process that keeps a few hundred bytes a job is found, and one that drops them is not", async () => {
  const [leaky, clean] = await Promise.all([
    runLeakFixture({ how: "keep", amount: 100, looks: LOOKS }),
    runLeakFixture({ how: "drop", amount: 100, looks: LOOKS }),
  ]);
  assertEquals(leaky.verdicts.leak_heap, "fail", JSON.stringify(leaky.report.leak));
  assertEquals(clean.verdicts.leak_heap, "pass", JSON.stringify(clean.report.leak));
});

Deno.test("S2: a process that keeps buffers or files is found by what it keeps, although its heap is flat", {
  ignore: Deno.build.os !== "linux",
}, async () => {
  const [buffers, files] = await Promise.all([
    runLeakFixture({ how: "buffers", amount: 100_000, looks: LOOKS }),
    runLeakFixture({ how: "open", amount: 1, looks: LOOKS }),
  ]);
  assertEquals(buffers.verdicts.leak_external, "fail", JSON.stringify(buffers.report.leak.external));
  assertEquals(buffers.verdicts.leak_handles, "pass");
  assertEquals(files.verdicts.leak_handles, "fail");
  assertEquals(files.verdicts.leak_external, "pass", JSON.stringify(files.report.leak.external));
});
