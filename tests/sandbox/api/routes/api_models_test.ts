import { assert, assertEquals, assertGreater, assertMatch, assertStringIncludes } from "@std/assert";
import { startSandbox } from "../../../../lib/sandbox/mod.ts";
import { api, signedIn, walk } from "../../_call.ts";

// deno-lint-ignore no-explicit-any -- bodies are looked into, not typed
type Json = any;

Deno.test("GET /models returns items of the documented shape under the canonical name", async () => {
  await using sandbox = await startSandbox();
  const { status, json, headers } = await api(sandbox, "/models?limit=100&nsfw=true");
  assertEquals([status, json.metadata], [200, {}]);
  assertStringIncludes(headers.get("cache-control")!, "s-maxage=300");
  for (const item of json.items) {
    const own = ["id", "name", "type", "nsfwLevel", "stats", "tags", "modelVersions", "allowCommercialUse"];
    assertEquals(own.filter((key) => !(key in item)), []);
    for (const version of item.modelVersions) {
      assert(!("modelId" in version));
      assertMatch(version.downloadUrl, /^https:\/\/civitai\.com\/api\/download\/models\/\d+$/);
      for (const file of version.files) {
        const { sizeBytes, name } = sandbox.catalog.file(file.id)!;
        assertEquals(file.name, name);
        assert(Math.abs(file.sizeKB * 1024 - sizeBytes) < 10);
        if (file.hashes.SHA256 !== undefined) {
          assertEquals(file.hashes.SHA256, await sandbox.sha256Of(file.id));
          assertEquals(file.hashes.SHA256.slice(0, 10), file.hashes.AutoV2);
        }
      }
    }
  }
});

Deno.test("GET /models returns missing creators, numeric names, hidden counters and both forms of a list", async () => {
  await using sandbox = await startSandbox({ size: { creators: 3, modelsPerCreator: 12 } });
  const items: Json[] = (await api(sandbox, "/models?nsfw=1")).json.items;
  assert(items.some((item) => !("creator" in item)));
  assert(items.some((item) => typeof item.creator?.username === "number"));
  assert(items.some((item) => item.stats.downloadCount === null));
  assert(items.some((item) => item.allowCommercialUse === "{Image,RentCivit}"));
  assert(items.some((item) => Array.isArray(item.allowCommercialUse)));
});

Deno.test("GET /models lists everything once for any page size", async () => {
  await using sandbox = await startSandbox({ outcomes: {} });
  const expected = [...sandbox.catalog.models()].map(({ id }) => id);
  for (const limit of [1, 5, 100]) {
    const ids = await walk(sandbox, `/models?nsfw=true&limit=${limit}`);
    assertEquals(ids.toSorted((a, b) => a - b), expected);
  }
});

Deno.test("GET /models loses one model at each page boundary with the newest first", async () => {
  await using sandbox = await startSandbox({ outcomes: {} });
  assertEquals((await walk(sandbox, "/models?nsfw=true&limit=100&sort=Newest")).length, 12);
  assertEquals((await walk(sandbox, "/models?nsfw=true&limit=5&sort=Newest")).length, 10);
  assertEquals((await walk(sandbox, "/models?nsfw=true&limit=5&sort=Oldest")).length, 12);
});

Deno.test("GET /models returns a cursor and a next URL", async () => {
  await using sandbox = await startSandbox({ outcomes: {} });
  const { metadata } = (await api(sandbox, "/models?nsfw=true&limit=2&token=secret")).json;
  assertMatch(metadata.nextCursor, /^\d+\|\d+\|\d+$/);
  const cursor = metadata.nextCursor.replaceAll("|", "%7C");
  assertEquals(metadata.nextPage, `https://civitai.com/api/v1/models?nsfw=true&limit=2&cursor=${cursor}`);
});

Deno.test("GET /models refuses a cursor of another sort", async () => {
  await using sandbox = await startSandbox();
  const { status, json } = await api(sandbox, "/models?cursor=5");
  assertEquals([status, json.message], [400, "Invalid cursor: expected 3 value(s) for this sort, received 1"]);
});

Deno.test("GET /models returns page 1 for any page, and refuses page with a query", async () => {
  await using sandbox = await startSandbox();
  const first = await api(sandbox, "/models?limit=2&page=1");
  const second = await api(sandbox, "/models?limit=2&page=2");
  assertEquals(second.json.items, first.json.items);
  assertEquals([second.json.metadata.currentPage, second.json.metadata.pageSize], [2, 2]);
  assertStringIncludes(second.json.metadata.nextPage, "page=2");
  assertEquals(sandbox.log.violations.map(({ type }) => type), ["pageUsed", "pageUsed"]);
});

Deno.test("GET /models caps pages permanently", async () => {
  await using sandbox = await startSandbox();
  const { status, json, headers } = await api(sandbox, "/models?limit=100&page=11");
  assertEquals([status, headers.get("retry-after")], [429, null]);
  assertStringIncludes(json.error, "too many pages");
});

