import { assert, assertEquals } from "@std/assert";
import { seededRandom } from "../../../lib/base/mod.ts";
import { judgeGrowth, type SeriesPoint } from "../../../lib/soak/mod.ts";

const MIB = 2 ** 20;
const LIMIT = { limitPerDay: 32 * MIB, warmUp: { forMs: 3_600_000 } };

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

Deno.test("judgeGrowth() proves of four hours that a healthy heap stays below 32 MiB a day, and finds 64", () => {
  for (const seed of SEEDS) {
    const healthy = judgeGrowth(heap(seed, 4, 0), { ...LIMIT, rises: false });
    assertEquals(healthy.isLeak, false, JSON.stringify(healthy));
    assert(healthy.lowPerDay! <= healthy.perDay! && healthy.perDay! <= healthy.highPerDay!);
    const leaky = judgeGrowth(heap(seed, 4, 64), { ...LIMIT, rises: true });
    assertEquals(leaky.isLeak, true, JSON.stringify(leaky));
  }
});

Deno.test("judgeGrowth() leaves open what lies at the limit, and what its rule for short runs does not see rising", () => {
  const open = SEEDS.filter((seed) => judgeGrowth(heap(seed, 4, 32), { ...LIMIT, rises: true }).isLeak === null);
  assert(open.length >= 15, `${open.length}`);
  assertEquals(judgeGrowth(heap(1, 4, 64), { ...LIMIT, rises: false }).isLeak, null);
});

Deno.test("judgeGrowth() passes no process that is younger than its warm-up, and accuses only one that rises", () => {
  const young = heap(1, 4, 0).slice(0, 119);
  assertEquals([false, null, true].map((rises) => judgeGrowth(young, { ...LIMIT, rises }).isLeak), [null, null, true]);
});

Deno.test("judgeGrowth() judges no handful of points, and a constant series", () => {
  const flat = Array.from({ length: 100 }, (_, index): SeriesPoint => [60_000 * index, 30]);
  const judged = judgeGrowth(flat, { limitPerDay: 100, rises: false });
  assertEquals([judged.isLeak, judged.perDay, judged.highPerDay, judged.n], [false, 0, 0, 60]);
  assertEquals(judgeGrowth(flat.slice(0, 30), { limitPerDay: 100, rises: true }).isLeak, null);
});
