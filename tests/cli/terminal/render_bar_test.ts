import { assertEquals } from "@std/assert";
import { renderBar } from "../../../lib/cli/mod.ts";

Deno.test("renderBar() is exact to an eighth of a column", () => {
  assertEquals(renderBar(0.5, 4), "██░░");
  assertEquals(renderBar(0.28125, 4), "█▏░░");
  assertEquals([renderBar(0, 3), renderBar(1, 3)], ["░░░", "███"]);
});

Deno.test("renderBar() accepts invalid fractions", () => {
  assertEquals([renderBar(-1, 2), renderBar(7, 2), renderBar(NaN, 2), renderBar(Infinity, 2)], [
    "░░",
    "██",
    "░░",
    "██",
  ]);
  assertEquals(renderBar(0.5, 0), "");
});
