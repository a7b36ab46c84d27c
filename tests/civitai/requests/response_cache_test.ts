import { assert, assertEquals, assertNotEquals, assertRejects } from "@std/assert";
import type { CachedResponse, ResponseCache } from "../../../lib/civitai/mod.ts";
import { FailureError } from "../../../lib/failsafe/mod.ts";
import { clientOf, collect, type Received, type Replay, replay, replayFixture } from "../../helpers/servers/replay.ts";

/** A cache whose content a test can read. */
class MapCache implements ResponseCache {
  readonly entries = new Map<string, CachedResponse>();
  get(key: string): CachedResponse | null {
    return this.entries.get(key) ?? null;
  }
  put(key: string, response: CachedResponse): void {
    this.entries.set(key, response);
  }
}

const TAG = 'W/"abc"';

/** Responds 304 to a matching validator, and with the whole response to all others. */
function validating(fixture: string, headers: Readonly<Record<string, string>> = { etag: TAG }): Replay {
  return replay(({ headers: asked }) =>
    asked.get("if-none-match") === TAG
      ? new Response(null, { status: 304, headers })
      : replayFixture(fixture, { headers })
  );
}

function conditions(received: readonly Received[]): (string | null)[] {
  return received.map(({ headers }) => headers.get("if-none-match"));
}

Deno.test("the client reuses a stored response that the server has not changed", async () => {
  await using server = validating("models_empty.json");
  const cache = new MapCache();
  const first = await collect(clientOf(server, { cache }).listModels({ query: "x" }));
  const second = await collect(clientOf(server, { cache }).listModels({ query: "x" }));
  assertEquals([second, conditions(server.received)], [first, [null, TAG]]);
});

Deno.test("the client reads a stored response while the server revalidates it", async () => {
  const isRead = Promise.withResolvers<boolean>();
  // The server responds 304 once the stored body is read, or after a second.
  const late = setTimeout(() => isRead.resolve(false), 1000);
  let wasReadFirst: boolean | undefined;
  await using server = replay(async ({ headers }) => {
    if (headers.get("if-none-match") !== TAG) return replayFixture("enums.json", { headers: { etag: TAG } });
    wasReadFirst = await isRead.promise;
    return new Response(null, { status: 304, headers: { etag: TAG } });
  });
  const cache = new MapCache();
  const client = clientOf(server, { cache });
  await client.enums();
  const [key, { etag, body }] = [...cache.entries][0]!;
  cache.put(key, {
    etag,
    get body() {
      isRead.resolve(true);
      return body;
    },
  });
  await client.enums();
  clearTimeout(late);
  assertEquals(wasReadFirst, true);
});

Deno.test("the client replaces a stored response that the server has changed", async () => {
  await using server = replay((_, index) => replayFixture("enums.json", { headers: { etag: `"${index}"` } }));
  const cache = new MapCache();
  for (let i = 0; i < 3; i++) await clientOf(server, { cache }).enums();
  assertEquals(conditions(server.received), [null, '"0"', '"1"']);
  assertEquals([...cache.entries.values()].map(({ etag }) => etag), ['"2"']);
});

Deno.test.each([
  { name: "no JSON", body: '{"cut":' },
  { name: "JSON of another shape", body: "[1]" },
  { name: "empty", body: "" },
])("the client requests a stored response again that is $name", async ({ body }) => {
  await using server = validating("enums.json");
  const cache = new MapCache();
  const client = clientOf(server, { cache });
  const right = await client.enums();
  const [key] = [...cache.entries.keys()];
  cache.put(key!, { etag: TAG, body });
  assertEquals(await client.enums(), right);
  assertEquals(conditions(server.received), [null, TAG, null]);
  assertNotEquals(cache.get(key!)!.body, body);
});

Deno.test("the client does not share stored responses between accounts", async () => {
  await using server = validating("enums.json");
  const cache = new MapCache();
  for (const token of ["first-token", "second-token", undefined]) await clientOf(server, { cache, token }).enums();
  assertEquals(conditions(server.received), [null, null, null]);
  assertEquals(cache.entries.size, 3);
  assert(!JSON.stringify([...cache.entries.keys()]).includes("token"));
});

Deno.test("the client does not share stored responses between URLs", async () => {
  await using one = validating("enums.json");
  await using other = validating("enums.json");
  const cache = new MapCache();
  for (const server of [one, other]) await clientOf(server, { cache }).enums();
  assertEquals([conditions(one.received), conditions(other.received)], [[null], [null]]);
});

Deno.test("the client does not store responses without a validator or with no-store", async () => {
  for (const headers of [{}, { etag: TAG, "cache-control": "no-store" }]) {
    await using server = validating("enums.json", headers);
    const cache = new MapCache();
    await clientOf(server, { cache }).enums();
    assertEquals(cache.entries.size, 0);
  }
});

Deno.test("the client does not store the account, refusals or responses to POST", async () => {
  const headers = { etag: TAG };
  await using server = replay(({ url, method }) => {
    if (url.pathname.endsWith("/me")) return Response.json({ id: 1, username: "ann" }, { headers });
    if (method === "POST") return Response.json([], { headers });
    return Response.json({ error: "No model with id 7" }, { status: 404, headers });
  });
  const cache = new MapCache();
  const client = clientOf(server, { cache, token: "a-token" });
  await client.me();
  await client.versionIdsByHashes(["0".repeat(64)]);
  await assertRejects(() => client.model(7), FailureError);
  assertEquals(cache.entries.size, 0);
});

Deno.test("the client refuses a 304 to an unconditional request", async () => {
  await using server = replay(() => new Response(null, { status: 304, headers: { etag: TAG } }));
  await assertRejects(() => clientOf(server, { cache: new MapCache(), maxRetries: 0 }).enums(), FailureError);
});
