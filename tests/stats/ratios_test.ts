import { assert, assertEquals, assertThrows } from "@std/assert";
import { hodgesLehmannRatio, pairedRatio } from "../../lib/stats/mod.ts";
import { assertNear } from "../helpers/assert_near.ts";
import { JSON_TIMES } from "../helpers/golden.ts";

Deno.test("hodgesLehmannRatio() of small samples agrees with a manual calculation", () => {
  const { value, low, high, confidence, n } = hodgesLehmannRatio([2, 4], [1]);
  assertNear(value, Math.sqrt(8));
  assertNear(low, 2);
  assertNear(high, 4);
  assertNear(confidence, 1 / 3);
  assertEquals(n, 1);
});

Deno.test("hodgesLehmannRatio() uses the tabled quantiles of the exact distribution", () => {
  // For 5 and 5 the critical value of U is 2, for 10 and 10 it is 23.
  const few = hodgesLehmannRatio([1, 2, 4, 8, 16], [1, 2, 4, 8, 16]);
  assertNear(few.confidence, 1 - 2 * 4 / 252);
  assertNear(few.value, 1);
  assertNear(few.low * few.high, 1);
  const ten = hodgesLehmannRatio(JSON_TIMES.after, JSON_TIMES.before);
  assert(ten.confidence >= 0.95 && ten.confidence < 0.96, `${ten.confidence}`);
  assert(ten.low < ten.value && ten.value < ten.high);
  assertNear(ten.value, 0.828, 0.002);
});

Deno.test("hodgesLehmannRatio() inverts with its arguments", () => {
  const one = hodgesLehmannRatio(JSON_TIMES.after, JSON_TIMES.before);
  const other = hodgesLehmannRatio(JSON_TIMES.before, JSON_TIMES.after);
  assertNear(one.value * other.value, 1);
  assertNear(one.low * other.high, 1);
});

Deno.test("pairedRatio() of five pairs spans all of them, with its confidence", () => {
  const ratio = pairedRatio([2, 4, 8, 10, 6], [1, 2, 2, 10, 2]);
  assertEquals(ratio.confidence, 0.9375);
  assertNear(ratio.low, 1);
  assertNear(ratio.high, 4);
  assertEquals(ratio.n, 5);
});

Deno.test("pairedRatio() uses the tabled quantile of Wilcoxon's distribution", () => {
  // For ten pairs the critical value is 8: the interval runs from the 9th mean to the 9th from the end.
  const ratio = pairedRatio(Array.from({ length: 10 }, (_, i) => Math.exp(2 ** i / 100)), Array(10).fill(1));
  const means: number[] = [];
  for (let i = 0; i < 10; i++) for (let j = i; j < 10; j++) means.push((2 ** i + 2 ** j) / 200);
  means.sort((a, b) => a - b);
  assertNear(Math.log(ratio.low), means[8]!);
  assertNear(Math.log(ratio.high), means[46]!);
  assertNear(ratio.confidence, 1 - 2 * 25 / 1024);
});

Deno.test("pairedRatio() is unaffected by slowdowns of a whole round", () => {
  const base = [1, 50, 3, 20, 9, 4];
  const ratio = pairedRatio(base.map((value) => value * 1.25), base);
  assertNear(ratio.low, 1.25);
  assertNear(ratio.high, 1.25);
});

Deno.test("hodgesLehmannRatio() and pairedRatio() refuse samples without a ratio", () => {
  assertThrows(() => pairedRatio([1, 2], [1]), RangeError);
  assertThrows(() => pairedRatio([], []), RangeError);
  assertThrows(() => pairedRatio([0], [1]), RangeError);
  assertThrows(() => hodgesLehmannRatio([1], [-1]), RangeError);
  assertThrows(() => hodgesLehmannRatio([], [1]), RangeError);
});
