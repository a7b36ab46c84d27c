import { assertEquals } from "@std/assert";
import { type ImageFacts, imagesMetadata, mergeSidecar } from "../../../lib/library/mod.ts";

function image(id: number, changes: Partial<ImageFacts> = {}): ImageFacts {
  const plain = { width: null, height: null, nsfwLevel: 1, username: "ann", postId: null, createdAt: null, meta: null };
  return { id, url: `https://image.civitai.com/x/${id}`, file: `${id}.png`, type: "image", ...plain, ...changes };
}

Deno.test("imagesMetadata() lists each image once, newest first", () => {
  const list = imagesMetadata([image(1), image(3), image(1, { nsfwLevel: 4 })]);
  assertEquals(list.map(({ id, nsfwLevel }) => [id, nsfwLevel]), [[3, 1], [1, 4]]);
});

Deno.test("imagesMetadata() of a second run extends the first", () => {
  const first = mergeSidecar(null, imagesMetadata([image(1), image(2)]));
  const second = mergeSidecar(first.content, imagesMetadata([image(2), image(3)]), { previous: first.memory });
  assertEquals((JSON.parse(second.content!) as ImageFacts[]).map(({ id }) => id), [2, 1, 3]);
});
