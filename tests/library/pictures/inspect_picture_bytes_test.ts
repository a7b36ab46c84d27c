import { assertEquals } from "@std/assert";
import { inspectPictureBytes } from "../../../lib/library/mod.ts";
import { imageBytes } from "../../../lib/sandbox/content/image_bytes.ts";
import type { CatalogImage } from "../../../lib/sandbox/mod.ts";

const IMAGE = { id: 500_000_001, sizeBytes: 70_000 } as CatalogImage;

Deno.test("inspectPictureBytes() tells the format of a complete picture", async () => {
  for (const format of ["png", "jpeg", "webp"] as const) {
    assertEquals(await inspectPictureBytes(imageBytes({ ...IMAGE, encoding: format })), { format, problem: null });
  }
});

Deno.test("inspectPictureBytes() says what is wrong with a picture that is cut, and refuses everything else", async () => {
  const cut = imageBytes({ ...IMAGE, encoding: "png" }).subarray(0, 69_000);
  assertEquals(await inspectPictureBytes(cut), { problem: "it is truncated: the PNG has no IEND chunk" });
  assertEquals(await inspectPictureBytes(imageBytes({ ...IMAGE, encoding: "mp4" })), {
    problem: "it is mp4, not a picture",
  });
  assertEquals(await inspectPictureBytes(new Uint8Array(0)), { problem: "it is not a picture" });
  const svg = new TextEncoder().encode("<svg xmlns='http://www.w3.org/2000/svg'/>");
  assertEquals(await inspectPictureBytes(svg), { problem: "it is not a picture" });
});
