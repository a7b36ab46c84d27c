import { assert, assertEquals, assertGreater, assertStringIncludes } from "@std/assert";
import { type Sandbox, startSandbox } from "../../../../lib/sandbox/mod.ts";
import { api } from "../../_call.ts";

// deno-lint-ignore no-explicit-any -- bodies are looked into, not typed
type Json = any;

async function everyModel(sandbox: Sandbox): Promise<Json[]> {
  const ids = [...sandbox.catalog.models()].map(({ id }) => id);
  return await Promise.all(ids.map(async (id) => (await api(sandbox, `/models/${id}`)).json));
}

Deno.test("GET /models/{id} omits empty keys", async () => {
  await using sandbox = await startSandbox({ outcomes: {} });
  const versions = (await everyModel(sandbox)).flatMap((model) => model.modelVersions);
  for (const key of ["images", "trainedWords", "description", "paidAccess"]) {
    assert(versions.some((version) => !(key in version)), key);
    assert(versions.every((version) => version[key] !== null && version[key]?.length !== 0), key);
  }
  assert(versions.every((version) => "createdAt" in version && version.status === "Published"));
});

Deno.test("GET /models/{id} returns images without an id, and primary as true or not at all", async () => {
  await using sandbox = await startSandbox({ outcomes: {} });
  const versions = (await everyModel(sandbox)).flatMap((model) => model.modelVersions);
  const images = versions.flatMap((version) => version.images ?? []);
  assertGreater(images.length, 0);
  for (const image of images) {
    assert(!("id" in image));
    const id = Number(/(\d+)\.\w+$/.exec(image.url)?.[1]);
    assertEquals(sandbox.catalog.image(id)?.id, id);
  }
  for (const { files } of versions) {
    assertEquals(files.filter((file: Json) => file.primary === true).length, 1);
    assert(files.every((file: Json) => file.primary === true || !("primary" in file)));
  }
});

Deno.test("GET /models/{id} returns an archived model without files, and a removed one without images", async () => {
  await using archived = await startSandbox({ outcomes: { archived: 1 } });
  for (const model of await everyModel(archived)) {
    assertEquals(model.mode, "Archived");
    assert(model.modelVersions.every((version: Json) => !("files" in version) && !("downloadUrl" in version)));
  }
  await using takenDown = await startSandbox({ outcomes: { takenDown: 1 } });
  for (const model of await everyModel(takenDown)) {
    assertEquals(model.mode, "TakenDown");
    assert(model.modelVersions.every((version: Json) => !("images" in version)));
  }
});

const BAD_IDS = [["0", "Too small"], ["-5", "Too small"], ["abc", "expected number"], ["1.5", "expected int"], [
  "99999999999",
  "Too big",
]] as const;

for (const [id, message] of BAD_IDS) {
  Deno.test(`GET /models/${id} and /model-versions/${id} are refused with a readable text`, async () => {
    await using sandbox = await startSandbox();
    for (const path of ["/models", "/model-versions", "/model-versions/mini"]) {
      const { status, json } = await api(sandbox, `${path}/${id}`);
      assertEquals(status, 400);
      assertStringIncludes(json.error, message);
      assertStringIncludes(json.error, "\n  → at id");
    }
  });
}

Deno.test("GET of an unknown model or version returns 404", async () => {
  await using sandbox = await startSandbox();
  assertEquals((await api(sandbox, "/models/7")).json, { error: "No model with id 7" });
  const version = await api(sandbox, "/model-versions/7");
  assertEquals([version.status, version.json], [404, { error: "Model not found" }]);
  assertEquals((await api(sandbox, "/model-versions/mini/7")).status, 404);
});

Deno.test("GET /model-versions/{id} includes its model, no creator, and primary as a boolean", async () => {
  await using sandbox = await startSandbox({ outcomes: {} });
  for (const model of sandbox.catalog.models()) {
    const { json } = await api(sandbox, `/model-versions/${model.versions[0]!.id}`);
    assertEquals([json.modelId, json.model.name, json.model.type], [model.id, model.name, model.type]);
    assert(!("creator" in json) && !("tags" in json));
    assert(json.files.every((file: Json) => typeof file.primary === "boolean" && !("overrideName" in file)));
    assert(json.files.every((file: Json) => !("quantType" in file.metadata)));
    assert(json.images.every((image: Json) => !("id" in image) && "meta" in image));
    assertStringIncludes(json.air, `:civitai:${model.id}@${json.id}`);
  }
});

