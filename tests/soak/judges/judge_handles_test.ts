import { assertEquals } from "@std/assert";
import { seededRandom } from "../../../lib/base/mod.ts";
import { judgeHandles } from "../../../lib/soak/judges/judge_handles.ts";
import type { SeriesPoint } from "../../../lib/soak/facts/thinned_series.ts";

/** Thirty permanent handles, and those of jobs that come and go in periods of some samples. */
function handles(seed: number, leaked: number): readonly SeriesPoint[] {
  const random = seededRandom(seed);
  let busy = 0;
  return Array.from({ length: 120 }, (_, index): SeriesPoint => {
    if (random() < 0.25) busy = Math.floor(random() * 45);
    return [index * 1000, 30 + busy + Math.floor(index * leaked / 96)];
  });
}

const SEEDS = Array.from({ length: 200 }, (_, seed) => seed * 7919 + 1);

Deno.test("judgeHandles() calls a busy period a leak in at most 2 of 100 short runs", () => {
  const accused = SEEDS.filter((seed) => judgeHandles(handles(seed, 0)).isLeak);
  assertEquals(accused.length <= 4, true, `${accused}`);
});

Deno.test("judgeHandles() finds unclosed handles among closed ones", () => {
  const missed = SEEDS.filter((seed) => !judgeHandles(handles(seed, 100)).isLeak);
  assertEquals(missed, []);
});

Deno.test("judgeHandles() ignores two more files, and a handful of samples", () => {
  const stairs = (more: number): readonly SeriesPoint[] =>
    Array.from({ length: 120 }, (_, index) => [index * 1000, 30 + Math.floor(index * more / 110)]);
  assertEquals(judgeHandles(stairs(2)).isLeak, false);
  assertEquals(judgeHandles(stairs(6)).isLeak, true);
  assertEquals(judgeHandles(stairs(6).slice(0, 40)), { n: 32, growth: null, isLeak: null });
});
