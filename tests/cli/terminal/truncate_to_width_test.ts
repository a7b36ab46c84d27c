import { assertEquals, assertLessOrEqual } from "@std/assert";
import { textWidth, truncateToWidth } from "../../../lib/cli/mod.ts";

Deno.test("truncateToWidth() keeps text that fits", () => {
  assertEquals(truncateToWidth("abc", 3), "abc");
  assertEquals(truncateToWidth("日本", 4), "日本");
  assertEquals(truncateToWidth("", 0), "");
});

Deno.test("truncateToWidth() marks the cut within the width", () => {
  assertEquals(truncateToWidth("abcdef", 4), "abc…");
  assertEquals(truncateToWidth("abc", 1), "…");
  assertEquals(truncateToWidth("abc", 0), "");
});

Deno.test("truncateToWidth() never splits wide or combined characters", () => {
  assertEquals(truncateToWidth("日本語", 4), "日…");
  assertEquals(truncateToWidth("👩‍👩‍👧x👩‍👩‍👧", 4), "👩‍👩‍👧x…");
  for (let width = 0; width < 12; width++) assertLessOrEqual(textWidth(truncateToWidth("aé日👩‍👩‍👧ok語z", width)), width);
});

Deno.test("truncateToWidth() ignores colors in the width and closes them", () => {
  assertEquals(truncateToWidth("\x1b[31mabcdef\x1b[39m", 6), "\x1b[31mabcdef\x1b[39m");
  assertEquals(truncateToWidth("\x1b[31mabcdef\x1b[39m!", 4), "\x1b[31mabc…\x1b[39m");
});
