import { assertEquals } from "@std/assert";
import { cleanText } from "../../lib/cli/mod.ts";

Deno.test("cleanText() removes terminal sequences", () => {
  assertEquals(cleanText("a\x1b[31mb\x1b[0m\x1b[2Jc\x1b]0;title\x07d\x1bMe"), "abcde");
});

Deno.test("cleanText() makes one line", () => {
  assertEquals(cleanText("a\r\nb\tc\u2028d\u0085e"), "a b c d e");
});

Deno.test("cleanText() removes marks that reverse the reading direction", () => {
  assertEquals(cleanText("exe.\u202egpj"), "exe.gpj");
});

Deno.test("cleanText() leaves letters of any script", () => {
  assertEquals(cleanText("日本 é 👩‍👩‍👧 עברית"), "日本 é 👩‍👩‍👧 עברית");
});
