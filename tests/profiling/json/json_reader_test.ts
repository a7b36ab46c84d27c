import { assertEquals, assertThrows } from "@std/assert";
import { seededRandom } from "../../../lib/base/mod.ts";
import { JsonReader } from "../../../lib/profiling/json/json_reader.ts";

/** Serve a text in pieces, so that each token is cut somewhere. */
function readerOf(text: string, pieceBytes = 3): JsonReader {
  const bytes = new TextEncoder().encode(text);
  let at = 0;
  return new JsonReader((buffer) => {
    const piece = bytes.subarray(at, at + Math.min(pieceBytes, buffer.length));
    buffer.set(piece);
    at += piece.length;
    return piece.length === 0 ? null : piece.length;
  }, { bufferBytes: 7 });
}

Deno.test("JsonReader visits members, numbers and values across buffers", () => {
  const reader = readerOf(
    '\n{"a": [1, -2,3.5,4e3 , 9007199254740993], "skipped": {"x": ["]}"]}, "b": {"c": "\\"é"}, "e":[]} ',
  );
  const numbers: number[] = [];
  const found: unknown[] = [];
  reader.object((key) => {
    if (key === "a") reader.numbers((value) => numbers.push(value));
    else if (key === "b") found.push(reader.value());
    else if (key === "e") reader.array(() => found.push(reader.value()));
    else reader.skip();
  });
  reader.end();
  assertEquals(numbers, [1, -2, 3.5, 4000, 9007199254740992]);
  assertEquals(found, [{ c: '"é' }]);
});

Deno.test("JsonReader parses whatever JSON.stringify writes, whichever way it is cut", () => {
  const random = seededRandom(7);
  const below = (limit: number) => Math.floor(random() * limit);
  const words = ["", "plain", 'quote " and \\ slash', "日本語 😀", "\u0001\n", "}],"];
  const make = (depth: number): unknown => {
    const kind = below(depth > 3 ? 5 : 7);
    if (kind === 0) return null;
    if (kind === 1) return below(2) === 0;
    if (kind === 2) return (random() - 0.5) * 10 ** below(20);
    if (kind === 3) return below(1e6) - 5e5;
    if (kind === 4) return words[below(words.length)];
    if (kind === 5) return Array.from({ length: below(4) }, () => make(depth + 1));
    return Object.fromEntries(
      Array.from({ length: below(4) }, (_, index) => [`${index}${words[below(6)]}`, make(depth + 1)]),
    );
  };
  for (let round = 0; round < 400; round++) {
    const document = { member: make(0), list: [make(1), make(1)] };
    const text = JSON.stringify(document, null, below(3));
    const reader = readerOf(text, 1 + below(9));
    const read: Record<string, unknown> = {};
    reader.object((key) => {
      if (key === "member") return void (read[key] = reader.value());
      const list: unknown[] = [];
      reader.array(() => list.push(reader.value()));
      read[key] = list;
    });
    reader.end();
    assertEquals(read, document as unknown, text);
    readerOf(text).skip();
  }
});

for (
  const [text, reason] of [
    ['{"a": [1, 2', "the document ends early"],
    ['{"a": [1 2]}', '"," or "]" is missing'],
    ['{"a": [1, x]}', '"x" is not a number'],
    ['{"a": [1, ]}', '"" is not a number'],
    ['{"a": [-]}', '"-" is not a number'],
    ['{"b": tru}', '"tru" is not JSON'],
    ['{"b": "open', "the document ends early"],
    ["{1: 2}", "a key must be a string"],
    ['{"a": 1}', "an array should be here"],
    ["[1]", "an object should be here"],
    ['{"b": 1} more', "the document should end"],
    ["", "the document ends early"],
  ] as const
) {
  Deno.test(`JsonReader refuses ${text === "" ? "nothing" : text}`, () => {
    const reader = readerOf(text);
    assertThrows(
      () => {
        reader.object((key) => key === "a" ? reader.numbers(() => {}) : void reader.value());
        reader.end();
      },
      SyntaxError,
      reason,
    );
  });
}
