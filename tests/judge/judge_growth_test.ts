import { assert, assertEquals } from "@std/assert";
import { seededRandom } from "../../lib/base/mod.ts";
import { type Claim, judgeClaim } from "../../lib/judge/mod.ts";
import { measureGrowth } from "../../lib/soak/judges/measure_growth.ts";
import type { SeriesPoint } from "../../lib/soak/facts/thinned_series.ts";

const MIB = 2 ** 20;
const HOUR_MS = 3_600_000;

/** Judge a series that may grow by so much in a day. */
function judgeGrowth(points: readonly SeriesPoint[], rises: boolean | null, limitPerDay = 32 * MIB): Claim {
  const { perDay: estimate, lowPerDay: low, highPerDay: high } = measureGrowth(points);
  const watchedMs = points.at(-1)![0] - points[0]![0];
  return judgeClaim({
    id: "leak_heap",
    kind: "growth",
    unit: "bytes per day",
    trials: Math.round(watchedMs / 60_000),
    estimate,
    low,
    high,
    confidence: 0.95,
    requirement: { op: "<", value: limitPerDay },
    series: { rises, watchedMs, warmUpMs: HOUR_MS },
  });
}

/** A heap that is probed each half minute, with noise of some 0.2 MiB and a warm-up of 1.3 MiB in its first half hour. */
function heap(seed: number, hours: number, mibPerDay: number): readonly SeriesPoint[] {
  const random = seededRandom(seed);
  return Array.from({ length: hours * 120 }, (_, index): SeriesPoint => {
    const noise = (random() + random() + random() + random() - 2) * 0.3;
    const warm = 1.3 * (1 - Math.exp(-index / 25));
    return [30_000 * index, (20 + warm + noise + mibPerDay * index / 2880) * MIB];
  });
}

const SEEDS = Array.from({ length: 20 }, (_, seed) => seed * 7919 + 1);

Deno.test("judgeClaim() by growth proves of four hours that a healthy heap stays below 32 MiB a day, and finds 64", () => {
  for (const seed of SEEDS) {
    const healthy = judgeGrowth(heap(seed, 4, 0), false);
    assertEquals(healthy.verdict, "pass", JSON.stringify(healthy));
    assert(healthy.low! <= healthy.estimate! && healthy.estimate! <= healthy.high!);
    const leaky = judgeGrowth(heap(seed, 4, 64), true);
    assertEquals(leaky.verdict, "fail", JSON.stringify(leaky));
  }
});

Deno.test("judgeClaim() by growth leaves open what lies at the limit, and what its rule for short runs does not see", () => {
  const open = SEEDS.filter((seed) => judgeGrowth(heap(seed, 4, 32), true).verdict === "inconclusive");
  assert(open.length >= 15, `${open.length}`);
  const unseen = judgeGrowth(heap(1, 4, 64), false);
  assertEquals([unseen.verdict, unseen.reason], ["inconclusive", "a leak and none are both possible"]);
});

Deno.test("judgeClaim() by growth passes no process that is younger than its warm-up, and fails only one that rises", () => {
  const young = heap(1, 4, 0).slice(0, 119);
  assertEquals([false, null, true].map((rises) => judgeGrowth(young, rises).verdict), [
    "inconclusive",
    "inconclusive",
    "fail",
  ]);
});

Deno.test("judgeClaim() by growth judges a constant series, and no handful of points", () => {
  const flat = Array.from({ length: 100 }, (_, index): SeriesPoint => [60_000 * index, 30]);
  const judged = judgeGrowth(flat, false, 100);
  assertEquals([judged.verdict, judged.estimate, judged.high], ["pass", 0, 0]);
  assertEquals(judgeGrowth(flat.slice(0, 30), true, 100).verdict, "not evaluated");
});
