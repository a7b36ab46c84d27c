import { assertEquals, assertThrows } from "@std/assert";
import { sprtComparison } from "../../../lib/stats/mod.ts";
import { assertNear } from "../../helpers/assert_near.ts";

const OPTIONS = { ratios: [5], alpha: 0.025, beta: 0.05 };

Deno.test("sprtComparison() adds ln 5/3 for an event of the first of two equal samples, and ln 1/3 for the second's", () => {
  const { logRatio } = sprtComparison({ events: 4, trials: 30 }, { events: 1, trials: 30 }, OPTIONS);
  assertNear(logRatio, 4 * Math.log(5 / 3) - Math.log(3), 1e-12);
});

Deno.test("sprtComparison() weighs the events by the shares of the samples", () => {
  // With five times as many trials, five sixths of the events are expected in the first sample.
  const { logRatio } = sprtComparison({ events: 5, trials: 100 }, { events: 1, trials: 20 }, OPTIONS);
  assertNear(logRatio, 5 * Math.log((25 / 26) / (5 / 6)) + Math.log((1 / 26) / (1 / 6)), 1e-12);
});

Deno.test("sprtComparison() decides after 8 events of one sample, and after 6 of each", () => {
  const decide = (first: number, second: number) =>
    sprtComparison({ events: first, trials: 100 }, { events: second, trials: 100 }, OPTIONS).decision;
  assertEquals([decide(7, 0), decide(8, 0), decide(5, 5), decide(6, 6)], ["open", "alternative", "open", "null"]);
});

Deno.test("sprtComparison() decides nothing without a second sample, and refuses invalid counts and ratios", () => {
  const { logRatio, decision } = sprtComparison({ events: 9, trials: 9 }, { events: 0, trials: 0 }, OPTIONS);
  assertEquals([logRatio, decision], [0, "open"]);
  assertThrows(() => sprtComparison({ events: 2, trials: 1 }, { events: 0, trials: 1 }, OPTIONS), RangeError);
  assertThrows(() => sprtComparison({ events: 0, trials: 1 }, { events: 0.5, trials: 1 }, OPTIONS), RangeError);
  const count = { events: 1, trials: 2 };
  assertThrows(() => sprtComparison(count, count, { ...OPTIONS, ratios: [1] }), RangeError, "ratio 1 must be above 1");
});
