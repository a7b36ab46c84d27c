import { assertThrows } from "@std/assert";
import { hodgesLehmannRatio, medianRatio } from "../../lib/stats/mod.ts";
import { assertNear } from "../helpers/assert_near.ts";

Deno.test("medianRatio() is the estimate of hodgesLehmannRatio()", () => {
  for (const [values, base] of [[[2, 3, 5, 7], [1, 4, 6]], [[10], [4]], [[1, 1, 9], [3, 3]]] as const) {
    assertNear(medianRatio(values, base), hodgesLehmannRatio(values, base).value, 1e-12);
  }
  assertNear(medianRatio([2, 4, 8], [1, 2, 4]), 2, 1e-12);
});

Deno.test("medianRatio() refuses numbers that are not positive, and empty samples", () => {
  assertThrows(() => medianRatio([1, 0], [1]), RangeError, "0 is not positive");
  assertThrows(() => medianRatio([1], [NaN]), RangeError, "NaN is not positive");
  assertThrows(() => medianRatio([], [1]), RangeError);
});
