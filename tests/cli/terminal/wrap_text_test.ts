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