Deno.test("GET /model-versions/{id} renames an overridden file", async () => {
  await using sandbox = await startSandbox({ outcomes: {}, nastyNames: 1 });
  const { json } = await api(sandbox, "/model-versions/100000");
  const file = sandbox.catalog.file(json.files[0].id)!;
  assertEquals([json.files[0].name, file.overridden], [file.composedName, true]);
  assert(file.name !== file.composedName);
});

Deno.test("GET /model-versions/{id} offers a linked VAE by this version's URL", async () => {
  await using sandbox = await startSandbox({ size: "small", outcomes: {} });
  const version = [...sandbox.catalog.models()].flatMap((it) => it.versions).find((it) => it.linkedFile !== null)!;
  const { files } = (await api(sandbox, `/model-versions/${version.id}`)).json;
  const linked = files.at(-1);
  assertEquals([linked.id, linked.type], [version.linkedFile!.id, "VAE"]);
  assertStringIncludes(linked.downloadUrl, `/models/${version.id}?type=VAE&format=SafeTensor`);
});

Deno.test("GET /model-versions/{id} returns the permitted uses", async () => {
  await using sandbox = await startSandbox({ outcomes: { downloadsDisabled: 0.5, permanentlyPaid: 0.5 } });
  const all = await Promise.all([...sandbox.catalog.models()].map(async ({ versions: [first] }) => ({
    outcome: first!.outcome,
    json: (await api(sandbox, `/model-versions/${first!.id}`)).json,
  })));
  for (const { outcome, json } of all) {
    assertEquals(json.usageControl, outcome === "downloadsDisabled" ? "Generation" : "Download");
    assertEquals(json.paidAccess, outcome === "permanentlyPaid" ? { permanent: true, endsAt: null } : null);
  }
});

Deno.test("GET /model-versions/{id} publishes a wrong hash for that outcome", async () => {
  await using sandbox = await startSandbox({ outcomes: { staleHash: 1 } });
  const { files } = (await api(sandbox, "/model-versions/100000")).json;
  const { SHA256, AutoV2, ...others } = files[0].hashes;
  assert(SHA256 !== await sandbox.sha256Of(files[0].id));
  assertEquals([AutoV2, others], [SHA256.slice(0, 10), {}]);
});

Deno.test("GET /model-versions/mini/{id} returns what a download needs, by the uploaded name", async () => {
  await using sandbox = await startSandbox({ outcomes: { earlyAccess: 0.1 }, requireLogin: 0 });
  for (const { versions: [version] } of sandbox.catalog.models()) {
    const { json } = await api(sandbox, `/model-versions/mini/${version!.id}`);
    const isEarly = version!.outcome === "earlyAccess";
    assertEquals([json.requireAuth, json.checkPermission, "earlyAccessEndsAt" in json], [isEarly, isEarly, isEarly]);
    assertEquals([json.size === null, Object.keys(json.hashes).length === 0], [isEarly, isEarly]);
    assertStringIncludes(json.fileName, "upload-");
  }
});

Deno.test("GET /model-versions/mini/{id} returns the requested file, or 404", async () => {
  await using sandbox = await startSandbox({ outcomes: {}, filesPerVersion: { min: 2, max: 2 } });
  const { json } = await api(sandbox, "/model-versions/mini/100000?modelFileId=1000001");
  assertEquals(json.fileName, sandbox.catalog.file(1_000_001)?.storedName);
  assertStringIncludes(json.downloadUrls[0], "?type=");
  const wrong = await api(sandbox, "/model-versions/mini/100000?modelFileId=5");
  assertEquals([wrong.status, wrong.json], [404, { error: "Missing model file" }]);
});
