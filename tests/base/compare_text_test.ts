import { assertEquals } from "@std/assert";
import { compareText } from "../../lib/base/mod.ts";

Deno.test("compareText() sorts by code units, whatever the locale", () => {
  assertEquals(["b", "a", "Z", "é", "a"].toSorted(compareText), ["Z", "a", "a", "b", "é"]);
  assertEquals(compareText("a", "a"), 0);
});
