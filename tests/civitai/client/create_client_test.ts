import { assert, assertEquals, assertMatch, assertRejects, assertStringIncludes, assertThrows } from "@std/assert";
import { KitError, VERSION } from "../../../lib/base/mod.ts";
import { FailureError } from "../../../lib/failsafe/mod.ts";
import { type ClientOptions, createClient, type UnreadableEntry } from "../../../lib/civitai/mod.ts";
import { fixture } from "../../helpers/servers/civitai_fixture.ts";
import { clientOf, replay, replayFixture } from "../../helpers/servers/replay.ts";

const TOKEN = "tok_0123456789";
const hex = (n: number): string => n.toString(16).padStart(64, "0");

for (
  const baseUrl of [
    "civitai.com",
    "ftp://civitai.com",
    "",
    "https://user:pw@civitai.com",
    "https://civitai.com/?a=1",
    "https://civitai.com/#x",
  ]
) {
  Deno.test(`createClient() refuses the base URL "${baseUrl}"`, () => {
    const error = assertThrows(() => createClient({ baseUrl }), KitError);
    assertEquals(error.code, "usage");
    assertEquals(error.message.includes("pw"), false);
    assertStringIncludes(error.hint ?? "", "https://civitai.com");
  });
}

Deno.test("createClient() accepts a path, slashes and a pasted /api/v1", () => {
  const base = (baseUrl: string) => createClient({ baseUrl }).baseUrl;
  assertEquals(base("https://civitai.com/"), "https://civitai.com");
  assertEquals(base("https://proxy.example/civitai/"), "https://proxy.example/civitai");
  assertEquals(base("https://civitai.red/api/v1/"), "https://civitai.red");
});

for (const userAgent of ["Mozilla/5.0", "my-Chrome/1", "x safari", "KnowledgeBot/1", "", "naïve/1"]) {
  Deno.test(`createClient() refuses the User-Agent "${userAgent}"`, () => {
    assertThrows(() => createClient({ userAgent }), KitError, "User-Agent");
  });
}

Deno.test("createClient() refuses an invalid token without showing it, and one that would be sent unencrypted", () => {
  const error = assertThrows(() => createClient({ token: "abc def secret" }), KitError);
  assertEquals(error.message.includes("secret"), false);
  assertThrows(() => createClient({ token: TOKEN, baseUrl: "http://civitai.com" }), KitError, "not encrypted");
  assertThrows(() => createClient({ token: TOKEN, mirrorUrl: "http://civitai.red" }), KitError, "not encrypted");
});

Deno.test("createClient() identifies itself by its own name, never as a browser", async () => {
  await using server = replay(() => replayFixture("enums.json"));
  await clientOf(server).enums();
  const agent = server.received[0]?.headers.get("user-agent") ?? "";
  assertMatch(agent, /^Civitai-DL\/\S+ \(\+https:\/\/github\.com\/\S+\)$/);
  assertStringIncludes(agent, `/${VERSION} `);
});

Deno.test("createClient() sends the token only as a header, to the origins of the API", async () => {
  await using server = replay(() => replayFixture("me.json"));
  const client = clientOf(server, { token: ` ${TOKEN}\n`, mirrorUrl: "https://civitai.red" });
  assertEquals((await client.me()).username, "brambleforge");
  assertEquals(server.received[0]?.headers.get("authorization"), `Bearer ${TOKEN}`);
  assertEquals(server.received[0]?.url.href.includes(TOKEN), false);
  assert("authorization" in client.headersFor("https://civitai.red/api/v1/me"));
  for (
    const url of [
      "https://civitai.com/x",
      "https://b2.civitai.com/x",
      "https://civitai.red.evil.example/",
      "http://civitai.red/x",
    ]
  ) {
    assertEquals("authorization" in client.headersFor(url), false);
  }
});

Deno.test("createClient() has the mirror civitai.red only for civitai.com", () => {
  const mirrors = (options: ClientOptions) =>
    "authorization" in createClient({ token: TOKEN, ...options }).headersFor("https://civitai.red/");
  assertEquals(mirrors({}), true);
  assertEquals(mirrors({ mirrorUrl: null }), false);
  assertEquals(mirrors({ baseUrl: "https://civitai.green" }), false);
});

