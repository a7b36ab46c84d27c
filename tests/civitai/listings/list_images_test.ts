import { assertEquals, assertRejects } from "@std/assert";
import { KitError } from "../../../lib/base/mod.ts";
import { FailureError } from "../../../lib/failsafe/mod.ts";
import { clientOf, collect, replay, replayFixture } from "../../helpers/servers/replay.ts";

const page = (items: readonly Record<string, unknown>[], nextCursor?: string): Response =>
  Response.json({
    items: items.map((item) => ({ url: "https://image.civitai.com/x/y/original=true/z.jpeg", ...item })),
    metadata: nextCursor === undefined ? {} : { nextCursor },
  });

Deno.test("listImages() follows the cursors and yields each image once", async () => {
  await using server = replay((_, index) => replayFixture(index === 0 ? "images_page.json" : "images_page2.json"));
  const images = await collect(clientOf(server).listImages({ modelVersionId: 2900011 }));
  assertEquals(images.length, 9);
  assertEquals(new Set(images.map(({ id }) => id)).size, 9);
  assertEquals(server.received[1]?.url.searchParams.get("cursor"), "6|1744925337225");
});

Deno.test("listImages() never sends page, although nextPage counts pages", async () => {
  await using server = replay((_, index) => index === 0 ? replayFixture("images_page_param_trap.json") : page([]));
  await collect(clientOf(server).listImages({ modelVersionId: 1 }));
  assertEquals(server.received.some(({ url }) => url.searchParams.has("page")), false);
});

Deno.test("listImages() repeats an empty first page of a gallery that must have images", async () => {
  await using server = replay((_, index) => index < 2 ? replayFixture("images_empty_timeout.json") : page([{ id: 1 }]));
  const images = await collect(clientOf(server).listImages({ modelVersionId: 1 }, { expectsItems: true }));
  assertEquals([images.length, server.received.length], [1, 3]);
});

Deno.test("listImages() accepts an empty gallery after repeats, and at once if none was expected", async () => {
  await using server = replay(() => replayFixture("images_empty_timeout.json"));
  const client = clientOf(server);
  assertEquals(await collect(client.listImages({ modelVersionId: 1 }, { expectsItems: true })), []);
  assertEquals(server.received.length, 3);
  assertEquals(await collect(client.listImages({ modelVersionId: 1 })), []);
  assertEquals(server.received.length, 4);
});

Deno.test("listImages() repeats an empty last page once if more was announced", async () => {
  await using server = replay((_, index) =>
    index === 0 ? page([{ id: 1 }], "c") : index === 1 ? replayFixture("images_empty_timeout.json") : page([{ id: 2 }])
  );
  assertEquals((await collect(clientOf(server).listImages({ modelVersionId: 1 }))).map(({ id }) => id), [1, 2]);
});

Deno.test("listImages() yields only the requested image and stops", async () => {
  await using server = replay(() => page([{ id: 8 }, { id: 7 }], "more"));
  assertEquals((await collect(clientOf(server).listImages({ imageId: 7 }))).map(({ id }) => id), [7]);
  assertEquals(server.received.length, 1);
  assertEquals(await collect(clientOf(server).listImages({ imageId: 9 })), []);
});

Deno.test("listImages() yields only images of the requested post", async () => {
  await using server = replay((_, index) =>
    index === 0
      ? page([{ id: 1, postId: 5 }, { id: 2, postId: 6 }, { id: 3, postId: null }])
      : page([{ id: 4, postId: 6 }], "x")
  );
  const client = clientOf(server);
  assertEquals((await collect(client.listImages({ postId: 5 }))).map(({ id }) => id), [1, 3]);
  await assertRejects(() => collect(client.listImages({ postId: 5 })), KitError, "post 5");
});

Deno.test("listImages() yields only images of the requested user", async () => {
  await using server = replay(() =>
    page([{ id: 1, username: 4711 }, { id: 2, username: "eve" }, { id: 3, username: null }])
  );
  assertEquals((await collect(clientOf(server).listImages({ username: "4711" }))).map(({ id }) => id), [1, 3]);
});

Deno.test("listImages() reads a page with raw control characters", async () => {
  await using server = replay(() => replayFixture("images_raw_control_chars.txt"));
  assertEquals((await collect(clientOf(server).listImages({ modelVersionId: 1 }))).length, 1);
});

Deno.test("listImages() fails when new cursors keep returning the same images", async () => {
  await using server = replay((_, index) => page([{ id: 1 }, { id: 2 }], `c${index}`));
  await assertRejects(
    () => collect(clientOf(server).listImages({ modelVersionId: 1 })),
    FailureError,
    "3 pages in a row repeat",
  );
  assertEquals(server.received.length, 4);
});
