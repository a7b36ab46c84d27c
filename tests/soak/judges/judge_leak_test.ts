import { assert, assertEquals } from "@std/assert";
import { seededRandom } from "../../../lib/base/mod.ts";
import { judgeLeak } from "../../../lib/soak/mod.ts";
import type { SeriesPoint } from "../../../lib/soak/facts/thinned_series.ts";

const MB = 1_000_000;

interface Shape {
  readonly seed: number;
  /** Growth over the watched part. */
  readonly leakBytes: number;
  /** Of a plateau that is approached exponentially. */
  readonly warmUpBytes: number;
  /** Autocorrelation of the noise between samples. */
  readonly memory: number;
}

/** A heap of 20 MB, sampled once a second for two minutes. */
function heap({ seed, leakBytes, warmUpBytes, memory }: Shape): readonly SeriesPoint[] {
  const random = seededRandom(seed);
  const noise = () => (random() + random() + random() + random() - 2) * 0.06 * MB;
  let stays = 0;
  return Array.from({ length: 120 }, (_, index): SeriesPoint => {
    stays = memory * stays + noise();
    const warm = warmUpBytes * (1 - Math.exp(-index / 14));
    return [index * 1000, 20 * MB + warm + stays + leakBytes * index / 96];
  });
}

const SEEDS = Array.from({ length: 20 }, (_, seed) => seed * 7919 + 1);

Deno.test("judgeLeak() passes 20 healthy heaps, with a warm-up of 3 MB and persistent noise", () => {
  for (const memory of [0, 0.8]) {
    for (const warmUpBytes of [0, 3 * MB]) {
      const accused = SEEDS.filter((seed) => judgeLeak(heap({ seed, leakBytes: 0, warmUpBytes, memory })).isLeak);
      assertEquals(accused, []);
    }
  }
});

Deno.test("judgeLeak() finds 1 MB per run on a heap of 20 MB in 20 of 20 runs, and reports its sensitivity", () => {
  for (const warmUpBytes of [0, 3 * MB]) {
    for (const seed of SEEDS) {
      const judged = judgeLeak(heap({ seed, leakBytes: MB, warmUpBytes, memory: 0 }));
      assertEquals(judged.isLeak, true, `seed ${seed}: ${JSON.stringify(judged)}`);
      assert(judged.growth!.detectable! < 1.2 * MB, `${judged.growth!.detectable}`);
    }
  }
});

Deno.test("judgeLeak() keeps its error rates over 1 000 heaps", () => {
  const rate = (leakBytes: number) => {
    const seeds = Array.from({ length: 500 }, (_, seed) => seed * 104_729 + 5);
    return seeds.filter((seed) => judgeLeak(heap({ seed, leakBytes, warmUpBytes: 3 * MB, memory: 0 })).isLeak).length /
      seeds.length;
  };
  assert(rate(0) <= 0.01);
  assert(rate(MB) >= 0.99);
});

Deno.test("judgeLeak() is inconclusive for a young process unless it grows too much for a warm-up", () => {
  const judge = (leakBytes: number, forMs: number) => {
    const warmUp = { forMs, growthBytes: 2 * MB };
    return judgeLeak(heap({ seed: 1, leakBytes, warmUpBytes: 0, memory: 0 }), { warmUp });
  };
  assertEquals([0, 1.2 * MB, 3 * MB].map((bytes) => judge(bytes, 120_000).isLeak), [false, null, true]);
  assertEquals(judge(1.2 * MB, 119_000).isLeak, true);
  assert(judge(0, 120_000).growth!.detectable! >= 2 * MB);
});

Deno.test("judgeLeak() is inconclusive for a handful of samples", () => {
  const few = heap({ seed: 1, leakBytes: 50 * MB, warmUpBytes: 0, memory: 0 }).slice(0, 45);
  assertEquals([judgeLeak(few).isLeak, judgeLeak([]).isLeak], [null, null]);
});

Deno.test("judgeLeak() accepts a constant heap", () => {
  const flat = Array.from({ length: 100 }, (_, index): SeriesPoint => [index * 1000, 5 * MB]);
  const judged = judgeLeak(flat);
  assertEquals([judged.isLeak, judged.growth?.slopePerHour], [false, 0]);
  // All of it must be valid JSON.
  assertEquals(JSON.stringify(judged).includes("null"), false);
});
