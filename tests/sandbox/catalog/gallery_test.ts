import { assert, assertEquals, assertGreater } from "@std/assert";
import { settleCatalog } from "../../../lib/sandbox/_settle_catalog.ts";
import { Catalog } from "../../../lib/sandbox/mod.ts";

function setUp(galleryPerVersion = 8): Catalog {
  return new Catalog(settleCatalog({ galleryPerVersion }, 0));
}

Deno.test("Catalog.galleryOf() returns the images posted for a version", () => {
  const catalog = setUp();
  const all = [...catalog.gallery.all("oldest")];
  for (const version of [...catalog.models()].flatMap((model) => model.versions)) {
    assertEquals([...catalog.galleryOf(version.id)], all.filter((image) => image.versionId === version.id));
  }
});

Deno.test("Gallery.ofCreator() returns the images posted by a user", () => {
  const { gallery, ...rest } = { gallery: setUp().gallery, catalog: setUp() };
  const all = [...gallery.all("oldest")];
  for (const { username, index } of rest.catalog.creators()) {
    const own = [...gallery.ofCreator(index)];
    assertEquals(own, all.filter((image) => image.username === username));
    assertGreater(own.length, 10);
  }
});

Deno.test("Gallery.ofPost() returns the images of a post, all by one user", () => {
  const { gallery } = setUp();
  for (const image of gallery.all("oldest")) {
    const post = [...gallery.ofPost(image.postId)];
    assert(post.some(({ id }) => id === image.id));
    assertEquals(new Set(post.map(({ username }) => username).filter((name) => name !== null)).size <= 1, true);
  }
  assertEquals([...gallery.ofPost(5)], []);
});

Deno.test("Gallery.imageById() finds images and nothing else", () => {
  const { gallery } = setUp();
  for (const image of gallery.all("newest")) assertEquals(gallery.imageById(image.id), image);
  for (const id of [0, 499_999_999, 600_000_000, 500_000_000.5]) assertEquals(gallery.imageById(id), null);
});

Deno.test("Gallery has images, videos and sounds, some without a name, a version or a size", () => {
  const all = [...setUp(100).gallery.all("oldest")];
  for (const type of ["image", "video", "audio"]) assert(all.some((image) => image.type === type));
  assert(all.some(({ username }) => username === null));
  assert(all.some(({ versionId }) => versionId === null));
  assert(all.some(({ width, type }) => width === null && type === "image"));
});

Deno.test("Gallery can be empty", () => {
  assertEquals([...setUp(0).gallery.all("newest")], []);
});
