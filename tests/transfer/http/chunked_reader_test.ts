import { assertEquals, assertThrows } from "@std/assert";
import { ChunkedReader } from "../../../lib/transfer/http/_chunked_reader.ts";

/** Decode a text that arrives in chunks of `step` bytes. */
function decode(text: string, step = text.length): { readonly body: string; readonly leftover: number } {
  const reader = new ChunkedReader();
  const bytes = Uint8Array.from(text, (char) => char.charCodeAt(0));
  let body = "";
  let leftover = 0;
  for (let at = 0; at < bytes.length; at += step) {
    const piece = bytes.slice(at, at + step);
    const got = reader.decode(piece);
    body += String.fromCharCode(...piece.subarray(0, got.count));
    leftover += got.leftover;
  }
  if (!reader.isDone) throw new Error("not done");
  return { body, leftover };
}

Deno.test("ChunkedReader decodes chunks, extensions and trailers, however they are split", () => {
  const text = '5\r\nhello\r\n00A;a;b=c ; d = "x;\\"\t"\r\n, world!!!\r\n0;z\r\netag: "1"\r\nx:\r\n\r\n';
  for (let step = 1; step <= text.length; step++) {
    assertEquals(decode(text, step), { body: "hello, world!!!", leftover: 0 });
  }
});

Deno.test("ChunkedReader counts bytes after the end", () => {
  assertEquals(decode("0\r\n\r\nHTTP/1.1"), { body: "", leftover: 8 });
  assertEquals(decode("0\r\n\r\nHTTP/1.1", 1), { body: "", leftover: 8 });
});

Deno.test("ChunkedReader accepts sizes of up to sixteen digits", () => {
  assertEquals(decode("0000000000000001\r\nx\r\n0\r\n\r\n").body, "x");
  assertThrows(() => decode("00000000000000001\r\nx\r\n0\r\n\r\n"), SyntaxError, "no valid size");
  assertThrows(() => decode("ffffffffffffffff\r\nx"), SyntaxError, "too large");
});

for (
  const text of [
    "\r\n",
    "g\r\n",
    "-1\r\n",
    "+1\r\nx\r\n",
    " 1\r\nx\r\n",
    "1 \r\nx\r\n",
    "0x1\r\nx\r\n",
    "1\nx\r\n",
    "1\r\nx\n0\r\n\r\n",
    "1\r\nxx\r\n",
    "1\r\nx0\r\n\r\n",
    "1\r\nx\r0\r\n\r\n",
    "1;\r\nx\r\n",
    "1;a=\r\nx\r\n",
    '1;a="b\r\nx\r\n',
    "1;a\x00\r\nx\r\n",
    "1;a\rb\r\nx\r\n",
    "1 a\r\nx\r\n",
    "0\r\nx\r\n\r\n",
    "0\r\n x: 1\r\n\r\n",
    "0\r\nx : 1\r\n\r\n",
    "0\r\nx: 1\n\r\n",
    "0\r\nx: \x01\r\n\r\n",
    `1;${"a".repeat(2000)}\r\nx\r\n0\r\n\r\n`,
    `0\r\n${"x: 1\r\n".repeat(4000)}\r\n`,
    `0\r\nx: ${"1".repeat(20_000)}\r\n\r\n`,
  ]
) {
  const shown = JSON.stringify(text.slice(0, 30));
  Deno.test(`ChunkedReader refuses ${shown}${text.length > 30 ? ` and so on, ${text.length} characters` : ""}`, () => {
    assertThrows(() => decode(text), SyntaxError);
    assertThrows(() => decode(text, 1), SyntaxError);
  });
}
