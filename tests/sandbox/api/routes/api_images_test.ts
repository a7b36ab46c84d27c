import { assert, assertEquals, assertGreater, assertMatch, assertStringIncludes } from "@std/assert";
import { startSandbox } from "../../../../lib/sandbox/mod.ts";
import { api, walk } from "../../_call.ts";

// deno-lint-ignore no-explicit-any -- bodies are looked into, not typed
type Json = any;

Deno.test("GET /images pages a creator's images by offset and time", async () => {
  await using sandbox = await startSandbox();
  const creator = sandbox.catalog.creatorByName("brambleforge")!;
  const own = [...sandbox.catalog.gallery.ofCreator(creator.index)].map(({ id }) => id);
  const path = "/images?username=brambleforge&browsingLevel=31&limit=7";
  const first = (await api(sandbox, path)).json;
  assertMatch(first.metadata.nextCursor, /^7\|\d{13}$/);
  assertStringIncludes(first.metadata.nextPage, "https://civitai.com/api/v1/images?username=brambleforge&");
  for (const sort of ["Newest", "Oldest", "Most Reactions"]) {
    const ids = await walk(sandbox, `${path}&sort=${sort}`);
    assertEquals(ids.toSorted((a, b) => a - b), own);
  }
});

Deno.test("GET /images shows only PG by default; nsfw=true shows all other levels", async () => {
  await using sandbox = await startSandbox({ galleryPerVersion: 60 });
  const levels = async (query: string): Promise<number[]> => {
    const { items } = (await api(sandbox, `/images?limit=200${query}`)).json;
    return [...new Set<number>(items.map((item: Json) => item.browsingLevel))].toSorted((a, b) => a - b);
  };
  assertEquals(await levels(""), [1]);
  assertEquals(await levels("&nsfw=false"), [1]);
  assertEquals(await levels("&nsfw=Soft"), [1, 2]);
  assertEquals(await levels("&nsfw=X"), [1, 2, 4, 8, 16]);
  assertEquals(await levels("&nsfw=true"), [4, 8, 16]);
  assertEquals(await levels("&nsfw=None&browsingLevel=24"), [8, 16]);
});

Deno.test("GET /images accepts levels by name, and distinguishes numbers", async () => {
  await using sandbox = await startSandbox({ galleryPerVersion: 60 });
  const { items } = (await api(sandbox, "/images?limit=200&browsingLevel=31&withTags=true")).json;
  for (const item of items) {
    assertEquals(item.nsfw, item.browsingLevel > 1);
    assertEquals(item.nsfwLevel, { 1: "None", 2: "Soft", 4: "Mature", 8: "X", 16: "X" }[item.browsingLevel as 1]);
    assert(Array.isArray(item.modelVersionIds) && Array.isArray(item.tags));
  }
  assert(items.some((item: Json) => typeof item.username === "number"));
  assert(items.some((item: Json) => item.username === null));
  assert(items.some((item: Json) => item.modelVersionIds.length === 0 && item.baseModel === null));
});

Deno.test("GET /images returns metadata only on request, flat, with numbers too large for JavaScript", async () => {
  await using sandbox = await startSandbox({ galleryPerVersion: 60 });
  const without = await api(sandbox, "/images?modelVersionId=100000&limit=200&browsingLevel=31");
  assert(without.json.items.every((item: Json) => item.meta === null));
  const { json, text } = await api(sandbox, "/images?modelVersionId=100000&limit=200&browsingLevel=31&withMeta=true");
  assert(json.items.every((item: Json) => item.meta === null || "prompt" in item.meta));
  assertStringIncludes(text, '"seed":18446744073709551615,');
  assert(json.items.some((item: Json) => typeof item.meta?.comfy === "string"));
  assert(json.items.some((item: Json) => item.meta === null));
  const required = await api(
    sandbox,
    "/images?modelVersionId=100000&limit=200&browsingLevel=31&withMeta=true&requiringMeta=true",
  );
  assert(required.json.items.every((item: Json) => item.meta !== null));
});

