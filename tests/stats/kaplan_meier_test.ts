import { assertEquals, assertThrows } from "@std/assert";
import { assertNear } from "../helpers/assert_near.ts";
import { censoredQuantile, type Lifetime, quantile } from "../../lib/stats/mod.ts";
import { kaplanMeier } from "../../lib/stats/kaplan_meier.ts";

/** Parse times; `+` marks a censored one. */
function lifetimes(text: string): readonly Lifetime[] {
  return text.split(" ").map((word) => ({ time: parseFloat(word), isCensored: word.endsWith("+") }));
}

Deno.test("kaplanMeier() agrees with an example computed by hand", () => {
  // 5 at risk: 4/5. At 3 one of 3 (2 was censored): 4/5 · 2/3. At 5 the last one: 0.
  assertEquals(kaplanMeier(lifetimes("1 2+ 3 4+ 5")).map(({ time, atRisk }) => [time, atRisk]), [[1, 5], [3, 3], [
    5,
    1,
  ]]);
  const survival = kaplanMeier(lifetimes("5 4+ 1 3 2+")).map((step) => step.survival);
  for (const [index, expected] of [4 / 5, 8 / 15, 0].entries()) assertNear(survival[index]!, expected, 1e-12);
});

Deno.test("kaplanMeier() agrees with the published remission times of 6-mercaptopurine (Freireich et al., 1963)", () => {
  const times = lifetimes("6 6 6 6+ 7 9+ 10 10+ 11+ 13 16 17+ 19+ 20+ 22 23 25+ 32+ 32+ 34+ 35+");
  const steps = kaplanMeier(times);
  assertEquals(steps.map(({ time, atRisk, events }) => [time, atRisk, events]), [
    [6, 21, 3],
    [7, 17, 1],
    [10, 15, 1],
    [13, 12, 1],
    [16, 11, 1],
    [22, 7, 1],
    [23, 6, 1],
  ]);
  const published = [0.857, 0.807, 0.753, 0.69, 0.627, 0.538, 0.448];
  for (const [index, { survival }] of steps.entries()) assertNear(survival, published[index]!, 5e-4);
  assertEquals([censoredQuantile(times, 0.5), censoredQuantile(times, 0.25)], [23, 13]);
  assertEquals(censoredQuantile(times, 0.9), null);
});

Deno.test("censoredQuantile() equals the order statistic without censoring, and counts weights", () => {
  const times = Array.from({ length: 100 }, (_, index) => ({ time: index + 1, isCensored: false }));
  assertEquals(censoredQuantile(times, 0.99), 99);
  assertEquals(censoredQuantile(times, 1), 100);
  assertNear(quantile(times.map(({ time }) => time), 0.99), 99, 0.1);
  assertEquals(
    censoredQuantile([{ time: 5, isCensored: false, count: 98 }, { time: 7, isCensored: false, count: 2 }], 0.99),
    7,
  );
  assertEquals(censoredQuantile([], 0.5), null);
});

Deno.test("kaplanMeier() rejects invalid observations", () => {
  for (const bad of [{ time: -1 }, { time: NaN }, { time: Infinity }, { time: 1, count: 0 }, { time: 1, count: 1.5 }]) {
    assertThrows(() => kaplanMeier([{ isCensored: false, ...bad }]), RangeError);
  }
  assertThrows(() => censoredQuantile([], 1.1), RangeError);
});