Deno.test("me() fails with login for an invalid token", async () => {
  await using server = replay(() => replayFixture("errors/401_unauthorized.json", { status: 401 }));
  const error = await assertRejects(() => clientOf(server, { token: TOKEN }).me(), FailureError);
  assertEquals([error.failure, error.exitCode, server.received.length], ["login", 5, 1]);
});

Deno.test("model() and version() return one object each", async () => {
  await using server = replay(({ url }) =>
    replayFixture(url.pathname.includes("model-versions") ? "model_version.json" : "model_full.json")
  );
  const client = clientOf(server);
  assertEquals((await client.model(3100010)).versions.length, 3);
  assertEquals((await client.version(2900011)).modelId, 3100010);
  assertEquals(server.received.map(({ url }) => url.pathname), [
    "/api/v1/models/3100010",
    "/api/v1/model-versions/2900011",
  ]);
});

Deno.test("model() requests below the path of the base URL", async () => {
  await using server = replay(() => replayFixture("model_full.json"));
  await clientOf(server, { baseUrl: `${server.url}/civitai/` }).model(1);
  assertEquals(server.received[0]?.url.pathname, "/civitai/api/v1/models/1");
});

Deno.test("model() refuses impossible ids", async () => {
  await using server = replay(() => replayFixture("model_full.json"));
  for (const id of [0, -1, 1.5, NaN]) await assertRejects(() => clientOf(server).model(id), KitError);
  assertEquals(server.received.length, 0);
});

Deno.test("model() asks the mirror once if the base URL returns 404", async () => {
  await using server = replay(() => replayFixture("errors/404_model.json", { status: 404 }));
  await using mirror = replay(() => replayFixture("model_full.json"));
  assertEquals((await clientOf(server, { mirrorUrl: mirror.url }).model(3100010)).id, 3100010);
  assertEquals([server.received.length, mirror.received.length], [1, 1]);
});

Deno.test("model() fails with gone if neither has the model, but not while the mirror is down", async () => {
  await using server = replay(() => replayFixture("errors/404_model.json", { status: 404 }));
  await using mirror = replay((_, index) =>
    replayFixture(index === 0 ? "errors/404_model.json" : "errors/cloudflare_502.html", {
      status: index === 0 ? 404 : 502,
    })
  );
  const client = clientOf(server, { mirrorUrl: mirror.url, maxRetries: 1 });
  assertEquals((await assertRejects(() => client.model(1), FailureError)).failure, "gone");
  assertEquals((await assertRejects(() => client.model(1), FailureError)).failure, "server");
});

Deno.test("version() treats a server error for one version as gone", async () => {
  await using server = replay(() => replayFixture("errors/500_version_details.json", { status: 500 }));
  const error = await assertRejects(() => clientOf(server).version(5), FailureError);
  assertEquals([error.failure, server.received.length], ["gone", 1]);
});

Deno.test("versionSummary() reads the short response about one file", async () => {
  await using server = replay(() => replayFixture("model_version_mini.json"));
  assertEquals((await clientOf(server).versionSummary(5, { fileId: 7 })).requiresLogin, true);
  assertEquals(server.received[0]?.url.href.slice(server.url.length), "/api/v1/model-versions/mini/5?modelFileId=7");
});

Deno.test("versionByHash() finds a version by any kind of hash, in any letter case", async () => {
  await using server = replay(() => replayFixture("model_version_lora.json"));
  for (const hash of ["C1179908", "ae883bbd57", "4D9F3F9323CF"]) {
    assertEquals((await clientOf(server).versionByHash(hash)).id, 2900101);
  }
  assertEquals(server.received[0]?.url.pathname, "/api/v1/model-versions/by-hash/c1179908");
  await assertRejects(() => clientOf(server).versionByHash("xyz"), KitError);
});

Deno.test("versionByHash() refuses a version without a matching file", async () => {
  await using server = replay(() => replayFixture("model_version_lora.json"));
  assertEquals((await assertRejects(() => clientOf(server).versionByHash("00000000aa"), FailureError)).failure, "gone");
});

