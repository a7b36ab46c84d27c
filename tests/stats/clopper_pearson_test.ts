import { assert, assertEquals, assertThrows } from "@std/assert";
import { clopperPearson } from "../../lib/stats/mod.ts";
import { assertNear } from "../helpers/assert_near.ts";

Deno.test("clopperPearson() agrees with the tables", () => {
  const ten = clopperPearson({ events: 1, trials: 10 });
  assertNear(ten.low, 0.002528579, 1e-8);
  assertNear(ten.high, 0.445016117, 1e-8);
  const half = clopperPearson({ events: 50, trials: 100 });
  assertNear(half.low, 0.398321129, 1e-8);
  assertNear(half.low + half.high, 1, 1e-12);
});

Deno.test("clopperPearson() requires 299 clean trials for 1 %, 473 with one event, 59 for 5 %, 2995 for 0.1 %", () => {
  const high = (events: number, trials: number) => clopperPearson({ events, trials, side: "upper" }).high;
  for (const [events, trials, limit] of [[0, 299, 0.01], [1, 473, 0.01], [0, 59, 0.05], [0, 2995, 0.001]] as const) {
    assert(high(events, trials) < limit, `${events} of ${trials}: ${high(events, trials)}`);
    assert(high(events, trials - 1) >= limit, `${events} of ${trials - 1}: ${high(events, trials - 1)}`);
  }
});

Deno.test("clopperPearson() of one side leaves the other open", () => {
  assertEquals(clopperPearson({ events: 3, trials: 10, side: "lower" }).high, 1);
  assertEquals(clopperPearson({ events: 3, trials: 10, side: "upper" }).low, 0);
  assertNear(clopperPearson({ events: 10, trials: 10, side: "lower" }).low, 0.05 ** 0.1, 1e-12);
  assertEquals(clopperPearson({ events: 0, trials: 10 }).low, 0);
});

Deno.test("clopperPearson() is symmetric in events and non-events, also for millions", () => {
  for (const [events, trials] of [[3, 40], [1_000, 1_000_000], [499_999, 1_000_000]] as const) {
    const one = clopperPearson({ events, trials });
    const other = clopperPearson({ events: trials - events, trials });
    assertNear(one.low + other.high, 1, 1e-12);
    assert(one.low < events / trials && events / trials < one.high);
  }
  const many = clopperPearson({ events: 1_000, trials: 1_000_000 });
  assertNear(many.low, 0.00093900120795, 1e-14);
  assertNear(many.high, 0.00106391810731, 1e-14);
});

Deno.test("clopperPearson() refuses invalid counts", () => {
  for (const [events, trials] of [[0, 0], [-1, 5], [6, 5], [0.5, 5], [0, NaN], [0, Infinity]] as const) {
    assertThrows(() => clopperPearson({ events, trials }), RangeError);
  }
  for (const confidence of [0, 1, NaN]) {
    assertThrows(() => clopperPearson({ events: 1, trials: 2, confidence }), RangeError);
  }
});
