import { assertEquals, assertStringIncludes } from "@std/assert";
import { type Sandbox, startSandbox } from "../../../../lib/sandbox/mod.ts";
import { api, type Called } from "../../_call.ts";

const NONE = "0".repeat(64);

function post(sandbox: Sandbox, path: string, body: unknown): Promise<Called> {
  return api(sandbox, `/model-versions/by-hash${path}`, { method: "POST", body: JSON.stringify(body) });
}

Deno.test("GET by-hash finds a version by each kind of hash, in any case", async () => {
  await using sandbox = await startSandbox({ outcomes: {} });
  const version = (await api(sandbox, "/model-versions/100004")).json;
  const { hashes } = version.files[0];
  assertEquals(Object.keys(hashes).length >= 5, true);
  for (const [kind, hash] of Object.entries<string>(hashes)) {
    if (hash === "E3B0C442") continue;
    assertEquals((await api(sandbox, `/model-versions/by-hash/${hash.toLowerCase()}`)).json, version, kind);
  }
  const miss = await api(sandbox, `/model-versions/by-hash/${NONE}`);
  assertEquals([miss.status, miss.json], [404, { error: "Model not found" }]);
});

Deno.test("POST by-hash drops misses, changes the order and misspells the start of URLs", async () => {
  await using sandbox = await startSandbox({ outcomes: {} });
  const hashes = [await sandbox.sha256Of(1_000_000), NONE, await sandbox.sha256Of(1_000_016)];
  const { json } = await post(sandbox, "", hashes);
  assertEquals(json.map((it: { id: number } | null) => it?.id ?? null), [null, 100_004, 100_000]);
  assertStringIncludes(json[1].downloadUrl, "https://undefined/api/download/models/100004");
});

Deno.test("POST by-hash/ids returns model, version and hash", async () => {
  await using sandbox = await startSandbox({ outcomes: {} });
  const hash = await sandbox.sha256Of(1_000_016);
  const { json } = await post(sandbox, "/ids", [hash.toLowerCase(), NONE, hash]);
  const row = { modelVersionId: 100_004, modelId: 100_001, hash };
  assertEquals(json, [row, row]);
});

for (const body of [undefined, {}, "x", ["zz"], [5], Array(10_001).fill(NONE)]) {
  Deno.test(`POST by-hash and its ids refuse ${JSON.stringify(body)?.slice(0, 20)}`, async () => {
    await using sandbox = await startSandbox();
    assertEquals((await post(sandbox, "", body)).status, 400);
    const { status, json } = await post(sandbox, "/ids", body);
    assertEquals(status, 400);
    assertStringIncludes(json.error, "Request must include an array of SHA256 Hashes. [");
  });
}

Deno.test("POST by-hash refuses more than a hundred", async () => {
  await using sandbox = await startSandbox();
  assertEquals((await post(sandbox, "", Array(101).fill(NONE))).status, 400);
});