Deno.test("versionIdsByHashes() requests ten thousand hashes at a time, each once", async () => {
  await using server = replay(({ body }) =>
    Response.json((JSON.parse(body) as string[]).slice(0, 1).map((hash) => ({ hash, modelVersionId: 1, modelId: 2 })))
  );
  const hashes = Array.from({ length: 10_001 }, (_, index) => hex(index));
  const matches = await clientOf(server).versionIdsByHashes([...hashes, hashes[0]!.toUpperCase()]);
  assertEquals(server.received.map(({ body }) => JSON.parse(body).length), [10_000, 1]);
  assertEquals([server.received[0]?.method, server.received[0]?.url.pathname], [
    "POST",
    "/api/v1/model-versions/by-hash/ids",
  ]);
  assertEquals(matches.map(({ sha256 }) => sha256), [hashes[0], hashes[10_000]]);
});

Deno.test("versionIdsByHashes() sends no request for an empty list, and refuses invalid SHA-256 hashes", async () => {
  await using server = replay(() => Response.json([]));
  assertEquals(await clientOf(server).versionIdsByHashes([]), []);
  await assertRejects(() => clientOf(server).versionIdsByHashes(["abc"]), KitError, '"abc"');
  assertEquals(server.received.length, 0);
});

Deno.test("versionsByHashes() requests a hundred at a time and drops null entries", async () => {
  await using server = replay(() => replayFixture("by_hash_post.json"));
  const versions = await clientOf(server).versionsByHashes(Array.from({ length: 101 }, (_, index) => hex(index)));
  assertEquals([versions.length, server.received.length], [2, 2]);
});

Deno.test("findCreator() finds the exact name on a later page", async () => {
  await using server = replay((_, index) =>
    index === 0
      ? Response.json({ items: [{ username: "bram" }], metadata: { hasMore: true } })
      : Response.json({ items: [{ username: "Bramble" }, { username: 4711, modelCount: 3 }], metadata: {} })
  );
  assertEquals(await clientOf(server).findCreator("bramble"), { username: "Bramble", modelCount: null });
  assertEquals(server.received.map(({ url }) => url.searchParams.get("page")), ["1", "2"]);
  assertEquals(server.received[0]?.url.searchParams.get("query"), "bramble");
});

Deno.test("findCreator() reports unreadable creators if it finds none", async () => {
  const items = [{ username: ["bram"] }, { username: "brambleforge" }];
  await using server = replay(() => Response.json({ items, metadata: {} }));
  const named: string[] = [];
  const onUnreadable = ({ name }: UnreadableEntry) => void named.push(name);
  assertEquals((await clientOf(server).findCreator("brambleforge", { onUnreadable }))?.username, "brambleforge");
  assertEquals([await clientOf(server).findCreator("bram", { onUnreadable }), named], [null, ["creator #1"]]);
});

Deno.test("findCreator() returns null for an unknown name", async () => {
  await using server = replay(() => Response.json({ items: [{ username: 4711, modelCount: 3 }], metadata: {} }));
  assertEquals(await clientOf(server).findCreator("4711"), { username: "4711", modelCount: 3 });
  assertEquals(await clientOf(server).findCreator("bram"), null);
  await assertRejects(() => clientOf(server).findCreator(" "), KitError);
});

Deno.test("tags() reads pages until an empty one, because no next page is announced", async () => {
  await using server = replay((_, index) => replayFixture(index === 0 ? "tags_page1.json" : "tags_page_empty.json"));
  assertEquals((await clientOf(server).tags("s")).length, 4);
  assertEquals(server.received.length, 2);
});

Deno.test("enums() reads the lists", async () => {
  await using server = replay(() => replayFixture("enums.json"));
  assertEquals(
    (await clientOf(server).enums()).fileTypes,
    fixture<{ ModelFileType: string[] }>("enums.json").ModelFileType,
  );
});

Deno.test("findCreator() stops when pages repeat, even if more are announced", async () => {
  const body = { items: [{ username: "someone" }], metadata: { nextPage: "x", hasMore: true } };
  await using server = replay(() => Response.json(body));
  assertEquals(await clientOf(server).findCreator("some"), null);
  assertEquals(server.received.length, 2);
});
