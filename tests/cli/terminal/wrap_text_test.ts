import { assertEquals } from "@std/assert";
import { wrapText } from "../../../lib/cli/mod.ts";

Deno.test("wrapText() breaks at spaces", () => {
  assertEquals(wrapText("one two  three\nfour", 9), ["one two", "three", "four"]);
});

Deno.test("wrapText() never splits a long word", () => {
  assertEquals(wrapText("a https://example.com b", 5), ["a", "https://example.com", "b"]);
});

Deno.test("wrapText() returns no line for an empty text", () => {
  assertEquals(wrapText("  ", 5), []);
});

Deno.test("wrapText() breaks Japanese between characters, and begins no line with a full stop", () => {
  assertEquals(wrapText("自動的に再試行します。続く場合は --quota を確認してください", 21), [
    "自動的に再試行しま",
    "す。続く場合は",
    "--quota を確認してく",
    "ださい",
  ]);
  assertEquals(wrapText("（catalog.db）が破損", 8), ["（catalog.db）", "が破損"]);
});
