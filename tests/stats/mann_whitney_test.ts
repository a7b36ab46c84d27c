import { assert, assertEquals, assertThrows } from "@std/assert";
import { mannWhitney } from "../../lib/stats/mod.ts";
import { assertNear } from "../helpers/assert_near.ts";
import { GOB, JSON_TIMES } from "../helpers/golden.ts";

Deno.test("mannWhitney() returns the exact p of the documented example", () => {
  const { pValue, isExact, u } = mannWhitney(JSON_TIMES.before, JSON_TIMES.after);
  assertNear(pValue, 1.0825e-5, 1e-9);
  assert(isExact);
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
  assertEquals(mannWhitney([7, 7, 7], [7, 7, 7], { maxExact: 0 }), { u: 4.5, pValue: 1, isExact: false });
});

Deno.test("mannWhitney() above the limit approximates the exact value", () => {
  const first = Array.from({ length: 15 }, (_, i) => i * 2);
  const second = Array.from({ length: 15 }, (_, i) => i * 2 + 7);
  const exact = mannWhitney(first, second).pValue;
  const near = mannWhitney(first, second, { maxExact: 10 });
  assert(!near.isExact);
  assert(Math.abs(near.pValue / exact - 1) < 0.05, `${near.pValue} and ${exact}`);
});

Deno.test("mannWhitney() refuses an empty sample and invalid numbers", () => {
  assertThrows(() => mannWhitney([], [1]), RangeError);
  assertThrows(() => mannWhitney([1], [NaN]), RangeError);
});
