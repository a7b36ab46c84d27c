import { assertEquals } from "@std/assert";
import { judgeRate, type SoakClaim } from "../../../lib/soak/mod.ts";
import { longerRunOf } from "../../../lib/stability/report/longer_run.ts";

function rate(events: number, trials: number): SoakClaim {
  return judgeRate({ id: "timeout_rate", events, trials, requirement: { op: "<", value: 0.01 } });
}

Deno.test("longerRunOf() says how much longer a run must be to decide about a rate that is open", () => {
  // 299 trials without an event would pass; 1.1 to the power of 5 is 1.61.
  const longer = longerRunOf(rate(0, 200))!;
  assertEquals([longer.times!.toFixed(2), longer.verdict], ["1.61", "pass"]);
  assertEquals(longerRunOf(rate(100, 10_000)), { times: null, verdict: "fail" });
});

Deno.test("longerRunOf() is null for a claim that is decided or has no samples", () => {
  assertEquals(longerRunOf(rate(0, 1000)), null);
  assertEquals(longerRunOf(rate(0, 0)), null);
});
