import { assertEquals, assertGreater } from "@std/assert";
import { runToxics } from "./scenarios/toxics.ts";
import { allToxics } from "./scenarios/all_toxics.ts";

Deno.test("download ends with the right outcome under every toxic", async () => {
  // Without stalls: the engine tolerates a silent body for a minute, and this test has a quarter of one.
  const toxics = allToxics(0.1).filter((rule) => !["stall", "silence", "trickle"].includes(rule.type));
  const figures = await runToxics({ libraries: 8, filesPerLibrary: 3, toxics, seed: 3, hangMs: 30_000 });
  assertEquals(figures.unexpected, []);
  assertEquals(figures.wrongImages, []);
  assertEquals(figures.unexpectedAfterSecondRun, []);
  assertEquals({ hangs: figures.hangs, violations: figures.violations, crashes: figures.crashes }, {
    hangs: 0,
    violations: 0,
    crashes: 0,
  });
  assertGreater(figures.right, 10);
  assertGreater(Object.keys(figures.hits).length, 8);
});
