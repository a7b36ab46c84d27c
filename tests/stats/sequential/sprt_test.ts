import { assertEquals, assertThrows } from "@std/assert";
import { sprt, type SprtOptions } from "../../../lib/stats/mod.ts";
import { assertNear } from "../../helpers/assert_near.ts";

const RATES: SprtOptions = { nullRate: 0.01, alternativeRates: [0.05], alpha: 0.025, beta: 0.05 };

Deno.test("sprt() has the bounds ln(beta / (1 - alpha)) and ln((1 - beta) / alpha)", () => {
  const { lower, upper, logRatio, decision } = sprt({ events: 0, trials: 0 }, RATES);
  assertNear(lower, -2.970414465569701, 1e-12);
  assertNear(upper, 3.6375861597263857, 1e-12);
  assertEquals([logRatio, decision], [0, "open"]);
});

Deno.test("sprt() adds ln 5 for each event and ln(95 / 99) for each other trial", () => {
  assertNear(sprt({ events: 1, trials: 1 }, RATES).logRatio, 1.6094379124341003, 1e-12);
  assertNear(sprt({ events: 0, trials: 1 }, RATES).logRatio, -0.041242958534049134, 1e-12);
  assertNear(
    sprt({ events: 2, trials: 52 }, RATES).logRatio,
    2 * 1.6094379124341003 - 50 * 0.041242958534049134,
    1e-12,
  );
});

Deno.test("sprt() decides after exactly 73 trials without an event, and after 3 events of 3", () => {
  assertEquals(sprt({ events: 0, trials: 72 }, RATES).decision, "open");
  assertEquals(sprt({ events: 0, trials: 73 }, RATES).decision, "null");
  assertEquals(sprt({ events: 2, trials: 2 }, RATES).decision, "open");
  assertEquals(sprt({ events: 3, trials: 3 }, RATES).decision, "alternative");
  assertEquals(sprt({ events: 3, trials: 31 }, RATES).decision, "alternative");
  assertEquals(sprt({ events: 3, trials: 32 }, RATES).decision, "open");
});

Deno.test("sprt() with two alternatives takes the mean of their ratios, and keeps beta for each", () => {
  const both = { ...RATES, alternativeRates: [0.05, 0.3], alpha: 0.05 };
  const one = sprt({ events: 1, trials: 1 }, both);
  assertNear(one.logRatio, Math.log((5 + 30) / 2), 1e-12);
  assertNear(one.lower, Math.log(0.05 / 0.95 / 2), 1e-12);
  assertNear(one.upper, Math.log(0.95 / 0.05), 1e-12);
  assertEquals(sprt({ events: 2, trials: 12 }, both).decision, "alternative");
  assertEquals(sprt({ events: 2, trials: 13 }, both).decision, "open");
  assertEquals(sprt({ events: 0, trials: 71 }, both).decision, "open");
  assertEquals(sprt({ events: 0, trials: 72 }, both).decision, "null");
  // The ratios themselves are beyond all numbers.
  assertEquals(sprt({ events: 900, trials: 1000 }, both).decision, "alternative");
});

Deno.test("sprt() refuses counts and rates that make no sense", () => {
  for (const counts of [{ events: 2, trials: 1 }, { events: -1, trials: 1 }, { events: 0.5, trials: 1 }]) {
    assertThrows(() => sprt(counts, RATES), RangeError, "is not a valid count");
  }
  for (
    const change of [{ nullRate: 0 }, { nullRate: 0.05 }, { alternativeRates: [1] }, { alternativeRates: [] }, {
      nullRate: NaN,
    }]
  ) {
    assertThrows(() => sprt({ events: 0, trials: 1 }, { ...RATES, ...change }), RangeError, "must rise");
  }
  for (const change of [{ alpha: 0 }, { beta: 0 }, { alpha: 0.96 }, { beta: NaN }]) {
    assertThrows(() => sprt({ events: 0, trials: 1 }, { ...RATES, ...change }), RangeError, "with a sum below 1");
  }
});
