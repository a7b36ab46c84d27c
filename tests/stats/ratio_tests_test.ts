import { assertEquals, assertThrows } from "@std/assert";
import { seededRandom } from "../../lib/base/mod.ts";
import { hodgesLehmannRatio, ratioTests } from "../../lib/stats/mod.ts";
import { mannWhitney } from "../../lib/stats/mann_whitney.ts";

const sample = (center: number) => [0.97, 0.98, 0.99, 1, 1.011, 1.023, 1.034, 1.047].map((value) => value * center);

Deno.test("ratioTests() is half of the two-sided test on the side where the ratio lies, and its complement on the other", () => {
  const { pBelow, pAbove } = ratioTests(sample(1), sample(1.02), 1.05);
  const { pValue } = mannWhitney(sample(1), sample(1.02).map((value) => value * 1.05));
  assertEquals([pBelow, pAbove], [pValue / 2, 1 - pValue / 2]);
  const swapped = ratioTests(sample(1.3), sample(1), 1.05);
  assertEquals([swapped.pAbove < 0.001, swapped.pBelow > 0.999], [true, true]);
  // At the limit itself, neither side is shown.
  const even = ratioTests(sample(1.5), sample(1), 1.5);
  assertEquals(Math.abs(even.pBelow + even.pAbove - 1) < 1e-9, true);
  assertEquals(even.pBelow > 0.4 && even.pAbove > 0.4, true);
});

Deno.test("ratioTests() refutes a limit exactly where the interval of the ratio excludes it", () => {
  const random = seededRandom(1);
  for (let trial = 0; trial < 50; trial++) {
    const draw = (center: number) => Array.from({ length: 10 }, () => center * (0.9 + 0.2 * random()));
    const values = draw(0.9 + 0.3 * random());
    const base = draw(1);
    const { low, high, confidence } = hodgesLehmannRatio(values, base);
    const level = (1 - confidence) / 2 + 1e-9;
    const { pBelow, pAbove } = ratioTests(values, base, 1.05);
    assertEquals([pBelow <= level, pAbove <= level], [high < 1.05, low > 1.05], `${low} to ${high}`);
  }
});

Deno.test.each([[[], [1], 1], [[1], [], 1], [[0], [1], 1], [[1], [Infinity], 1], [[1], [1], 0], [[1], [1], NaN]])(
  "ratioTests() refuses %j by %j against %d",
  (values, base, limit) => {
    assertThrows(() => ratioTests(values, base, limit), RangeError);
  },
);
