import { assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import { KitError } from "../../../lib/base/mod.ts";
import { FailureError } from "../../../lib/failsafe/mod.ts";
import type { PageNotice } from "../../../lib/civitai/mod.ts";
import { clientOf, collect, replay, replayFixture } from "../../helpers/servers/replay.ts";

const page = (ids: readonly number[], nextCursor?: string | number, fields: Record<string, unknown> = {}): Response =>
  Response.json({
    items: ids.map((id) => ({ id, ...fields })),
    metadata: nextCursor === undefined ? {} : { nextCursor },
  });

Deno.test("listModels() follows the cursors to the end and yields each model once", async () => {
  await using server = replay((_, index) => replayFixture(index === 0 ? "models_page1.json" : "models_page2.json"));
  const notices: PageNotice[] = [];
  const models = await collect(clientOf(server).listModels({}, { onPage: (notice) => void notices.push(notice) }));
  assertEquals(models.map(({ id }) => id), [3100001, 3100002, 3100003, 3100004, 3100005, 3100006, 3100007]);
  assertEquals(server.received.length, 2);
  assertEquals(notices.map(({ number, received, kept }) => [number, received, kept]), [[1, 5, 5], [2, 3, 2]]);
});

Deno.test("listModels() sends the cursor unchanged, without page or the parameters of nextPage", async () => {
  await using server = replay((_, index) => replayFixture(index === 0 ? "models_page1.json" : "models_page2.json"));
  await collect(clientOf(server).listModels({ types: ["LORA", "DoRA"] }));
  assertEquals(server.received[0]?.url.searchParams.has("cursor"), false);
  assertEquals(server.received[1]?.url.searchParams.get("cursor"), "7120|90211|3100006");
  assertEquals(server.received[1]?.url.searchParams.getAll("types"), ["LORA", "DoRA"]);
  assertEquals(server.received.some(({ url }) => url.searchParams.has("page")), false);
});

Deno.test("listModels() accepts a numeric cursor and ignores a stale page in nextPage", async () => {
  await using server = replay((_, index) =>
    index === 0 ? replayFixture("models_page_numeric_cursor_with_page.json") : page([])
  );
  await collect(clientOf(server).listModels({}));
  assertEquals(server.received[1]?.url.searchParams.get("cursor"), "3100001");
  assertEquals(server.received[1]?.url.searchParams.has("page"), false);
});

Deno.test("listModels() continues after an empty page with a cursor", async () => {
  await using server = replay((_, index) =>
    index === 0 ? replayFixture("models_page_empty_with_cursor.json") : page([9])
  );
  assertEquals((await collect(clientOf(server).listModels({ query: "lantern" }))).map(({ id }) => id), [9]);
});

Deno.test("listModels() fails after fifty consecutive empty pages", async () => {
  await using server = replay((_, index) => page([], `c${index}`));
  const error = await assertRejects(() => collect(clientOf(server).listModels({})), FailureError, "50 empty pages");
  assertEquals([server.received.length, error.retryable], [50, false]);
});

Deno.test("listModels() fails when the server repeats a cursor", async () => {
  await using server = replay((_, index) => page([index + 1], index % 2 === 0 ? "a" : "b"));
  await assertRejects(() => collect(clientOf(server).listModels({})), FailureError, 'repeats the cursor "a"');
  assertEquals(server.received.length, 3);
});

Deno.test("listModels() fails when new cursors keep returning the same models", async () => {
  await using server = replay((_, index) => page(index === 0 ? [1, 2, 3] : [3, 2], `c${index}`));
  const models: number[] = [];
  const walk = async () => {
    for await (const { items } of clientOf(server).listModels({})) models.push(...items.map(({ id }) => id));
  };
  const error = await assertRejects(walk, FailureError, "3 pages in a row repeat earlier entries");
  assertEquals([models, server.received.length, error.retryable], [[1, 2, 3], 4, false]);
});

Deno.test("listModels() continues after two repeated and some empty pages", async () => {
  const pages = [[1], [1], [1], [2], [], [], [], [], [2], [3]];
  await using server = replay((_, index) => page(pages[index]!, index === pages.length - 1 ? undefined : `c${index}`));
  assertEquals((await collect(clientOf(server).listModels({}))).map(({ id }) => id), [1, 2, 3]);
});

Deno.test("listModels() fails when page after page has only unrequested models", async () => {
  const by = (username: string, id: number) => ({ id, creator: { username } });
  await using server = replay((_, index) =>
    Response.json({ items: [by(index === 0 ? "foo" : "other", index + 1)], metadata: { nextCursor: `c${index}` } })
  );
  await assertRejects(
    () => collect(clientOf(server).listModels({ username: "foo" })),
    FailureError,
    "50 pages in a row have no matching entry",
  );
  assertEquals(server.received.length, 51);
});

Deno.test("listModels() counts empty and repeated pages together", async () => {
  await using server = replay((_, index) => page(index % 2 === 0 ? [1] : [], `c${index}`));
  await assertRejects(() => collect(clientOf(server).listModels({})), FailureError, "3 pages in a row repeat");
  assertEquals(server.received.length, 7);
});

Deno.test("listModels() resumes at a cursor of an earlier run", async () => {
  await using server = replay(() => page([5]));
  await collect(clientOf(server).listModels({}, { cursor: "1|2|3" }));
  assertEquals(server.received[0]?.url.searchParams.get("cursor"), "1|2|3");
});

Deno.test("listModels() refuses the unfiltered response to an unknown tag", async () => {
  await using server = replay(() => replayFixture("models_page1.json"));
  const error = await assertRejects(() => collect(clientOf(server).listModels({ tag: "no such tag" })), KitError);
  assertEquals(error.code, "usage");
  assertStringIncludes(error.message, 'tag "no such tag"');
  assertEquals(server.received.length, 1);
});

Deno.test("listModels() drops models without the requested tag", async () => {
  await using server = replay(() =>
    Response.json({
      items: [{ id: 1, tags: ["Style"] }, { id: 2, tags: [] }, { id: 3, tags: [{ name: "style" }] }],
      metadata: {},
    })
  );
  assertEquals((await collect(clientOf(server).listModels({ tag: "style" }))).map(({ id }) => id), [1, 3]);
});

Deno.test("listModels() drops models of other creators, but keeps those without a creator", async () => {
  const by = (username: unknown, id: number) => ({ id, creator: { username } });
  await using server = replay((_, index) =>
    Response.json({
      items: index === 0 ? [by("foobar", 1)] : [by("Foo_Bar", 1), by("other", 2), { id: 3 }],
      metadata: {},
    })
  );
  const client = clientOf(server);
  await assertRejects(() => collect(client.listModels({ username: "foo bar" })), KitError, "something else");
  assertEquals((await collect(client.listModels({ username: "foo bar" }))).map(({ id }) => id), [1, 3]);
});

Deno.test("listModels() matches a user name that lost its leading zeros", async () => {
  await using server = replay(() => Response.json({ items: [{ id: 1, creator: { username: 42 } }], metadata: {} }));
  assertEquals((await collect(clientOf(server).listModels({ username: "0042" }))).length, 1);
});

Deno.test("listModels() fails with gone for an unknown user", async () => {
  await using server = replay(() => replayFixture("errors/404_user_message_only.json", { status: 404 }));
  const error = await assertRejects(() => collect(clientOf(server).listModels({ username: "nobody" })), FailureError);
  assertEquals([error.failure, server.received.length], ["gone", 1]);
  assertStringIncludes(error.message, "User not found");
});

Deno.test("listModels() refuses an empty filter before any request", async () => {
  await using server = replay(() => page([1]));
  await assertRejects(() => Promise.resolve().then(() => collect(clientOf(server).listModels({ tag: "" }))), KitError);
  assertEquals(server.received.length, 0);
});

Deno.test("listModels() does not retry the page cap", async () => {
  await using server = replay(() => replayFixture("errors/429_page_cap.json", { status: 429 }));
  const error = await assertRejects(() => collect(clientOf(server).listModels({})), FailureError);
  assertEquals([error.failure, error.retryable, server.received.length], ["pagecap", false, 1]);
});

Deno.test("listModels() stops at the caller's signal, with its reason", async () => {
  const stop = new AbortController();
  await using server = replay((_, index) => page([index], `c${index}`));
  const walk = async () => {
    for await (const _ of clientOf(server).listModels({}, { signal: stop.signal })) stop.abort(new Error("enough"));
  };
  await assertRejects(walk, Error, "enough");
  assertEquals(server.received.length, 1);
});
