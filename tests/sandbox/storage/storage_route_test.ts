import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { type Sandbox, startSandbox } from "../../../lib/sandbox/mod.ts";
import { call, resolve } from "../_call.ts";

const PLAIN = { outcomes: {}, requireLogin: 0, fileSizes: [300_000] } as const;

async function bytes(url: string, headers: Record<string, string> = {}): Promise<readonly [Response, Uint8Array]> {
  const response = await fetch(url, { headers });
  return [response, new Uint8Array(await response.arrayBuffer())];
}

Deno.test("Storage serves every whole file with its headers", async () => {
  await using sandbox = await startSandbox({ requireLogin: 0.5 });
  for (const fact of sandbox.facts()) {
    if (fact.outcome !== "ok" && fact.outcome !== "login") continue;
    const [{ status, headers }, body] = await bytes(await resolve(sandbox, fact.fileId));
    assertEquals([status, headers.get("content-length")], [200, `${fact.sizeBytes}`]);
    assertMatch(headers.get("etag")!, /^"[0-9a-f]{32}-\d+"$/);
    assertEquals([headers.get("accept-ranges"), headers.has("last-modified")], ["bytes", true]);
    assertEquals(body, sandbox.bytesOf(fact.fileId));
  }
});

Deno.test("Storage writes nasty names into Content-Disposition as raw UTF-8", async () => {
  await using sandbox = await startSandbox({ ...PLAIN, nastyNames: 1, size: "small" });
  const file = [...sandbox.catalog.files()].find(({ name }) => name.startsWith("fox"))!;
  const [{ headers }] = await bytes(await resolve(sandbox, file.id));
  const latin1 = headers.get("content-disposition")!;
  const text = new TextDecoder().decode(Uint8Array.from(latin1, (letter) => letter.charCodeAt(0)));
  assertEquals(text, `attachment; filename="${file.name}"`);
});

Deno.test("Storage serves ranges", async () => {
  await using sandbox = await startSandbox(PLAIN);
  const url = await resolve(sandbox, 1_000_000);
  const ranges = [["bytes=0-0", 0, 1], ["bytes=65530-65545", 65_530, 65_546], ["bytes=299999-", 299_999, 300_000], [
    "bytes=-10",
    299_990,
    300_000,
  ]] as const;
  for (const [range, start, end] of ranges) {
    const [response, body] = await bytes(url, { Range: range });
    assertEquals([response.status, response.headers.get("content-range")], [206, `bytes ${start}-${end - 1}/300000`]);
    assertEquals(body, sandbox.bytesOf(1_000_000, start, end));
  }
});

Deno.test("Storage returns the size for a range beyond the end", async () => {
  await using sandbox = await startSandbox(PLAIN);
  const [response] = await bytes(await resolve(sandbox, 1_000_000), { Range: "bytes=300000-" });
  assertEquals([response.status, response.headers.get("content-range")], [416, "bytes */300000"]);
});

Deno.test("Storage respects If-Range", async () => {
  await using sandbox = await startSandbox(PLAIN);
  const url = await resolve(sandbox, 1_000_000);
  const { headers } = (await bytes(url, { Range: "bytes=0-0" }))[0];
  const status = async (condition: string): Promise<number> =>
    (await bytes(url, { "Range": "bytes=5-9", "If-Range": condition }))[0].status;
  assertEquals(await status(headers.get("etag")!), 206);
  assertEquals(await status(headers.get("last-modified")!), 206);
  assertEquals(await status('"other"'), 200);
  assertEquals(await status(`W/${headers.get("etag")}`), 200);
});

Deno.test("Storage refuses tokens, HEAD and unsigned requests", async () => {
  await using sandbox = await startSandbox(PLAIN);
  const url = await resolve(sandbox, 1_000_000);
  const withToken = await call(url, { headers: { authorization: `Bearer ${sandbox.token}` } });
  assertEquals(withToken.status, 400);
  assertStringIncludes(withToken.text, "<Code>InvalidRequest</Code>");
  assertEquals(sandbox.log.violations.map(({ type }) => type), ["authorizationAtStorage"]);
  assertEquals((await call(url, { method: "HEAD" })).status, 403);
  const unsigned = await call(url.replace(/\?.*/, ""));
  assertEquals(unsigned.status, 403);
  assertStringIncludes(unsigned.text, "<Code>SignatureDoesNotMatch</Code>");
  assertEquals((await call(`${sandbox.storageOrigin}/elsewhere`)).status, 404);
});

Deno.test("Storage refuses an expired URL", async () => {
  await using sandbox = await startSandbox({ ...PLAIN, signedUrlTtlMs: 60_000 });
  const url = await resolve(sandbox, 1_000_000);
  assertEquals((await call(url)).status, 200);
  sandbox.advance(60_000);
  const { status, text } = await call(url);
  assertEquals(status, 403);
  assertStringIncludes(text, "<Code>ExpiredRequest</Code>");
  assertEquals((await call(await resolve(sandbox, 1_000_000))).status, 200);
});

