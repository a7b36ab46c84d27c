import { assertEquals } from "@std/assert";
import { createPaint } from "../../../lib/cli/mod.ts";

Deno.test("createPaint() adds colors, or returns the text unchanged", () => {
  assertEquals(createPaint({ color: true }).red("x"), "\x1b[31mx\x1b[39m");
  assertEquals(createPaint({ color: false }).red("x"), "x");
});
