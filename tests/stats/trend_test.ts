import { assert, assertEquals, assertThrows } from "@std/assert";
import { mannKendall, theilSen } from "../../lib/stats/mod.ts";
import { normalQuantile } from "../../lib/stats/normal_quantile.ts";
import { assertNear } from "../helpers/assert_near.ts";

Deno.test("mannKendall() counts pairs, and corrects for ties and continuity", () => {
  const rising = mannKendall([1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
  assertEquals(rising.s, 45);
  assertNear(rising.z, 44 / Math.sqrt(125), 1e-12);
  assertNear(rising.p, 4.15e-5, 1e-6);
  const tied = mannKendall([1, 1, 2, 3, 3, 3]);
  assertEquals(tied.s, 11);
  assertNear(tied.z, 10 / Math.sqrt((6 * 5 * 17 - 2 * 1 * 9 - 3 * 2 * 11) / 18), 1e-12);
});

Deno.test("mannKendall() is one-sided: a falling series does not rise", () => {
  assert(mannKendall([9, 8, 7, 6, 5, 4, 3, 2, 1]).p > 0.999);
  assertEquals(mannKendall([4, 4, 4]), { s: 0, z: 0, p: 1 });
  assertEquals(mannKendall([4]), { s: 0, z: 0, p: 1 });
  assertThrows(() => mannKendall([]), RangeError);
  assertThrows(() => mannKendall([1, NaN]), RangeError);
});

Deno.test("theilSen() finds a slope despite outliers", () => {
  const xs = Array.from({ length: 21 }, (_, i) => i * 0.5);
  const ys = xs.map((x, i) => i % 5 === 3 ? 1000 : 7 + 2 * x);
  const { slope, low, high } = theilSen(xs, ys);
  assertNear(slope, 2, 1e-9);
  assert(low <= slope && slope <= high && high < 400, `${low} to ${high}`);
});

Deno.test("theilSen() reproduces Sen's published example", () => {
  const { slope, low, high } = theilSen([1, 2, 3, 4, 10, 12, 18], [9, 15, 19, 20, 45, 55, 78]);
  assertNear(slope, 4, 1e-9);
  assertNear(low, 11 / 3, 1e-9);
  assertNear(high, 5, 1e-9);
});

Deno.test("theilSen() of few points has no bounds, and of equal ones slope 0", () => {
  assertEquals(theilSen([0, 1], [0, 3]), { slope: 3, low: -Infinity, high: Infinity });
  assertEquals(theilSen([0, 1, 2], [5, 5, 5]), { slope: 0, low: 0, high: 0 });
  assertThrows(() => theilSen([1, 1], [1, 2]), RangeError);
  assertThrows(() => theilSen([1, 2], [1]), RangeError);
  assertThrows(() => theilSen([1, 2], [1, Infinity]), RangeError);
});

Deno.test("normalQuantile() agrees with the tables", () => {
  assertNear(normalQuantile(0.025), 1.959963984540054, 1e-9);
  assertNear(normalQuantile(0.95), -1.6448536269514722, 1e-9);
  assertNear(normalQuantile(0.5), 0, 1e-9);
  assertThrows(() => normalQuantile(0), RangeError);
});
