import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { type Outcome, type Sandbox, startSandbox } from "../../../lib/sandbox/mod.ts";
import { FakeClock } from "../../helpers/fake_clock.ts";
import { call, type Called, signedIn } from "../_call.ts";

function download(sandbox: Sandbox, path: string, init: RequestInit = {}): Promise<Called> {
  return call(`${sandbox.apiOrigin}/api/download/models/${path}`, init);
}

/** Id of the file of a signed URL. */
function fileOf({ headers }: Called): number {
  return Number.parseInt(/\.([0-9a-z]+)\.\w+\?/.exec(headers.get("location") ?? "")?.[1] ?? "", 36);
}

Deno.test("Download route redirects to signed storage with no-store", async () => {
  await using sandbox = await startSandbox({ outcomes: {}, requireLogin: 0 });
  const answer = await download(sandbox, "100000?fileId=1000000");
  assertEquals([answer.status, answer.headers.get("cache-control")], [307, "no-store, max-age=0"]);
  const location = new URL(answer.headers.get("location")!);
  assertEquals(location.origin, sandbox.storageOrigin);
  assertEquals(location.searchParams.get("X-Amz-Expires"), "86400");
  assertMatch(location.searchParams.get("X-Amz-Signature")!, /^[0-9a-f]{64}$/);
  assertStringIncludes(location.searchParams.get("response-content-disposition")!, "attachment; filename=");
  assertEquals(fileOf(answer), 1_000_000);
});

Deno.test("Download route returns the outcome that the facts state", async () => {
  const clock = new FakeClock();
  await using sandbox = await startSandbox({ size: "small", requireLogin: 0.3, clock });
  const expected: Readonly<Record<Outcome, readonly [number, number, string]>> = {
    ok: [307, 307, ""],
    login: [307, 401, "requires you to be logged in"],
    earlyAccess: [403, 403, '"deadline":"2026-01-15T00:00:00.000Z"'],
    permanentlyPaid: [403, 403, '{"error":"Early Access","message"'],
    archived: [410, 410, "Model archived, not available for download"],
    removed: [404, 404, "File not found"],
    takenDown: [404, 404, "File not found"],
    downloadsDisabled: [401, 401, "has disabled downloads on this file"],
    noAccess: [403, 401, "requires you to be logged in"],
    region: [451, 451, "REGION_BLOCKED"],
    staleHash: [307, 307, ""],
  };
  const seen = new Set<Outcome>();
  for (const fact of sandbox.facts()) {
    if (seen.has(fact.outcome)) continue;
    seen.add(fact.outcome);
    const [withToken, without, text] = expected[fact.outcome];
    const path = `${fact.versionId}?fileId=${fact.fileId}`;
    assertEquals((await download(sandbox, path, signedIn(sandbox))).status, withToken, fact.outcome);
    const anonymous = await download(sandbox, path);
    const isClosed = sandbox.catalog.version(fact.versionId)!.requiresLogin && ![401, 410, 451].includes(without) &&
      fact.outcome !== "takenDown";
    assertEquals(anonymous.status, isClosed ? 401 : without, fact.outcome);
    assertStringIncludes(anonymous.text, isClosed ? "requires you to be logged in" : text);
  }
  assertEquals(seen.size, 10);
});

Deno.test("Download route opens after early access", async () => {
  await using sandbox = await startSandbox({ outcomes: { earlyAccess: 1 }, requireLogin: 0 });
  assertEquals((await download(sandbox, "100000")).status, 403);
  sandbox.advance(14 * 86_400_000);
  assertEquals((await download(sandbox, "100000")).status, 307);
});

Deno.test("Download route checks archived, disabled and login in this order", async () => {
  for (const [outcome, status] of [["archived", 410], ["downloadsDisabled", 401], ["earlyAccess", 403]] as const) {
    await using sandbox = await startSandbox({ outcomes: { [outcome]: 1 }, requireLogin: 1 });
    assertEquals((await download(sandbox, "100000")).status, outcome === "earlyAccess" ? 401 : status);
    assertEquals((await download(sandbox, "100000", signedIn(sandbox))).status, status);
  }
});

Deno.test("Download route without parameters returns the caller's preferred file", async () => {
  await using sandbox = await startSandbox({ outcomes: {}, requireLogin: 0, filesPerVersion: { min: 3, max: 3 } });
  const version = [...sandbox.catalog.models()].find(({ type }) => type === "Checkpoint")!.versions[0]!;
  const size = async (init: RequestInit = {}): Promise<string | null> =>
    sandbox.catalog.file(fileOf(await download(sandbox, `${version.id}`, init)))!.size;
  assertEquals([await size(), await size(signedIn(sandbox))], ["pruned", "full"]);
});

