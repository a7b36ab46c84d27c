import { assertEquals, assertThrows } from "@std/assert";
import { seededRandom } from "../../../lib/base/mod.ts";
import { pairedQuantileRatio } from "../../../lib/stats/mod.ts";
import { assertNear } from "../../helpers/assert_near.ts";

const options = () => ({ quantile: 0.99, random: seededRandom(1) });
const numbers = (count: number, factor: number) => Array.from({ length: count }, (_, index) => factor * (index + 1));

Deno.test("pairedQuantileRatio() compares the quantile of all clusters together", () => {
  const clusters = Array.from({ length: 30 }, () => ({ first: numbers(100, 3), second: numbers(100, 2) }));
  const { value, low, high, n } = pairedQuantileRatio(clusters, options()).boundsAt(0.95);
  // Equal clusters have equal resamples.
  for (const one of [value, low, high]) assertNear(one, 1.5, 1e-12);
  assertEquals(n, 3000);
});

Deno.test("pairedQuantileRatio() has bounds around a ratio that varies between clusters, and equal ones for equal seeds", () => {
  const random = seededRandom(7);
  const clusters = Array.from({ length: 200 }, () => ({
    first: Array.from({ length: 50 }, () => 100 * Math.exp(2 * random())),
    second: Array.from({ length: 50 }, () => 100 * Math.exp(2 * random())),
  }));
  const { value, low, high } = pairedQuantileRatio(clusters, options()).boundsAt(0.95);
  assertEquals([low < value, value < high, low < 1 && 1 < high, high / low < 1.1], [true, true, true, true]);
  const again = pairedQuantileRatio(clusters, options());
  assertEquals(again.boundsAt(0.95), { value, low, high, confidence: 0.95, n: 10_000 });
  const sure = again.boundsAt(0.99);
  assertEquals([sure.low <= low, sure.high >= high], [true, true]);
});

Deno.test("pairedQuantileRatio() draws both sides of a cluster together", () => {
  // Slow rounds are slow on both sides: the ratio is 1 in every resample that has any of them.
  const clusters = Array.from({ length: 100 }, (_, index) => {
    const values = numbers(50, index % 2 === 0 ? 1 : 40);
    return { first: values, second: values };
  });
  const { low, high } = pairedQuantileRatio(clusters, options()).boundsAt(0.95);
  assertEquals([low, high], [1, 1]);
});

Deno.test("pairedQuantileRatio() refuses a side without numbers, and numbers that have no ratio", () => {
  assertThrows(() => pairedQuantileRatio([], options()), RangeError, "no numbers");
  assertThrows(() => pairedQuantileRatio([{ first: [1], second: [] }], options()), RangeError, "no numbers");
  assertThrows(() => pairedQuantileRatio([{ first: [0], second: [1] }], options()), RangeError, "not positive");
});
