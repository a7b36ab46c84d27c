import { assert, assertEquals, assertMatch, assertNotEquals, assertRejects, assertThrows } from "@std/assert";
import { createHash } from "node:crypto";
import { type Sandbox, startSandbox } from "../../lib/sandbox/mod.ts";
import { api, call, resolve } from "./_call.ts";

Deno.test("startSandbox() listens on two loopback ports", async () => {
  await using sandbox = await startSandbox();
  for (const origin of [sandbox.apiOrigin, sandbox.storageOrigin]) assertMatch(origin, /^http:\/\/127\.0\.0\.1:\d+$/);
  assertEquals(sandbox.imageOrigin, sandbox.storageOrigin);
  assert(sandbox.apiOrigin !== sandbox.storageOrigin);
});

Deno.test("startSandbox() refuses a lifetime below its unit, and leaves nothing if a port is in use", async () => {
  await assertRejects(
    () => startSandbox({ signedUrlTtlMs: 999 }),
    RangeError,
    "their lifetime must be at least 1000 ms",
  );
  await using sandbox = await startSandbox();
  await assertRejects(() => startSandbox({ port: Number(new URL(sandbox.apiOrigin).port) }), Error, "in use");
});

Deno.test("Sandbox.facts() returns the true facts of every file", async () => {
  await using sandbox = await startSandbox();
  const facts = [...sandbox.facts()];
  assertEquals(facts.map(({ fileId }) => fileId), [...sandbox.catalog.files()].map(({ id }) => id));
  const [fact] = facts;
  const hash = createHash("sha256").update(sandbox.bytesOf(fact!.fileId)).digest("hex").toUpperCase();
  assertEquals([await fact!.sha256(), await sandbox.sha256Of(fact!.fileId)], [hash, hash]);
  assert(facts.some(({ creator }) => creator === null));
});

Deno.test("Sandbox.bytesOf() and sha256Of() refuse unknown files", async () => {
  await using sandbox = await startSandbox();
  assertThrows(() => sandbox.bytesOf(5), RangeError, "Cannot find file 5");
  await assertRejects(() => sandbox.sha256Of(5), RangeError, "Cannot find file 5");
  for (const [start, end] of [[-1, 5], [5, 1], [0, 10_000_000]] as const) {
    assertThrows(() => sandbox.bytesOf(1_000_000, start, end), RangeError, "Cannot read bytes");
  }
});

Deno.test("Sandbox.log records every request and its client", async () => {
  await using sandbox = await startSandbox({ outcomes: {}, requireLogin: 0, fileSizes: [5000] });
  await api(sandbox, "/models?limit=1", { headers: { "User-Agent": "mine/1.0" } });
  await call(await resolve(sandbox, 1_000_000));
  const { log } = sandbox;
  assertEquals([log.downloadHits, log.storageBytes, log.imageBytes], [1, 5000, 0]);
  assertEquals(log.counts.get("GET /api/v1/models"), 1);
  assertEquals(log.counts.get("GET /model"), 1);
  assert(log.userAgents.has("mine/1.0"));
  assertEquals([log.peakConnections.storage, log.peakDownloads, log.activeDownloads], [1, 1, 0]);
  const stored = log.requests.at(-1)!;
  assertEquals([stored.host, stored.target.includes("?"), stored.status], ["storage", false, 200]);
  assertEquals([log.violations, log.crashes], [[], []]);
});

Deno.test("Sandbox lists a page of a hundred thousand models", async () => {
  await using sandbox = await startSandbox({ size: "large" });
  const first = (await api(sandbox, "/models?limit=20&nsfw=true")).json;
  assert(first.items.length > 10);
  const next =
    (await api(sandbox, `/models?limit=20&nsfw=true&cursor=${encodeURIComponent(first.metadata.nextCursor)}`)).json;
  assert(next.items.every(({ id }: { id: number }) => first.items.every((item: { id: number }) => item.id !== id)));
});

Deno.test("Sandbox.close() may be called twice", async () => {
  const sandbox = await startSandbox();
  await sandbox.close();
  await sandbox.close();
  await assertRejects(() => fetch(`${sandbox.apiOrigin}/`), TypeError);
});

Deno.test("Sandbox.setSeed() offers the catalog of another seed at the same origins, and an earlier one unchanged", async () => {
  await using sandbox = await startSandbox({ seed: 1 });
  await using other = await startSandbox({ seed: 2 });
  const origins = [sandbox.apiOrigin, sandbox.storageOrigin];
  const first = await offerOf(sandbox);
  sandbox.setSeed(2);
  const second = await offerOf(sandbox);
  assertEquals(second, await offerOf(other));
  assertNotEquals(second, first);
  sandbox.setSeed(1);
  assertEquals(await offerOf(sandbox), first);
  assertEquals([sandbox.apiOrigin, sandbox.storageOrigin], origins);
});

Deno.test("Sandbox.setAbsent() takes models from every endpoint, and gives them back", async () => {
  await using sandbox = await startSandbox({
    size: { creators: 1, modelsPerCreator: 3 },
    outcomes: {},
    requireLogin: 0,
  });
  const model = sandbox.catalog.modelAt(1);
  const { username } = model.creator!;
  const get = async (path: string): Promise<[number, { items?: { id: number; modelCount?: number }[] }]> => {
    const answer = await fetch(`${sandbox.apiOrigin}/api/${path}`, { redirect: "manual" });
    return [answer.status, answer.status === 307 ? (await answer.body?.cancel(), {}) : await answer.json()];
  };
  const state = async (): Promise<unknown> => {
    const [, listing] = await get(`v1/models?username=${username}&nsfw=true`);
    const [, byIds] = await get(`v1/models?ids=${model.id}&nsfw=true`);
    const [, creators] = await get(`v1/creators?query=${username}`);
    const statuses = [];
    const version = model.versions[0]!;
    for (const path of [`v1/models/${model.id}`, `v1/model-versions/${version.id}`, `download/models/${version.id}`]) {
      statuses.push((await get(path))[0]);
    }
    return [listing.items!.length, byIds.items!.length, creators.items![0]!.modelCount, statuses];
  };
  const before = await state();
  assertEquals(before, [3, 1, 3, [200, 200, 307]]);
  sandbox.setAbsent([model.id]);
  assertEquals(await state(), [2, 0, 2, [404, 404, 404]]);
  assertEquals([...sandbox.facts()].some(({ modelId }) => modelId === model.id), false);
  sandbox.setAbsent([]);
  assertEquals(await state(), before);
});