Deno.test("Storage refuses downloads above its concurrency limit", async () => {
  const options = { ...PLAIN, maxStorageConnections: 2, toxics: [{ type: "stall", atByte: 1000 }] } as const;
  await using sandbox = await startSandbox(options);
  const url = await resolve(sandbox, 1_000_000);
  const held = [await fetch(url), await fetch(url)];
  const { status, json } = await call(url);
  assertEquals([status, json.code], [503, "too_many_requests"]);
  assertEquals([sandbox.log.peakDownloads, sandbox.log.violations[0]?.type], [2, "tooManyConnections"]);
  for (const response of held) await response.body?.cancel();
});

Deno.test("Storage serves every image that the API names", async () => {
  await using sandbox = await startSandbox({ outcomes: {}, galleryPerVersion: 20 });
  const { items } = (await call(`${sandbox.apiOrigin}/api/v1/images?limit=200&browsingLevel=31`)).json;
  const seen = { moved: 0, mislabeled: 0, still: 0 };
  const magic: Record<string, string> = {
    jpeg: "ffd8ff",
    png: "89504e47",
    webp: "52494646",
    mp4: "00000018",
    mp3: "494433",
  };
  for (const item of items) {
    const image = sandbox.catalog.image(item.id)!;
    const [response, body] = await bytes(item.url);
    assertEquals([response.status, body.length], [200, image.sizeBytes]);
    const head = [...body.subarray(0, 4)].map((byte) => byte.toString(16).padStart(2, "0")).join("");
    if (response.redirected) seen.moved++;
    if (response.headers.get("content-type") === "text/plain") seen.mislabeled++;
    if (item.type === "video" && head.startsWith("ffd8ff")) seen.still++;
    else assert(head.startsWith(magic[image.encoding]!), `${item.url} ${head}`);
  }
  assert(Object.values(seen).every((count) => count > 0), JSON.stringify(seen));
  assertEquals(sandbox.log.violations, []);
});

Deno.test("Storage never serves a still for a transcoded video", async () => {
  await using sandbox = await startSandbox({ outcomes: {}, galleryPerVersion: 20 });
  const { items } = (await call(`${sandbox.apiOrigin}/api/v1/images?limit=200&browsingLevel=31&type=video`)).json;
  for (const item of items) {
    const [, body] = await bytes(item.url.replace("original=true", "transcode=true,original=true,quality=90"));
    assertEquals(new TextDecoder().decode(body.subarray(4, 8)), "ftyp");
  }
});

Deno.test("Storage resizes images and stills of videos to the requested width", async () => {
  await using sandbox = await startSandbox({ outcomes: {}, galleryPerVersion: 20 });
  const { items } = (await call(`${sandbox.apiOrigin}/api/v1/images?limit=200&browsingLevel=31`)).json;
  const seen = { moved: 0, video: 0, image: 0 };
  for (const { id, url, type } of items) {
    if (type === "audio" || seen[type as "video" | "image"]++ > 25) continue;
    const width = type === "video" ? "anim=false,transcode=true,width=96" : "anim=false,width=96";
    const [response, body] = await bytes(url.replace("original=true", width));
    assertEquals([response.status, body], [200, sandbox.contentsOfImage(id, { width: 96 })[0]]);
    if (response.redirected) seen.moved++;
  }
  assert(Object.values(seen).every((count) => count > 0), JSON.stringify(seen));
  const video = items.find(({ type }: { type: string }) => type === "video");
  const [, moving] = await bytes(video.url.replace("original=true", "width=96"));
  assertEquals(new TextDecoder().decode(moving.subarray(4, 8)), "ftyp");
});

Deno.test("Storage refuses an image under another name, or with a token", async () => {
  await using sandbox = await startSandbox({ outcomes: {} });
  const { items } = (await call(`${sandbox.apiOrigin}/api/v1/images?limit=1`)).json;
  const wrong = items[0].uuid ?? items[0].url.replace(/[0-9a-f]{8}-/, "00000000-");
  assertEquals((await call(wrong)).status, 404);
  await call(items[0].url, { headers: { authorization: "Bearer x" } });
  assertEquals(sandbox.log.violations.map(({ type }) => type), ["authorizationAtStorage"]);
});

Deno.test("Storage on another host serves the exported files at the signed URLs", async () => {
  const folder = await Deno.makeTempDir();
  try {
    const storageOrigin = "http://storage.test:8080";
    await using sandbox: Sandbox = await startSandbox({ ...PLAIN, storageOrigin });
    assert(sandbox.imageOrigin.startsWith("http://127.0.0.1:"));
    const written = await sandbox.exportFiles(folder);
    let total = 0;
    for (const { fileId, sizeBytes } of sandbox.facts()) {
      const url = new URL(await resolve(sandbox, fileId));
      assertEquals(url.origin, storageOrigin);
      assertEquals(await Deno.readFile(`${folder}${url.pathname}`), sandbox.bytesOf(fileId));
      total += sizeBytes;
    }
    assertEquals(written, total);
    assertEquals(await sandbox.exportFiles(folder, [1_000_000]), 300_000);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});