Deno.test("GET /models?username= returns the creator's own models, or a message without an error", async () => {
  await using sandbox = await startSandbox();
  const { json } = await api(sandbox, "/models?username=Plumb%20and_line&nsfw=true&archived=1");
  const creator = sandbox.catalog.creatorByName("plumb_and_line")!;
  const own = [...sandbox.catalog.modelsOf(creator)].map(({ id }) => id);
  assertEquals(json.items.map((item: Json) => item.id).toSorted(), own);
  const missing = await api(sandbox, "/models?username=nobody");
  assertEquals([missing.status, missing.json], [404, { message: "User not found" }]);
});

Deno.test("GET /models shows early access only in a creator's listing", async () => {
  await using sandbox = await startSandbox({ outcomes: { earlyAccess: 1 }, versionsPerModel: { min: 1, max: 1 } });
  assertEquals((await api(sandbox, "/models?nsfw=true")).json.items, []);
  const { items } = (await api(sandbox, "/models?nsfw=true&username=brambleforge")).json;
  assertEquals(items.length, 4);
  const version = items[0].modelVersions[0];
  assertEquals([version.availability, version.files[0].hashes], ["EarlyAccess", {}]);
  assertEquals([version.paidAccess.permanent, version.paidAccess.endsAt], [false, version.earlyAccessDeadline]);
});

Deno.test("GET /models omits archived models unless any text requests them", async () => {
  await using sandbox = await startSandbox({ outcomes: { archived: 0.5 } });
  const count = async (more: string): Promise<number> =>
    (await api(sandbox, `/models?nsfw=true${more}`)).json.items.length;
  assertEquals([await count(""), await count("&archived=true"), await count("&archived=false")], [6, 12, 12]);
});

Deno.test("GET /models shows only PG by default", async () => {
  await using sandbox = await startSandbox({ size: "small" });
  const { items } = (await api(sandbox, "/models")).json;
  assert(items.every((item: Json) => (item.nsfwLevel & 1) === 1));
  const images = items.flatMap((item: Json) => item.modelVersions).flatMap((version: Json) => version.images);
  assertGreater(images.length, 0);
  assert(images.every((image: Json) => image.nsfwLevel === 1 && typeof image.id === "number"));
  const all = (await api(sandbox, "/models?nsfw=true")).json.items;
  assert(all.some((item: Json) => (item.nsfwLevel & 1) === 0));
});

Deno.test("GET /models accepts types only by repetition", async () => {
  await using sandbox = await startSandbox({ outcomes: {} });
  const { items } = (await api(sandbox, "/models?nsfw=true&types=LORA&types=VAE")).json;
  assertEquals(new Set(items.map((item: Json) => item.type)), new Set(["LORA", "VAE"]));
  const joined = await api(sandbox, "/models?types=LORA,VAE");
  assertEquals([joined.status, joined.json.error.name], [400, "ZodError"]);
  assertEquals(JSON.parse(joined.json.error.message)[0].path, ["types", 0]);
});

Deno.test("GET /models filters versions by base model", async () => {
  await using sandbox = await startSandbox({ size: "small", outcomes: {} });
  const { items } = (await api(sandbox, "/models?nsfw=true&baseModels=Pony&baseModels=NoobAI")).json;
  const bases = items.flatMap((item: Json) => item.modelVersions).map((version: Json) => version.baseModel);
  assertEquals(new Set(bases), new Set(["Pony", "NoobAI"]));
  assert(items.some((item: Json) => item.baseModels.some((base: string) => !["Pony", "NoobAI"].includes(base))));
  assertEquals((await api(sandbox, "/models?baseModels=Ponny")).json.items, []);
});

Deno.test("GET /models ignores an unknown tag and filters by a known one", async () => {
  await using sandbox = await startSandbox({ outcomes: {} });
  const ids = (json: Json): number[] => json.items.map((item: Json) => item.id);
  const all = ids((await api(sandbox, "/models?nsfw=true")).json);
  assertEquals(ids((await api(sandbox, "/models?nsfw=true&tag=nosuchtag")).json), all);
  const tagged = (await api(sandbox, "/models?nsfw=true&tag=clothing")).json.items;
  assert(tagged.length < all.length && tagged.length > 0);
  assert(tagged.every((item: Json) => item.tags.includes("clothing")));
});

Deno.test("GET /models searches with offsets as cursors, and has empty pages before the end", async () => {
  await using sandbox = await startSandbox({ size: "small", outcomes: {}, nastyNames: 0 });
  const first = (await api(sandbox, "/models?query=northern&nsfw=true&limit=2")).json;
  assert(first.items.every((item: Json) => item.name.startsWith("Northern")));
  assertEquals(first.metadata.nextCursor, "2");
  let cursor: string | undefined = "0";
  let empty = 0;
  while (cursor !== undefined) {
    const { json }: { json: Json } = await api(
      sandbox,
      `/models?query=e&nsfw=true&limit=2&baseModels=SD%202.1&cursor=${cursor}`,
    );
    cursor = json.metadata.nextCursor;
    if (json.items.length === 0 && cursor !== undefined) empty++;
  }
  assertGreater(empty, 0);
  assertEquals((await api(sandbox, "/models?query=e&cursor=1|2|3")).status, 400);
  const paged = await api(sandbox, "/models?query=e&page=1");
  assertEquals([paged.status, paged.json.error.slice(0, 22)], [400, "Cannot use page param "]);
});