Deno.test("Sandbox.setAbsent() takes versions and files of a model that stays", async () => {
  await using sandbox = await startSandbox({
    size: { creators: 1, modelsPerCreator: 1 },
    versionsPerModel: { min: 2, max: 2 },
    filesPerVersion: { min: 2, max: 2 },
    outcomes: {},
    requireLogin: 0,
  });
  const { id, versions } = sandbox.catalog.modelAt(0);
  const [first, second] = versions;
  const state = async (): Promise<unknown> => {
    const { modelVersions } = await (await fetch(`${sandbox.apiOrigin}/api/v1/models/${id}`)).json();
    const paths = [
      `v1/model-versions/${first!.id}`,
      `v1/model-versions/${second!.id}`,
      `download/models/${first!.id}`,
      `download/models/${second!.id}`,
    ];
    const statuses = await Promise.all(paths.map(async (path) => {
      const answer = await fetch(`${sandbox.apiOrigin}/api/${path}`, { redirect: "manual" });
      await answer.body?.cancel();
      return answer.status;
    }));
    const listed = modelVersions.map((version: { id: number; files: unknown[] }) => [version.id, version.files.length]);
    return [listed, statuses];
  };
  const before = await state();
  assertEquals(before, [[[first!.id, 2], [second!.id, 2]], [200, 200, 307, 307]]);
  sandbox.setAbsent([], { versionIds: [first!.id], fileIds: [second!.files[1]!.id] });
  assertEquals(await state(), [[[second!.id, 1]], [404, 200, 404, 307]]);
  sandbox.setAbsent([]);
  assertEquals(await state(), before);
});

Deno.test("Sandbox.setToken() makes another key the only valid one", async () => {
  await using sandbox = await startSandbox({});
  const statusWith = async (token: string): Promise<number> => {
    const answer = await fetch(`${sandbox.apiOrigin}/api/v1/me`, { headers: { authorization: `Bearer ${token}` } });
    await answer.body?.cancel();
    return answer.status;
  };
  const first = sandbox.token;
  sandbox.setToken("another");
  assertEquals([await statusWith(first), await statusWith("another"), sandbox.token], [401, 200, "another"]);
});

Deno.test("Sandbox.replaceFile() keeps id and name, and serves other bytes with other hashes from another path", async () => {
  await using sandbox = await startSandbox({ outcomes: {}, requireLogin: 0 });
  const before = sandbox.facts().next().value!;
  const oldSha256 = await before.sha256();
  const oldUrl = await resolve(sandbox, before.fileId);
  const oldBytes = sandbox.bytesOf(before.fileId);
  const after = sandbox.replaceFile(before.fileId, { sizeBytes: before.sizeBytes + 1000 });
  assertEquals([after.fileId, after.name, after.sizeBytes], [before.fileId, before.name, before.sizeBytes + 1000]);
  const newSha256 = await after.sha256();
  assertNotEquals(newSha256, oldSha256);
  assertNotEquals(sandbox.bytesOf(before.fileId), oldBytes);
  assertEquals(await (await fetch(await resolve(sandbox, before.fileId))).bytes(), sandbox.bytesOf(before.fileId));
  const gone = await fetch(oldUrl);
  await gone.body?.cancel();
  assertEquals(gone.status, 404);
  const version = (await api(sandbox, `/model-versions/${before.versionId}`)).json;
  const listed = version.files.find(({ id }: { readonly id: number }) => id === before.fileId);
  assertEquals(listed.hashes.SHA256, newSha256);
  const byHash = async (hash: string): Promise<number> =>
    (await api(sandbox, `/model-versions/by-hash/${hash}`)).status;
  assertEquals([await byHash(newSha256), await byHash(oldSha256)], [200, 404]);
});

Deno.test("Sandbox.replaceFile() serves other bytes of the same size each time", async () => {
  await using sandbox = await startSandbox({ outcomes: {} });
  const { fileId, sizeBytes } = sandbox.facts().next().value!;
  const contents = [await sandbox.sha256Of(fileId)];
  for (let time = 0; time < 2; time++) contents.push(await sandbox.replaceFile(fileId).sha256());
  assertEquals([new Set(contents).size, sandbox.bytesOf(fileId).length], [3, sizeBytes]);
});

/** The first files of a sandbox by its API, with the bytes that its storage sends. */
async function offerOf(sandbox: Sandbox): Promise<unknown> {
  const { items } = await (await fetch(`${sandbox.apiOrigin}/api/v1/models?limit=3`)).json();
  const ids = [...sandbox.catalog.files()].filter(({ outcome }) => outcome === "ok").slice(0, 3).map(({ id }) => id);
  const bytes = await Promise.all(ids.map(async (id) => await (await fetch(await resolve(sandbox, id))).bytes()));
  assertEquals(bytes, ids.map((id) => sandbox.bytesOf(id)));
  return [items.map(({ name }: { readonly name: string }) => name), bytes];
}
