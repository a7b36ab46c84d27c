import { assertEquals, assertThrows } from "@std/assert";
import { clopperPearson, pairedDifference } from "../../../lib/stats/mod.ts";
import { assertNear } from "../../helpers/assert_near.ts";

const cluster = (pairs: number, onlyFirst: number, onlySecond: number) => ({ pairs, onlyFirst, onlySecond });

Deno.test("pairedDifference() bounds a difference without any event as Clopper and Pearson bound no event", () => {
  const { value, low, high, n } = pairedDifference([cluster(1000, 0, 0), cluster(500, 0, 0)]);
  const bound = clopperPearson({ events: 0, trials: 1500, side: "upper" }).high;
  assertEquals([value, n], [0, 1500]);
  assertNear(high, bound, 1e-12);
  assertNear(low, -bound, 1e-12);
});

Deno.test("pairedDifference() cancels what happens on both sides, and counts what happens on one", () => {
  const { value, low, high } = pairedDifference(Array.from({ length: 100 }, () => cluster(100, 1, 0)));
  assertNear(value, 0.01, 1e-12);
  // With equal clusters, the design effect is 1; the lower bound is that of 100 in 10 000, less what the other side may be.
  assertEquals([low > 0.008, low < 0.01, high > 0.01, high < 0.013], [true, true, true, true]);
  const swapped = pairedDifference(Array.from({ length: 100 }, () => cluster(100, 0, 1)));
  assertNear(swapped.low, -high, 1e-12);
  assertNear(swapped.high, -low, 1e-12);
});

Deno.test("pairedDifference() has wider bounds if the events are in few clusters", () => {
  const spread = pairedDifference(Array.from({ length: 100 }, (_, index) => cluster(100, index < 40 ? 1 : 0, 0)));
  const dense = pairedDifference(Array.from({ length: 100 }, (_, index) => cluster(100, index === 0 ? 40 : 0, 0)));
  assertEquals(spread.value, dense.value);
  assertEquals(dense.high - dense.value > 2 * (spread.high - spread.value), true);
  assertEquals([spread.low > 0, dense.low < 0.001], [true, true]);
});

Deno.test("pairedDifference() has wider bounds at a higher confidence", () => {
  const clusters = [cluster(2000, 4, 1), cluster(2000, 3, 2)];
  const usual = pairedDifference(clusters);
  const sure = pairedDifference(clusters, { confidence: 0.99 });
  assertEquals([sure.high > usual.high, sure.low < usual.low, sure.confidence], [true, true, 0.99]);
});

Deno.test("pairedDifference() refuses no pairs, impossible counts and confidences", () => {
  assertThrows(() => pairedDifference([]), RangeError, "there are no pairs");
  assertThrows(() => pairedDifference([cluster(5, 3, 3)]), RangeError, "no valid counts");
  assertThrows(() => pairedDifference([cluster(5, -1, 0)]), RangeError, "no valid counts");
  assertThrows(() => pairedDifference([cluster(5, 0.5, 0)]), RangeError, "no valid counts");
  assertThrows(() => pairedDifference([cluster(5, 0, 0)], { confidence: 1 }), RangeError, "confidence");
});
