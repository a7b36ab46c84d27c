import { assertEquals, assertThrows } from "@std/assert";
import { holm } from "../../lib/stats/mod.ts";
import { assertNear } from "../helpers/assert_near.ts";

Deno.test("holm() steps down, keeps the order and is monotonic", () => {
  const expected = [0.03, 0.06, 0.06, 0.02];
  holm([0.01, 0.04, 0.03, 0.005]).forEach((p, index) => assertNear(p, expected[index]!, 1e-12));
  assertEquals(holm([0.9, 0.8]), [1, 1]);
  assertEquals(holm([0.02]), [0.02]);
  assertEquals(holm([]), []);
  assertThrows(() => holm([0.5, NaN]), RangeError);
  assertThrows(() => holm([1.1]), RangeError);
});
