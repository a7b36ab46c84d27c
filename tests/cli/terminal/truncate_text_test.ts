import { assertEquals, assertLessOrEqual } from "@std/assert";
import { textWidth, truncateText } from "../../../lib/cli/mod.ts";

Deno.test("truncateText() keeps text that fits", () => {
  assertEquals(truncateText("abc", 3), "abc");
  assertEquals(truncateText("日本", 4), "日本");
  assertEquals(truncateText("", 0), "");
});

Deno.test("truncateText() marks the cut within the width", () => {
  assertEquals(truncateText("abcdef", 4), "abc…");
  assertEquals(truncateText("abc", 1), "…");
  assertEquals(truncateText("abc", 0), "");
});

Deno.test("truncateText() never splits wide or combined characters", () => {
  assertEquals(truncateText("日本語", 4), "日…");
  assertEquals(truncateText("👩‍👩‍👧x👩‍👩‍👧", 4), "👩‍👩‍👧x…");
  for (let width = 0; width < 12; width++) assertLessOrEqual(textWidth(truncateText("aé日👩‍👩‍👧ok語z", width)), width);
});

Deno.test("truncateText() ignores colors in the width and closes them", () => {
  assertEquals(truncateText("\x1b[31mabcdef\x1b[39m", 6), "\x1b[31mabcdef\x1b[39m");
  assertEquals(truncateText("\x1b[31mabcdef\x1b[39m!", 4), "\x1b[31mabc…\x1b[39m");
});