Deno.test("GET /models?ids= returns those models with all their versions", async () => {
  await using sandbox = await startSandbox({ outcomes: {} });
  const { items } = (await api(sandbox, "/models?nsfw=true&ids=100002,100004")).json;
  assertEquals(items.map((item: Json) => item.id).toSorted(), [100_002, 100_004]);
  const byVersion = (await api(sandbox, "/models?nsfw=true&modelVersionIds=100012")).json.items;
  assertEquals(byVersion.map((item: Json) => item.id), [100_003]);
});

Deno.test("GET /models returns one file per version on request, or the account's preference with a token", async () => {
  await using sandbox = await startSandbox({ outcomes: {}, filesPerVersion: { min: 3, max: 3 } });
  const path = "/models?nsfw=true&types=Checkpoint&primaryFileOnly=true";
  const sizes = async (init: RequestInit = {}): Promise<Set<string>> => {
    const { items } = (await api(sandbox, path, init)).json;
    const versions: Json[] = items.flatMap((item: Json) => item.modelVersions);
    assert(versions.every((version) => version.files.length === 1 && version.files[0].primary === true));
    return new Set(versions.map((version) => version.files[0].metadata.size));
  };
  assertEquals([await sizes(), await sizes(signedIn(sandbox))], [new Set(["pruned"]), new Set(["full"])]);
});

Deno.test("GET /models?limit=0 returns one item and no cursor", async () => {
  await using sandbox = await startSandbox();
  const { items, metadata } = (await api(sandbox, "/models?limit=0")).json;
  assertEquals([items.length, metadata], [1, {}]);
});

const REFUSED = [
  "limit=101",
  "limit=x",
  "limit=-1",
  "page=0",
  "sort=Best",
  "period=Decade",
  "checkpointType=Standard",
  "browsingLevel=31",
  "allowNoCredit=true",
  "fileFormats=GGUF",
  "nsfw=maybe",
  "ids=a",
  "availability=Hidden",
];

for (const query of REFUSED) {
  Deno.test(`GET /models refuses ${query}`, async () => {
    await using sandbox = await startSandbox();
    const { status, json } = await api(sandbox, `/models?${query}`);
    assertEquals([status, json.error.name], [400, "ZodError"]);
    assertEquals(JSON.parse(json.error.message)[0].path[0], query.split("=")[0]);
  });
}

Deno.test("GET /models requires a session for personal filters", async () => {
  await using sandbox = await startSandbox();
  for (const query of ["favorites=false", "hidden=true", "availability=Private"]) {
    const { status, json } = await api(sandbox, `/models?${query}`);
    assertEquals([status, json], [401, { error: "Unauthorized" }]);
    assertEquals((await api(sandbox, `/models?${query}`, signedIn(sandbox))).status, 200);
  }
});

Deno.test("GET /models treats a bad token as none", async () => {
  await using sandbox = await startSandbox();
  const bad = await api(sandbox, "/models", { headers: { authorization: "Bearer wrong" } });
  assertEquals([bad.status, bad.json], [200, (await api(sandbox, "/models")).json]);
});

Deno.test("GET /models filters by period and early access", async () => {
  await using sandbox = await startSandbox({ outcomes: { earlyAccess: 0.5 } });
  assertEquals((await api(sandbox, "/models?nsfw=true&period=Day")).json.items, []);
  const { items } = (await api(sandbox, "/models?nsfw=true&earlyAccess=true&username=brambleforge")).json;
  const first = (item: Json): string => item.modelVersions[0].availability;
  assert(items.length > 0 && items.every((item: Json) => first(item) === "EarlyAccess"));
});

Deno.test("GET /models?ids responds without scanning its catalog", async () => {
  await using sandbox = await startSandbox({ size: "large", outcomes: {} });
  const { catalog } = sandbox;
  const { modelAt } = catalog;
  let made = 0;
  catalog.modelAt = (index) => {
    made++;
    return modelAt.call(catalog, index);
  };
  const first = catalog.modelAt(0).id;
  const wanted = [first + 99_000, first, first + 500, first + 10 ** 9, first];
  const { json } = await api(sandbox, `/models?nsfw=true&ids=${wanted.join(",")}`);
  const found: number[] = json.items.map(({ id }: Json) => id);
  assertEquals(found.toSorted((a, b) => a - b), [first, first + 500, first + 99_000]);
  assert(made < 50, `${made} models were made`);
});
