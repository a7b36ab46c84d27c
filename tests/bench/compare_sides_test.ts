import { assertEquals, assertThrows } from "@std/assert";
import {
  compareSides,
  joinSamples,
  metricOf,
  runInterleaved,
  type Sample,
  type SideRuns,
} from "../../lib/bench/mod.ts";
import { assertNear } from "../helpers/assert_near.ts";

function runsOf(name: string, seconds: readonly number[], more: Partial<Sample> = {}): SideRuns {
  const samples = seconds.map((value, index) => ({
    seconds: value,
    cpuSeconds: value / 2,
    peakRssBytes: null,
    bytes: 2 ** 30,
    round: index + 1,
    startedMs: 0,
    ...more,
  }));
  return { name, samples, warmup: [], problem: null };
}

Deno.test("compareSides() pairs the runs of each round", () => {
  const runs = [runsOf("ours", [0.5, 5, 1, 3, 2]), runsOf("curl", [1, 10, 2, 6, 4])];
  const comparison = compareSides(runs, { of: "ours", to: "curl" })!;
  assertNear(comparison.ratio.value, 0.5);
  assertNear(comparison.ratio.low, 0.5);
  assertNear(comparison.ratio.high, 0.5);
  assertEquals(comparison.ratio.n, 5);
});

Deno.test("compareSides() uses only rounds of both sides", () => {
  const runs = [runsOf("ours", [1, 1, 1]), runsOf("gave up", [2])];
  assertEquals(compareSides(runs, { of: "ours", to: "gave up" })!.ratio.n, 1);
  assertEquals(compareSides(runs, { of: "ours", to: "gave up", metric: "peakRssBytes" }), null);
  assertThrows(() => compareSides(runs, { of: "ours", to: "axel" }), RangeError);
});

Deno.test("compareSides() compares any metric", () => {
  const figures = (requests: number) => ({ figures: { requests } });
  const runs = [runsOf("ours", [1, 2], figures(4)), runsOf("other", [1, 8], figures(2))];
  assertNear(compareSides(runs, { of: "ours", to: "other", metric: "requests" })!.ratio.value, 2);
  assertNear(compareSides(runs, { of: "ours", to: "other", metric: "cpuSecondsPerGib" })!.ratio.value, 0.5);
});

Deno.test("metricOf() returns null for a missing value", () => {
  const sample: Sample = { seconds: 4, cpuSeconds: 3, peakRssBytes: 7, bytes: 2 ** 31 };
  assertEquals(metricOf(sample, "cpuSecondsPerGib"), 1.5);
  assertEquals(metricOf({ ...sample, bytes: null }, "cpuSecondsPerGib"), null);
  assertEquals(metricOf({ ...sample, cpuSeconds: null }, "cpuSecondsPerGib"), null);
  assertEquals(metricOf(sample, "peakRssBytes"), 7);
  assertEquals(metricOf(sample, "connections"), null);
});

Deno.test("joinSamples() adds times and takes the larger memory", () => {
  const curl: Sample = { seconds: 2, cpuSeconds: 1.5, peakRssBytes: 12, bytes: null };
  const sum: Sample = { seconds: 1, cpuSeconds: 0.5, peakRssBytes: 8, bytes: null };
  assertEquals(joinSamples([curl, sum], 99), { seconds: 3, cpuSeconds: 2, peakRssBytes: 12, bytes: 99 });
  const unknown = joinSamples([curl, { ...sum, cpuSeconds: null, peakRssBytes: null }], null);
  assertEquals([unknown.cpuSeconds, unknown.peakRssBytes], [null, null]);
});

Deno.test("compareSides() finds a difference despite noise that affects whole rounds", async () => {
  const slowdowns = [1, 3, 1, 2, 5, 1, 2];
  const sideOf = (name: string, seconds: number) => ({
    name,
    run: ({ round }: { readonly round: number }) =>
      Promise.resolve({ seconds: seconds * slowdowns[round]!, cpuSeconds: null, peakRssBytes: null, bytes: null }),
  });
  const runs = await runInterleaved({ sides: [sideOf("ours", 0.9), sideOf("peer", 1)], runs: 6 });
  const { ratio } = compareSides(runs, { of: "ours", to: "peer" })!;
  assertEquals([ratio.high < 0.95, ratio.confidence > 0.95], [true, true]);
});
