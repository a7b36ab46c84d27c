import { assertEquals } from "@std/assert";
import { textWidth } from "../../../lib/cli/mod.ts";

Deno.test("textWidth() counts wide characters twice, and no marks or colors", () => {
  assertEquals(["abc", "日本", "e\u0301", "\x1b[1mab\x1b[22m", ""].map(textWidth), [3, 4, 1, 2, 0]);
});

Deno.test("textWidth() measures what terminals show as one character", () => {
  const widths: Readonly<Record<string, number>> = {
    "👍🏽": 2,
    "👨‍👩‍👧": 2,
    "🇯🇵": 2,
    "1️⃣": 2,
    "❤️": 2,
    "❤": 1,
    "ﾊﾝｶｸ": 4,
    "ｆｕｌｌ": 8,
    "한국어": 6,
    "─│…→✓": 5,
    "русский": 7,
    "\x1b]8;;http://x\x07link\x1b]8;;\x07": 4,
  };
  for (const [text, width] of Object.entries(widths)) assertEquals([text, textWidth(text)], [text, width]);
});

Deno.test("textWidth() measures decomposed names as composed ones, and invisible characters as nothing", () => {
  for (const text of ["한국어", "がぎぐ", "Größe"]) assertEquals(textWidth(text.normalize("NFD")), textWidth(text));
  assertEquals(["a\u200bb", "a\u00adb", "a\u200fb", "\ufeffab", "a\tb", "a\x07b"].map(textWidth), [2, 2, 2, 2, 2, 2]);
});
