import { assert, assertEquals } from "@std/assert";
import { MachineLag } from "../../../lib/stability/facts/machine_lag.ts";

Deno.test("MachineLag sums all lags since a time, and ignores what is normal", () => {
  using lag = new MachineLag();
  const from = performance.now() + 1e9;
  lag.record(from, 4);
  assertEquals(lag.sumSince(from), 50);
  lag.record(from + 10, 400);
  lag.record(from + 20, 90);
  assertEquals([from, from + 11, from + 21].map((ms) => lag.sumSince(ms)), [540, 140, 50]);
});

Deno.test("MachineLag notices that its process could not run", async () => {
  using lag = new MachineLag();
  const from = performance.now();
  while (performance.now() < from + 150);
  await new Promise((wake) => setTimeout(wake, 10));
  assert(lag.sumSince(from) >= 140);
});
