import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { startSandbox } from "../../../lib/sandbox/mod.ts";
import { api, call, signedIn } from "../_call.ts";

Deno.test("GET /creators returns counts, numeric names, gaps and a creator without a name", async () => {
  await using sandbox = await startSandbox();
  const { items, metadata } = (await api(sandbox, "/creators?limit=3")).json;
  assertEquals(items.map((it: { username: unknown }) => it.username), ["brambleforge", 4712, "plumb_and_line"]);
  assertEquals(["modelCount" in items[0], "modelCount" in items[2]], [true, false]);
  assertEquals([metadata.totalItems, metadata.totalPages, metadata.currentPage], [4, 2, 1]);
  assertStringIncludes(metadata.nextPage, "https://civitai.com/api/v1/creators?limit=3&page=2");
  const last = (await api(sandbox, "/creators?limit=3&page=2")).json;
  assertEquals([last.items[0].username, "nextPage" in last.metadata, "prevPage" in last.metadata], [null, false, true]);
});

Deno.test("GET /creators?query= searches within names and counts only what it scanned", async () => {
  await using sandbox = await startSandbox({ size: "small" });
  const { items, metadata } = (await api(sandbox, "/creators?query=L&limit=1")).json;
  assertEquals([items.length, metadata.hasMore, metadata.totalItems], [1, true, 2]);
  assertEquals((await api(sandbox, "/creators?query=zzz")).json.items, []);
  assertEquals((await api(sandbox, "/creators?limit=0")).status, 400);
});

Deno.test("GET /tags returns no total and no next page", async () => {
  await using sandbox = await startSandbox();
  const { items, metadata } = (await api(sandbox, "/tags?limit=5&page=3")).json;
  assertEquals([items.length, metadata], [5, { totalItems: 0, currentPage: 3, pageSize: 5, totalPages: 1 }]);
  assertEquals((await api(sandbox, "/tags?page=2")).json.items, []);
  const found = (await api(sandbox, "/tags?query=sci")).json.items;
  assertEquals(found, [{ name: "sci-fi & fantasy", link: "https://civitai.com/api/v1/models?tag=sci-fi & fantasy" }]);
  assertEquals((await api(sandbox, "/tags?limit=201")).json.error[0].path, ["limit"]);
});

Deno.test("GET /enums returns the lists", async () => {
  await using sandbox = await startSandbox();
  const { json } = await api(sandbox, "/enums");
  assert(json.ModelType.includes("LORA") && json.BaseModel.includes("Pony"));
  assertEquals(Object.keys(json), ["ModelType", "ModelFileType", "ActiveBaseModel", "BaseModel", "BaseModelType"]);
});

Deno.test("GET /me validates the token and prefers a header to the query", async () => {
  await using sandbox = await startSandbox({ token: "good" });
  assertEquals((await api(sandbox, "/me", signedIn(sandbox))).json.tier, "free");
  assertEquals((await api(sandbox, "/me?token=good")).status, 200);
  for (const path of ["/me", "/me?token=bad"]) {
    const { status, json } = await api(sandbox, path);
    assertEquals([status, json], [401, { error: "Unauthorized" }]);
  }
  assertEquals((await api(sandbox, "/me?token=good", { headers: { authorization: "Bearer bad" } })).status, 401);
  assert(sandbox.log.requests.every(({ target }) => !target.includes("token")));
});

Deno.test("Sandbox returns a page for unknown paths, and JSON for wrong methods", async () => {
  await using sandbox = await startSandbox();
  const unknown = await api(sandbox, "/nothing");
  assertEquals([unknown.status, unknown.headers.get("content-type")], [404, "text/html; charset=utf-8"]);
  assertEquals((await call(`${sandbox.apiOrigin}/login`)).status, 200);
  const posted = await api(sandbox, "/models", { method: "POST" });
  assertEquals([posted.status, posted.json], [405, { error: "Method not allowed" }]);
});

Deno.test("Sandbox blocks a region, and shows only PG and PG-13 to a restricted one", async () => {
  await using blocked = await startSandbox({ region: "blocked" });
  const { status, json } = await api(blocked, "/models");
  assertEquals([status, json.code], [451, "REGION_BLOCKED"]);
  await using restricted = await startSandbox({ size: "small", region: "restricted" });
  const { items } = (await api(restricted, "/models?nsfw=true")).json;
  assert(items.length > 0 && items.every((item: { nsfwLevel: number }) => (item.nsfwLevel & 3) !== 0));
  const images = (await api(restricted, "/images?browsingLevel=31&limit=200")).json.items;
  assert(images.every((item: { browsingLevel: number }) => item.browsingLevel <= 2));
});
