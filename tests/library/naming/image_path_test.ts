import { assertEquals, assertThrows } from "@std/assert";
import {
  galleryPath,
  imagePath,
  parseImageFolder,
  planImageFolder,
  previewPath,
  sidecarPath,
} from "../../../lib/library/mod.ts";
import { shardFolder } from "../../../lib/library/naming/shard_folder.ts";

Deno.test("imagePath() fills a user's folder with 9 000 images before the next", () => {
  const place = { folder: "images/ann", imageId: 5, ext: "png" };
  assertEquals(imagePath({ ...place, position: 0 }), "images/ann/5.png");
  assertEquals(imagePath({ ...place, position: 8999 }), "images/ann/5.png");
  assertEquals(imagePath({ ...place, position: 9000 }), "images/ann/0001/5.png");
  assertEquals(imagePath({ ...place, position: 99_999 }), "images/ann/0011/5.png");
});

Deno.test("planImageFolder() accepts a missing and an invalid user name, and imagePath() an invalid extension", () => {
  assertEquals(planImageFolder(null), "images/unknown");
  const folder = planImageFolder("../x");
  assertEquals(imagePath({ folder, imageId: 5, ext: "a/b", position: 0 }), "images/_x/5.a_b");
});

Deno.test("parseImageFolder() finds the folder of a user in the path of each image", () => {
  assertEquals(parseImageFolder("images/ann/5.png"), "images/ann");
  assertEquals(parseImageFolder("images/ann/0001/5.png"), "images/ann");
});

Deno.test("shardFolder() refuses an invalid position", () => {
  for (const position of [-1, 0.5, NaN]) assertThrows(() => shardFolder("a", position), RangeError);
});

Deno.test("galleryPath() is outside the folders that programs scan", () => {
  const place = { modelPath: "a/b/x.pt", versionId: 9, imageId: 5 };
  assertEquals(galleryPath(place), "a/b/Gallery/5.jpeg");
  assertEquals(galleryPath({ ...place, ext: "mp4", position: 9000 }), "a/b/Gallery/0001/5.mp4");
  assertEquals(galleryPath(place, { layout: "comfyui" }), "civitai/gallery/9/5.jpeg");
  assertEquals(galleryPath(place, { template: "{file}" }), "a/b/Gallery/9/5.jpeg");
  assertEquals(galleryPath({ ...place, modelPath: "x.pt" }), "Gallery/5.jpeg");
});

Deno.test("previewPath() adds numbers from the second on", () => {
  assertEquals(previewPath("a/x.v1.safetensors", 1, "jpeg"), "a/x.v1.preview.jpeg");
  assertEquals(previewPath("a/x.v1.safetensors", 2, "mp4"), "a/x.v1.preview.2.mp4");
});

Deno.test("sidecarPath() keeps folder and base name", () => {
  assertEquals(sidecarPath("a.b/model v1.0", ".civitai.info"), "a.b/model v1.0.civitai.info");
  assertEquals(sidecarPath("x.ckpt", ".json"), "x.json");
});
