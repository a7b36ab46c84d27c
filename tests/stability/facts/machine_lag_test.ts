import { assert, assertEquals } from "@std/assert";
import { MachineLag, sumLags } from "../../../lib/stability/facts/machine_lag.ts";

Deno.test("sumLags() sums the lags of the seconds from start to end", () => {
  const seconds = [[100, 400], [101, 90], [103, 7]] as const;
  assertEquals(sumLags(seconds, 100_900, 101_100), 540);
  assertEquals(sumLags(seconds, 101_000, 103_000), 147);
  assertEquals(sumLags(seconds, 104_000, 105_000), 50);
});

Deno.test("MachineLag adds the lags of a second, and ignores what is normal", () => {
  using lag = new MachineLag();
  for (const [atMs, ms] of [[7000, 4], [7100, 30], [7900, 20.4], [8000, 5]] as const) lag.record(atMs, ms);
  assertEquals(lag.seconds.slice(0, 2), [[7, 50], [8, 5]]);
});

Deno.test("MachineLag notices that its process could not run", () => {
  using lag = new MachineLag();
  const from = performance.now();
  while (performance.now() < from + 150);
  const fromMs = performance.timeOrigin + from;
  assert(sumLags(lag.seconds, fromMs, fromMs + 150) >= 140);
});
