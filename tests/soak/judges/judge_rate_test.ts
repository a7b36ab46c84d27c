import { assertEquals } from "@std/assert";
import { judgeRate } from "../../../lib/soak/mod.ts";
import { assertNear } from "../_assert_near.ts";

const RARE = { id: "timeout_rate", requirement: { op: "<", value: 0.01 } } as const;
const MOSTLY = { id: "recovery_rate", requirement: { op: ">", value: 0.95 } } as const;

Deno.test("judgeRate() requires exactly as many clean downloads as the exact bound", () => {
  for (const [events, enough] of [[0, 299], [1, 473], [2, 628], [3, 773], [5, 1049], [10, 1693]] as const) {
    assertEquals(judgeRate({ ...RARE, events, trials: enough - 1 }).verdict, "inconclusive", `${events}`);
    assertEquals(judgeRate({ ...RARE, events, trials: enough }).verdict, "pass", `${events}`);
  }
  for (const [missed, enough] of [[0, 59], [1, 93], [2, 124], [3, 153]] as const) {
    assertEquals(judgeRate({ ...MOSTLY, events: enough - 1 - missed, trials: enough - 1 }).verdict, "inconclusive");
    assertEquals(judgeRate({ ...MOSTLY, events: enough - missed, trials: enough }).verdict, "pass");
  }
  const scarce = { id: "concurrency_error_rate", requirement: { op: "<", value: 0.001 } } as const;
  assertEquals(judgeRate({ ...scarce, events: 0, trials: 2994 }).verdict, "inconclusive");
  assertEquals(judgeRate({ ...scarce, events: 0, trials: 2995 }).verdict, "pass");
});

Deno.test("judgeRate() fails only proven violations, and never passes without trials", () => {
  assertEquals(judgeRate({ ...RARE, events: 1, trials: 50 }).verdict, "inconclusive");
  assertEquals(judgeRate({ ...RARE, events: 30, trials: 300 }).verdict, "fail");
  assertEquals(judgeRate({ ...MOSTLY, events: 50, trials: 100 }).verdict, "fail");
  const none = judgeRate({ ...RARE, events: 0, trials: 0 });
  assertEquals([none.verdict, none.estimate, none.bound], ["inconclusive", null, null]);
});

Deno.test("judgeRate() returns the bound of the relevant side", () => {
  const { bound, confidence, estimate } = judgeRate({ ...RARE, events: 0, trials: 1873 });
  assertNear(bound!, 0.0016, 1e-4);
  assertEquals([confidence, estimate], [0.95, 0]);
  assertNear(judgeRate({ ...MOSTLY, events: 59, trials: 59 }).bound!, 0.9505, 1e-4);
});
