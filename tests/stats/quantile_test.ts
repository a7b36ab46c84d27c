import { assertEquals, assertThrows } from "@std/assert";
import { median, medianInterval, quantile } from "../../lib/stats/mod.ts";
import { normalTail } from "../../lib/stats/normal_tail.ts";
import { assertNear } from "../helpers/assert_near.ts";
import { JSON_TIMES } from "../helpers/golden.ts";

Deno.test("quantile() interpolates linearly", () => {
  assertEquals(quantile([4, 1, 3, 2], 0), 1);
  assertEquals(quantile([4, 1, 3, 2], 1), 4);
  assertEquals(quantile([4, 1, 3, 2], 0.25), 1.75);
  assertNear(quantile([10, 20], 0.95), 19.5);
  assertThrows(() => quantile([1], 1.5), RangeError);
  assertThrows(() => quantile([], 0.5), RangeError);
});

Deno.test("median() does not change the sample", () => {
  const values = [3, 1, 2];
  assertEquals(median(values), 2);
  assertEquals(values, [3, 1, 2]);
  assertEquals(median(JSON_TIMES.before), 1718);
  assertEquals(median(JSON_TIMES.after), 1422.5);
});

Deno.test("medianInterval() returns the confidence that few numbers allow", () => {
  assertEquals(medianInterval([5]), { value: 5, low: 5, high: 5, confidence: 0, n: 1 });
  assertEquals(medianInterval([1, 2, 3, 4, 5]), { value: 3, low: 1, high: 5, confidence: 0.9375, n: 5 });
  assertEquals(medianInterval([1, 2, 3, 4, 5, 6]), { value: 3.5, low: 1, high: 6, confidence: 0.96875, n: 6 });
});

Deno.test("medianInterval() agrees with the tabled order statistics", () => {
  const ten = medianInterval([1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
  assertEquals([ten.low, ten.high], [2, 9]);
  assertNear(ten.confidence, 0.978515625);
  const twenty = medianInterval(Array.from({ length: 20 }, (_, i) => i + 1));
  assertEquals([twenty.low, twenty.high], [6, 15]);
});

Deno.test("normalTail() agrees with the tables", () => {
  assertNear(normalTail(0), 0.5, 1e-14);
  assertNear(normalTail(1.959963984540054), 0.025, 1e-12);
  assertNear(normalTail(-1.959963984540054), 0.975, 1e-12);
  assertNear(normalTail(5) / 2.866515718791939e-7, 1, 1e-9);
  assertNear(normalTail(2.999999) / normalTail(3.000001), 1, 1e-4);
});
