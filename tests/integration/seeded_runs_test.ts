import { assert, assertEquals } from "@std/assert";
import { runSeededRuns } from "./scenarios/seeded/seeded_runs.ts";

Deno.test("transferFile() fetches 150 files through faults and interruptions, or reports why not", async () => {
  const { problems, runs, ends, outcomes, withSegments } = await runSeededRuns({ runs: 150, from: 3000 });
  assertEquals(problems, []);
  assertEquals(runs, 150);
  // Without these, no fault occurred and the run proves nothing.
  assert((ends.done ?? 0) > 100 && (outcomes.interrupted ?? 0) > 20, JSON.stringify({ ends, outcomes }));
  assert(withSegments > 0);
});
