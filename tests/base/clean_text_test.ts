import { assert, assertEquals } from "@std/assert";
import { cleanLines, cleanText, escapeJsonControls, seededRandom, truncateText } from "../../lib/base/mod.ts";
import { assertLinearTime } from "../helpers/assert_linear_time.ts";

Deno.test("cleanText() removes terminal sequences", () => {
  assertEquals(cleanText("a\x1b[31mb\x1b[0m\x1b[2Jc\x1b]0;title\x07d\x1bMe"), "abcde");
  assertEquals(cleanText("a\x1b]8;;https://evil.example\x1b\\link\x1b]8;;\x1b\\b"), "alinkb");
  assertEquals(cleanText('a\x1bP$q"p\x1b\\b\x1bXsos\x1b\\c\x1b^pm\x1b\\d\x1b_apc\x1b\\e\x1b(0f'), "abcdef");
});

Deno.test("cleanText() removes terminal sequences in 8-bit form", () => {
  assertEquals(
    cleanText("a\x9b31mb\x9b2Jc\x9d0;title\x9cd\x9d0;title\x07e\x90dcs\x9cf\x98\x9e\x9f\x9cg"),
    "abcdef g",
  );
});

Deno.test("cleanText() keeps text after an unterminated sequence readable", () => {
  assertEquals(cleanText("a\x1b]0;the rest of the line"), "a0;the rest of the line");
  assertEquals(cleanText("a\x1b[12"), "a12");
  assertEquals(cleanText("a\x1b"), "a");
});

Deno.test("cleanText() returns one trimmed line", () => {
  assertEquals(cleanText("a\r\nb\tc\u2028d\u0085e"), "a b c d e");
  assertEquals(cleanText("\n a\n\tb \u0000"), "a b");
});

Deno.test("cleanText() removes bidirectional marks, zero-width characters and tags", () => {
  assertEquals(cleanText("exe.\u202egpj\u2066\u2069\u061c"), "exe.gpj");
  assertEquals(cleanText("a\u200bd\u200cm\u200di\u2060n\ufeff\u{e0041}\u{e007f}\u00ad"), "admin");
});

Deno.test("cleanText() keeps letters of any script", () => {
  assertEquals(cleanText("日本 é 👩‍👩‍👧 ❤️‍🔥 עברית"), "日本 é 👩‍👩‍👧 ❤️‍🔥 עברית");
});

Deno.test("cleanText() returns well-formed Unicode", () => {
  assertEquals(cleanText("a\ud83d \udc00b\ufffe\uffffc"), "a\ufffd \ufffdb c");
});

Deno.test("cleanLines() keeps line feeds and tabs but no other cursor movement", () => {
  assertEquals(cleanLines("a\r\nb\rc\n\td\x1b[2J\x08\u2028e\x9b1A\n"), "a\nb\nc\n\td e\n");
});

Deno.test("truncateText() cuts between characters and marks the cut", () => {
  assertEquals([truncateText("abc", 3), truncateText("abcd", 3), truncateText("a😀b", 3), truncateText("abc", 0)], [
    "abc",
    "ab…",
    "a…",
    "…",
  ]);
});

/** What the functions remove, and what may be in between. */
const PIECES = [
  ..."\x1b\x9b\x9d\x90\x98\x9c\x07\x00\x7f\x85\r\n\t",
  ...["\x1b[", "\x1b]", "\x1bP", "\x1b\\", "\x1b(", "[", "]", ";", "0", "31", "m", "K", " ", "/", "a", "日", "😀"],
  ...["\ud83d", "\udc00", "\u200d", "\u200b", "\u202e", "\u2066", "\ufeff", "\u{e0020}", "\u2028", "👩", "️"],
];

function randomText(random: () => number): string {
  return Array.from({ length: Math.floor(random() * 24) }, () => PIECES[Math.floor(random() * PIECES.length)]).join("");
}

Deno.test("cleanText() and cleanLines() leave nothing active in any text, and are idempotent", () => {
  const random = seededRandom(13);
  for (let round = 0; round < 20_000; round++) {
    const text = randomText(random);
    const line = cleanText(text);
    assert(!/[\p{Cc}\u2028\u2029\u202a-\u202e\u2066-\u2069\u200b\ufeff]|[\u{e0000}-\u{e007f}]/u.test(line), text);
    assert(line.isWellFormed());
    assertEquals(cleanText(line), line);
    const lines = cleanLines(text);
    assert(!/[\u2028\u2029\u202a-\u202e\u2066-\u2069\u200b\ufeff]|[\u{e0000}-\u{e007f}]/u.test(lines), text);
    assert(!/\p{Cc}/u.test(lines.replace(/[\n\t]/g, "")), text);
    assertEquals(cleanLines(lines), lines);
  }
});

Deno.test("cleanText() returns harmless text unchanged", () => {
  const random = seededRandom(14);
  const letters = [..."abc XYZ.,;[]()\\/0189m日本é😀אב"];
  for (let round = 0; round < 2000; round++) {
    const text = Array.from({ length: 20 }, () => letters[Math.floor(random() * letters.length)]).join("").trim();
    assertEquals(cleanText(text), text);
    assertEquals(cleanLines(`${text}\n\t${text}`), `${text}\n\t${text}`);
  }
});

Deno.test("cleanText() and cleanLines() take linear time for every repeated fragment", async () => {
  for (const piece of [...PIECES, "\x1b]0;", "\x9d\x1b[0", "\x1b[0;", "\x1b ", "\n ", "\u200d👩"]) {
    for (const clean of [cleanText, cleanLines]) await assertLinearTime(clean, piece);
  }
});

Deno.test("escapeJsonControls() keeps the value of any JSON and shows no active or hidden characters", () => {
  const random = seededRandom(15);
  for (let round = 0; round < 2000; round++) {
    const value = { [randomText(random)]: [randomText(random)] };
    const json = escapeJsonControls(JSON.stringify(value));
    assertEquals(JSON.parse(json), value);
    assert(!/[\p{Cc}\u2028\u202e\u200b\ufeff]|[\u{e0000}-\u{e007f}]/u.test(json), json);
  }
});
