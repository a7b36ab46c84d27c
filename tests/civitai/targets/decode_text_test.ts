import { assertEquals } from "@std/assert";
import { decodeText } from "../../../lib/civitai/mod.ts";

const utf8 = new TextEncoder();

Deno.test("decodeText() reads UTF-8 with and without a byte order mark", () => {
  assertEquals(decodeText(utf8.encode("逆光\n")), "逆光\n");
  assertEquals(decodeText(utf8.encode("\uFEFF逆光")), "逆光");
  assertEquals(decodeText(new Uint8Array()), "");
});

Deno.test("decodeText() reads UTF-16 of both byte orders by its mark", () => {
  assertEquals(decodeText(new Uint8Array([0xff, 0xfe, 0x41, 0, 0x06, 0x90])), "A逆");
  assertEquals(decodeText(new Uint8Array([0xfe, 0xff, 0, 0x41, 0x90, 0x06])), "A逆");
});

Deno.test("decodeText() falls back to Shift-JIS", () => {
  assertEquals(decodeText(new Uint8Array([0x83, 0x65, 0x83, 0x58, 0x83, 0x67])), "テスト");
});

Deno.test("decodeText() keeps the lines that stray bytes did not damage", () => {
  const bytes = new Uint8Array([...utf8.encode("ok\n"), 0xff, 0xfd, 0x0a, ...utf8.encode("fine")]);
  const lines = decodeText(bytes).split("\n");
  assertEquals(lines.filter((line) => !line.includes("\uFFFD")), ["ok", "fine"]);
});
