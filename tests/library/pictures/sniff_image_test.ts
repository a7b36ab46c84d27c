import { assertEquals } from "@std/assert";
import { sniffImage } from "../../../lib/library/mod.ts";

const latin = (value: string): Uint8Array => Uint8Array.from(value, (char) => char.charCodeAt(0));

Deno.test("sniffImage() returns the real format", () => {
  const table = [
    ["\x89PNG\r\n\x1a\n....", "png"],
    ["\xff\xd8\xff\xe0..JFIF", "jpeg"],
    ["GIF89a....", "gif"],
    ["RIFF\x10\x00\x00\x00WEBPVP8 ", "webp"],
    ["\x00\x00\x00\x20ftypavif", "avif"],
    ["\x00\x00\x00\x20ftypisom", "mp4"],
    ["\x1a\x45\xdf\xa3....", "webm"],
    ["RIFF\x10\x00\x00\x00WAVEfmt ", "wav"],
    ["ID3\x04....", "mp3"],
    ["\xff\xfb\x90", "mp3"],
  ] as const;
  for (const [head, format] of table) assertEquals(sniffImage(latin(head)), format);
});

Deno.test("sniffImage() returns null for other bytes", () => {
  for (const head of ["", "RIFF\x10\x00\x00\x00AVI ", "\x89PNG", "<html>", "GIF88a"]) {
    assertEquals(sniffImage(latin(head)), null, head);
  }
});