Deno.test("Download route finds a file by its properties, or none", async () => {
  await using sandbox = await startSandbox({ outcomes: {}, requireLogin: 0, filesPerVersion: { min: 3, max: 3 } });
  const { id, files } = [...sandbox.catalog.models()].find(({ type }) => type === "Checkpoint")!.versions[0]!;
  const full = files.find(({ size }) => size === "full")!;
  const answer = await download(sandbox, `${id}?type=Model&format=SafeTensor&size=full&fp=fp32`);
  assertEquals(fileOf(answer), full.id);
  const mismatch = await download(sandbox, `${id}?type=Model&format=SafeTensor&size=full&fp=fp8`);
  assertEquals([mismatch.status, mismatch.json], [404, { error: "File not found" }]);
  assertEquals((await download(sandbox, `${id}?fileId=${files[0]!.id + 400}`)).status, 404);
  assertEquals((await download(sandbox, "7?fileId=1")).status, 404);
});

Deno.test("Download route returns a linked VAE by its type", async () => {
  await using sandbox = await startSandbox({ size: "small", outcomes: {}, requireLogin: 0 });
  const versions = [...sandbox.catalog.models()].flatMap((it) => it.versions);
  const version = versions.find((it) => it.linkedFile !== null && !it.files.some(({ type }) => type === "VAE"))!;
  assertEquals(fileOf(await download(sandbox, `${version.id}?type=VAE&format=SafeTensor`)), version.linkedFile!.id);
});

for (const path of ["0", "x", "100000?size=huge", "100000?type=Models", "100000?format=zip", "100000?fileId=x"]) {
  Deno.test(`Download route refuses ${path}`, async () => {
    await using sandbox = await startSandbox();
    const { status, json } = await download(sandbox, path);
    assertEquals(status, 400);
    assertStringIncludes(json.error, "\n  → at ");
  });
}

Deno.test("Download route counts every call against a quota of 24 hours", async () => {
  await using sandbox = await startSandbox({ outcomes: {}, requireLogin: 0, downloadQuota: 3 });
  const first = await download(sandbox, "100000");
  const head = await download(sandbox, "100000", { method: "HEAD" });
  const bad = await download(sandbox, "x");
  assertEquals([first.status, head.status, bad.status], [307, 401, 400]);
  const over = await download(sandbox, "100000");
  assertEquals([over.status, over.headers.get("retry-after")], [429, null]);
  assertStringIncludes(over.json.error, "unusual amount of downloading");
  sandbox.advance(86_400_000);
  assertEquals((await download(sandbox, "100000")).status, 307);
});

Deno.test("Download route redirects browsers to pages", async () => {
  await using sandbox = await startSandbox({ outcomes: { earlyAccess: 0.5 }, requireLogin: 1 });
  const headers = { "User-Agent": "Mozilla/5.0" };
  const plain = [...sandbox.catalog.models()].flatMap((it) => it.versions).find((it) => it.outcome === "login")!;
  const login = await download(sandbox, `${plain.id}`, { headers });
  const back = `%2Fmodel-versions%2F${plain.id}`;
  assertEquals([login.status, login.headers.get("location")], [307, `/login?returnUrl=${back}&reason=download-auth`]);
  const followed = await download(sandbox, `${plain.id}`, { headers, redirect: "follow" });
  assertEquals([followed.status, followed.headers.get("content-type")], [200, "text/html; charset=utf-8"]);
  const early = [...sandbox.catalog.models()].flatMap((it) => it.versions).find((it) => it.outcome === "earlyAccess")!;
  const url = `${early.id}?token=${sandbox.token}`;
  assertEquals((await download(sandbox, url, { headers })).headers.get("location"), `/model-versions/${early.id}`);
  assert(sandbox.log.violations.every(({ type }) => type === "browserUserAgent"));
});

Deno.test("Download route redirects the old URL of training data", async () => {
  await using sandbox = await startSandbox();
  const { status, headers } = await call(`${sandbox.apiOrigin}/api/download/training-data/100000`);
  assertEquals([status, headers.get("location")], [308, "/api/download/models/100000?type=Training%20Data"]);
});

Deno.test("Download route refuses blocked accounts", async () => {
  await using sandbox = await startSandbox({ blacklisted: true });
  const { status, json } = await download(sandbox, "100000", signedIn(sandbox));
  assertEquals([status, json], [403, { error: "Forbidden" }]);
});
