import { assert, assertEquals } from "@std/assert";
import { seededRandom } from "../../lib/base/mod.ts";
import { LineSplitter } from "../../lib/journal/_line_splitter.ts";

const PIECES = ["a", "é", "日本", "😀", "\uFEFF", "\r", "\r\n", "\n", "\n\n", "\0", " ".repeat(40), "x".repeat(5000)];
const BROKEN = Uint8Array.of(0xe2, 0x82);

/** Bytes of a log that has everything: marks, NUL bytes, half characters, long and empty lines. */
function chaos(random: () => number, length: number): Uint8Array<ArrayBuffer> {
  const parts: Uint8Array[] = [];
  for (let index = 0; index < length; index++) {
    const piece = random() < 0.03 ? BROKEN : new TextEncoder().encode(PIECES[Math.floor(random() * PIECES.length)]);
    // Most stretches are ordinary, as in a real log.
    const isPlain = random() < 0.8;
    parts.push(isPlain ? new TextEncoder().encode(random() < 0.2 ? "\n" : `word${index} `) : piece);
  }
  const bytes = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let offset = 0;
  for (const part of parts) {
    bytes.set(part, offset);
    offset += part.length;
  }
  return bytes;
}

function split(bytes: Uint8Array, chunkBytes: number, maxBytes: number) {
  const counts = { tooLong: 0, withNulBytes: 0 };
  const splitter = new LineSplitter({ maxBytes, counts });
  const lines: string[] = [];
  for (let start = 0; start < bytes.length; start += chunkBytes) {
    lines.push(...splitter.push(bytes.slice(start, start + chunkBytes)));
  }
  const last = splitter.finish();
  if (last !== undefined) lines.push(last);
  return { lines, counts };
}

Deno.test("LineSplitter splits a log into the same lines, however large its chunks are", () => {
  for (let seed = 1; seed <= 8; seed++) {
    const bytes = chaos(seededRandom(seed), 200);
    for (const maxBytes of [100, 4500, 1 << 20]) {
      const one = split(bytes, 1, maxBytes);
      assert(one.lines.length > 10);
      for (const chunkBytes of [7, 1000, 1 << 20]) assertEquals(split(bytes, chunkBytes, maxBytes), one, `${seed}`);
    }
  }
});

Deno.test("LineSplitter removes a byte order mark and a carriage return from every line", () => {
  const bytes = new TextEncoder().encode("\uFEFFone\r\n\uFEFF\uFEFFtwo\r\r\n\r\n\uFEFF\nthree\uFEFF\n");
  assertEquals(split(bytes, 1 << 20, 1 << 20).lines, ["one", "\uFEFFtwo\r", "three\uFEFF"]);
});
