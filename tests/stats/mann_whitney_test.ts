import { assert, assertEquals, assertThrows } from "@std/assert";
import { mannWhitney } from "../../lib/stats/mann_whitney.ts";
import { assertNear } from "../helpers/assert_near.ts";
import { GOB, JSON_TIMES } from "../helpers/golden.ts";

Deno.test("mannWhitney() returns the exact p of the documented example", () => {
  const { pValue, u } = mannWhitney(JSON_TIMES.before, JSON_TIMES.after);
  assertNear(pValue, 1.0825e-5, 1e-9);
  assertEquals(u, 0);
});

Deno.test("mannWhitney() counts ties exactly", () => {
  assertNear(mannWhitney(GOB.before, GOB.after).pValue, 0.44610, 5e-6);
});

Deno.test("mannWhitney() of separated samples returns the smallest possible p", () => {
  assertNear(mannWhitney([1, 2, 3], [4, 5, 6]).pValue, 0.1, 1e-12);
  assertNear(mannWhitney([1, 2, 3, 4], [5, 6, 7, 8]).pValue, 2 / 70, 1e-12);
  assertNear(mannWhitney([1, 2, 3, 4, 5], [6, 7, 8, 9, 10]).pValue, 2 / 252, 1e-12);
  assertEquals(mannWhitney([1, 2, 3], [4, 5, 6]).u, 9);
});

Deno.test("mannWhitney() of equal numbers finds nothing, exactly and by the normal approximation", () => {
  assertEquals(mannWhitney([7, 7, 7], [7, 7, 7]).pValue, 1);
  const many = new Array<number>(21).fill(7);
  assertEquals(mannWhitney(many, many), { u: 220.5, pValue: 1 });
});

Deno.test("mannWhitney() above the limit approximates the exact value", () => {
  const first = Array.from({ length: 21 }, (_, i) => i * 2);
  const second = Array.from({ length: 21 }, (_, i) => i * 2 + 7);
  // The exact value comes from all orders of the ranks.
  const near = mannWhitney(first, second).pValue;
  assert(Math.abs(near / 0.0920973611566 - 1) < 0.05, `${near}`);
});

Deno.test("mannWhitney() refuses an empty sample and invalid numbers", () => {
  assertThrows(() => mannWhitney([], [1]), RangeError);
  assertThrows(() => mannWhitney([1], [NaN]), RangeError);
});
