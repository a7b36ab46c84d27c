import { assert, assertEquals, assertNotEquals } from "@std/assert";
import { inspectPictureBytes } from "../../../lib/library/mod.ts";
import { stillPicture } from "../../../lib/sandbox/content/still_picture.ts";
import type { CatalogImage } from "../../../lib/sandbox/mod.ts";

const IMAGE: CatalogImage = {
  id: 500_000_001,
  uuid: "",
  type: "image",
  width: 832,
  height: 1216,
  nsfwLevel: 1,
  username: null,
  postId: 1,
  createdAtMs: 0,
  versionId: null,
  encoding: "jpeg",
  sizeBytes: 4000,
};

function dimensions(png: Uint8Array): readonly [number, number] {
  const view = new DataView(png.buffer);
  return [view.getUint32(16), view.getUint32(20)];
}

Deno.test("stillPicture() makes an intact picture of the requested width, with the proportions of the image", async () => {
  for (const [width, height] of [[96, 140], [320, 468], [450, 658]] as const) {
    const bytes = stillPicture(IMAGE, width);
    assertEquals(await inspectPictureBytes(bytes), { format: "png", problem: null });
    assertEquals(dimensions(bytes), [width, height]);
    assert(bytes.length < 150_000, `${bytes.length} bytes`);
  }
});

Deno.test("stillPicture() never enlarges an image, and takes the usual size for one of unknown size", () => {
  assertEquals(dimensions(stillPicture(IMAGE, 1600)), [832, 1216]);
  assertEquals(dimensions(stillPicture({ ...IMAGE, width: null, height: null }, 2000)), [832, 1216]);
});

Deno.test("stillPicture() draws each image in its own way, the same every time", () => {
  assertEquals(stillPicture(IMAGE, 96), stillPicture(IMAGE, 96));
  assertNotEquals(stillPicture(IMAGE, 96), stillPicture({ ...IMAGE, id: IMAGE.id + 1 }, 96));
});