Deno.test("GET /images by model alone nests metadata, uses numeric cursors and applies the page", async () => {
  await using sandbox = await startSandbox({ galleryPerVersion: 20 });
  const path = "/images?modelId=100000&withMeta=true&browsingLevel=31&limit=5";
  const first = (await api(sandbox, path)).json;
  assert(first.items.every((item: Json) => item.meta.id === item.id && "meta" in item.meta));
  assertEquals(typeof first.metadata.nextCursor, "number");
  const flat = (await api(sandbox, `${path}&flatMeta=true`)).json;
  assert(flat.items.every((item: Json) => item.meta === null || "prompt" in item.meta));
  const ids = await walk(sandbox, path);
  assertEquals(ids, [...new Set(ids)].toSorted((a, b) => b - a));
  const second = (await api(sandbox, `${path}&page=2`)).json;
  assertEquals(second.items.map((item: Json) => item.id), ids.slice(5, 10));
});

Deno.test("GET /images by version or user ignores the page, but counts it in nextPage", async () => {
  await using sandbox = await startSandbox();
  const path = "/images?username=brambleforge&limit=3";
  const first = (await api(sandbox, `${path}&page=1`)).json;
  const second = (await api(sandbox, `${path}&page=2`)).json;
  assertEquals(second.items, first.items);
  assertEquals([second.metadata.currentPage, second.metadata.pageSize], [2, 3]);
  assertStringIncludes(second.metadata.nextPage, "page=3");
  assertEquals(sandbox.log.violations.length, 2);
  assertEquals((await api(sandbox, "/images?limit=200&page=6")).status, 429);
});

Deno.test("GET /images filters by post, image and type", async () => {
  await using sandbox = await startSandbox({ galleryPerVersion: 60 });
  const [image] = sandbox.catalog.galleryOf(100_000);
  const post = (await api(sandbox, `/images?postId=${image!.postId}&browsingLevel=31`)).json.items;
  assert(post.some((item: Json) => item.id === image!.id));
  assert(post.every((item: Json) => item.postId === image!.postId));
  const one = (await api(sandbox, `/images?imageId=${image!.id}&browsingLevel=31`)).json.items;
  assertEquals(one.map((item: Json) => item.id), [image!.id]);
  const videos = (await api(sandbox, "/images?type=video&browsingLevel=31")).json.items;
  assertGreater(videos.length, 0);
  assert(videos.every((item: Json) => item.type === "video" && item.url.endsWith(".mp4")));
});

Deno.test("GET /images is empty for unknown ids", async () => {
  await using sandbox = await startSandbox();
  for (const query of ["username=nobody", "modelVersionId=5", "modelId=5", "postId=5", "imageId=5", "period=Day"]) {
    assertEquals((await api(sandbox, `/images?${query}`)).json, { items: [], metadata: {} }, query);
  }
});

Deno.test("GET /images filters by base model", async () => {
  await using sandbox = await startSandbox({ size: "small" });
  const { items } = (await api(sandbox, "/images?baseModels=Pony,NoobAI&limit=50")).json;
  assertEquals(new Set(items.map((item: Json) => item.baseModel)), new Set(["Pony", "NoobAI"]));
});

Deno.test("GET /images cuts a stream early", async () => {
  await using sandbox = await startSandbox({ size: { creators: 100, modelsPerCreator: 100 }, galleryPerVersion: 8 });
  const { json } = await api(sandbox, "/images?limit=200&browsingLevel=31&cursor=49800|1");
  assertEquals([json.items.length, json.metadata], [200, {}]);
});

for (
  const query of [
    "limit=201",
    "sort=Random",
    "sort=Best",
    "nsfw=Maybe",
    "username=a%20b",
    "baseModels=Ponny",
    "type=text",
    "modelId=x",
  ]
) {
  Deno.test(`GET /images refuses ${query}`, async () => {
    await using sandbox = await startSandbox();
    const { status, json } = await api(sandbox, `/images?${query}`);
    assertEquals([status, json.error.name], [400, "ZodError"]);
  });
}

Deno.test("GET /images refuses an invalid cursor", async () => {
  await using sandbox = await startSandbox();
  for (const query of ["cursor=x", "cursor=5", "modelId=100000&cursor=x"]) {
    const { status, json } = await api(sandbox, `/images?${query}`);
    assertEquals([status, json.code], [400, "BAD_REQUEST"], query);
  }
});
