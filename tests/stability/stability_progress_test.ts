import { assertEquals } from "@std/assert";
import { noCounts } from "../../lib/soak/facts/soak_totals.ts";
import { describeProgress, type StabilityProgress } from "../../lib/stability/mod.ts";

const MINUTE = 60_000;

function line(changes: Partial<StabilityProgress>): string {
  const totals = { ...noCounts(), ops: 2510, failed: 1, silences: 61 };
  const base = { plannedMs: 240 * MINUTE, intervalMs: 15 * MINUTE, active: 4, isEnding: false, totals };
  return describeProgress({ ...base, coveredMs: 42 * MINUTE, ...changes });
}

Deno.test("describeProgress() tells the round, the time so far and what is left", () => {
  assertEquals(line({}), "round 3 of 16, 42m of 4h (17 %): 2510 jobs, 1 failed, 61 silences; 3h 18m left");
  assertEquals(
    line({ coveredMs: 1200, totals: { ...noCounts(), missing: 2 } }),
    "round 1 of 16, 1s of 4h (0 %): 0 jobs, 0 failed, 2 items missing; 3h 59m left",
  );
});

Deno.test("describeProgress() tells that the last jobs are ending", () => {
  const end = { coveredMs: 241 * MINUTE, isEnding: true, totals: noCounts() };
  assertEquals(
    line({ ...end, active: 1 }),
    "round 16 of 16, 4h of 4h (100 %): 0 jobs, 0 failed; the last job is ending",
  );
  assertEquals(line({ ...end, active: 0 }).endsWith("0 failed; ending"), true);
  assertEquals(line({ ...end, active: 3 }).endsWith("; the last 3 jobs are ending"), true);
});
