import { assertEquals } from "@std/assert";
import { sniffImage } from "../../../lib/library/mod.ts";

const latin = (value: string): Uint8Array => Uint8Array.from(value, (char) => char.charCodeAt(0));

Deno.test("sniffImage() returns the real media type", () => {
  const table = [
    ["\x89PNG\r\n\x1a\n....", "image/png", "png"],
    ["\xff\xd8\xff\xe0..JFIF", "image/jpeg", "jpeg"],
    ["GIF89a....", "image/gif", "gif"],
    ["RIFF\x10\x00\x00\x00WEBPVP8 ", "image/webp", "webp"],
    ["\x00\x00\x00\x20ftypavif", "image/avif", "avif"],
    ["\x00\x00\x00\x20ftypisom", "video/mp4", "mp4"],
    ["\x1a\x45\xdf\xa3....", "video/webm", "webm"],
    ["RIFF\x10\x00\x00\x00WAVEfmt ", "audio/wav", "wav"],
    ["ID3\x04....", "audio/mpeg", "mp3"],
    ["\xff\xfb\x90", "audio/mpeg", "mp3"],
  ] as const;
  for (const [head, mediaType, ext] of table) assertEquals(sniffImage(latin(head)), { mediaType, ext });
});

Deno.test("sniffImage() returns null for other bytes", () => {
  for (const head of ["", "RIFF\x10\x00\x00\x00AVI ", "\x89PNG", "<html>", "GIF88a"]) {
    assertEquals(sniffImage(latin(head)), null, head);
  }
});
