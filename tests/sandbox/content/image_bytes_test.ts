import { assertEquals, assertNotEquals, assertStringIncludes } from "@std/assert";
import { crc32, inflateSync } from "node:zlib";
import { inspectPicture } from "../../../lib/library/mod.ts";
import { imageBytes } from "../../../lib/sandbox/content/image_bytes.ts";
import type { CatalogImage } from "../../../lib/sandbox/mod.ts";

function image(encoding: CatalogImage["encoding"], sizeBytes: number, id = 500_000_001): CatalogImage {
  return {
    id,
    uuid: "",
    type: "image",
    width: 1,
    height: 1,
    nsfwLevel: 1,
    username: null,
    postId: 1,
    createdAtMs: 0,
    versionId: null,
    encoding,
    sizeBytes,
  };
}

function latin1(bytes: Uint8Array): string {
  return new TextDecoder("latin1").decode(bytes);
}

const MAGIC = [["png", "PNG\r\n"], ["jpeg", "ÿØÿ"], ["webp", "RIFF"], ["mp4", "\0\0\0\x18ftyp"], [
  "mp3",
  "ID3",
]] as const;

for (const [encoding, magic] of MAGIC) {
  Deno.test(`imageBytes() starts as ${encoding} and has the exact size`, () => {
    for (const size of [1024, 2048, 70_000, 200_002]) {
      const bytes = imageBytes(image(encoding, size));
      assertEquals(bytes.length, size);
      assertStringIncludes(latin1(bytes.subarray(0, 12)), magic);
    }
    assertNotEquals(imageBytes(image(encoding, 2048)), imageBytes(image(encoding, 2048, 500_000_002)));
  });
}

Deno.test("imageBytes() makes a PNG with intact chunks and generation data", () => {
  const bytes = imageBytes(image("png", 5000));
  const view = new DataView(bytes.buffer);
  const types: string[] = [];
  for (let at = 8; at < bytes.length;) {
    const length = view.getUint32(at);
    const type = latin1(bytes.subarray(at + 4, at + 8));
    types.push(type);
    assertEquals(view.getUint32(at + 8 + length), crc32(bytes.subarray(at + 4, at + 8 + length)));
    if (type === "IDAT") assertEquals(inflateSync(bytes.subarray(at + 8, at + 8 + length)).length, 4);
    if (type === "tEXt") assertStringIncludes(latin1(bytes.subarray(at + 8, at + 8 + length)), "parameters\0picture");
    at += 12 + length;
  }
  assertEquals(types, ["IHDR", "tEXt", "IDAT", "paDd", "IEND"]);
});

Deno.test("imageBytes() fills a JPEG with comments to the last byte", () => {
  for (let size = 1024; size < 1032; size++) {
    const bytes = imageBytes(image("jpeg", size));
    assertEquals([...bytes.subarray(-2)], [0xff, 0xd9]);
    assertEquals(bytes.length, size);
  }
});

Deno.test("imageBytes() writes the dimensions of a WebP into its header", () => {
  const bytes = imageBytes(image("webp", 3000));
  assertEquals(new DataView(bytes.buffer).getUint32(4, true), 2992);
});

Deno.test("imageBytes() makes intact pictures of any size", async () => {
  const path = await Deno.makeTempFile();
  try {
    for (const [encoding] of MAGIC) {
      for (const size of [1024, 1026, 3002, 70_000, 200_002]) {
        await Deno.writeFile(path, imageBytes(image(encoding, size)));
        assertEquals(await inspectPicture(path), { format: encoding, problem: null }, `${encoding} of ${size}`);
      }
    }
  } finally {
    await Deno.remove(path);
  }
});
