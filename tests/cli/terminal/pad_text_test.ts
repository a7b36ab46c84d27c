import { assertEquals } from "@std/assert";
import { padText } from "../../../lib/cli/mod.ts";

Deno.test("padText() pads to the width on either side", () => {
  assertEquals(padText("日", 4), "日  ");
  assertEquals(padText("7", 3, "right"), "  7");
  assertEquals(padText("long", 2), "long");
});
