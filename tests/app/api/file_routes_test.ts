import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { createHash } from "node:crypto";
import { join } from "node:path";
import { fileRoutes } from "../../../lib/app/api/file_routes.ts";
import { serveRoutes } from "../../../lib/app/http/serve_routes.ts";
import { StreamSlots } from "../../../lib/app/pictures/stream_slots.ts";
import { flaggedPath, recordFlag } from "../../../lib/downloader/mod.ts";
import { hasProgram } from "../../helpers/has_program.ts";
import { pattern } from "../../helpers/library/file_bytes.ts";
import { inTempDir } from "../../helpers/temp_dir.ts";
import { makeLibrary, type SmallLibrary } from "../_library.ts";

interface Served {
  readonly library: SmallLibrary;
  readonly folder: string;
  readonly slots: StreamSlots;
  readonly url: (sha256: string) => string;
}

/** Run a test with a real server for a library. */
async function serving(test: (served: Served) => Promise<void>, limit = 16): Promise<void> {
  await inTempDir(async (folder) => {
    using library = makeLibrary(join(folder, "library"));
    const slots = new StreamSlots(limit);
    const routes = fileRoutes({ root: library.root, catalog: () => library.catalog, slots });
    const onError = (error: unknown) => assert(false, String(error));
    await using server = await serveRoutes({ listen: "127.0.0.1:0", routes, onError });
    await test({ library, folder, slots, url: (sha256) => `${server.url}files/${sha256}` });
  });
}

async function ask(url: string, headers: Record<string, string> = {}, method = "GET") {
  const response = await fetch(url, { method, headers });
  return { status: response.status, headers: response.headers, body: new Uint8Array(await response.arrayBuffer()) };
}

const BYTES = pattern(1_300_000);
const ITEM = { key: "file:1:2", path: "models/夜 lantern.safetensors" };

Deno.test("GET /files/{sha256} answers with the whole file, and what a client needs to continue and keep it", () =>
  serving(async ({ library, url, slots }) => {
    const sha256 = library.add(BYTES, ITEM);
    for (const word of [sha256, sha256.toUpperCase()]) {
      const { status, headers, body } = await ask(url(word));
      assertEquals(status, 200);
      assertEquals(createHash("sha256").update(body).digest("hex"), sha256);
      assertEquals(headers.get("etag"), `"${sha256}"`);
      assertEquals(headers.get("cache-control"), "public, max-age=31536000, immutable");
      assertEquals(headers.get("accept-ranges"), "bytes");
      assertEquals(headers.get("content-length"), String(BYTES.length));
      assertEquals(headers.get("content-type"), "application/octet-stream");
      assertEquals(headers.get("x-content-type-options"), "nosniff");
      assertEquals(
        headers.get("content-disposition"),
        "attachment; filename=\"_ lantern.safetensors\"; filename*=UTF-8''%E5%A4%9C%20lantern.safetensors",
      );
    }
    assertEquals(slots.free, 16);
  }));

Deno.test("HEAD /files/{sha256} answers with the same head, and holds nothing", () =>
  serving(async ({ library, url, slots }) => {
    const sha256 = library.add(BYTES, ITEM);
    for (let turn = 0; turn < 40; turn++) {
      const { status, headers, body } = await ask(url(sha256), {}, "HEAD");
      assertEquals([status, headers.get("content-length"), body.length], [200, String(BYTES.length), 0]);
    }
    assertEquals(slots.free, 16);
  }));

Deno.test("GET /files/{sha256} answers ranges and conditions as RFC 9110 says", () =>
  serving(async ({ library, url }) => {
    const sha256 = library.add(BYTES, ITEM);
    const etag = `"${sha256}"`;
    const size = BYTES.length;
    const ranges = [["bytes=0-0", 0, 1], ["bytes=600000-", 600_000, size], ["bytes=-7", size - 7, size]] as const;
    for (const [range, start, end] of ranges) {
      const { status, headers, body } = await ask(url(sha256), { range });
      assertEquals([status, headers.get("content-range")], [206, `bytes ${start}-${end - 1}/${size}`]);
      assertEquals(body, BYTES.slice(start, end));
    }
    const beyond = await ask(url(sha256), { range: `bytes=${size}-` });
    assertEquals([beyond.status, beyond.headers.get("content-range")], [416, `bytes */${size}`]);
    const status = async (headers: Record<string, string>) => (await ask(url(sha256), headers)).status;
    assertEquals(await status({ "if-none-match": etag }), 304);
    assertEquals(await status({ "if-none-match": `"x", W/${etag}` }), 304);
    assertEquals(await status({ "if-none-match": "*" }), 304);
    assertEquals(await status({ "if-none-match": '"x"' }), 200);
    assertEquals(await status({ "range": "bytes=5-9", "if-range": etag }), 206);
    assertEquals(await status({ "range": "bytes=5-9", "if-range": '"x"' }), 200);
    assertEquals(await status({ "range": "bytes=5-9", "if-range": `W/${etag}` }), 200);
    assertEquals(await status({ "range": "bytes=0-1,4-5" }), 200);
  }));

Deno.test("GET /files/{sha256} answers an empty file", () =>
  serving(async ({ library, url, slots }) => {
    const sha256 = library.add(new Uint8Array(0), ITEM);
    assertEquals((await ask(url(sha256))).body.length, 0);
    assertEquals((await ask(url(sha256), { range: "bytes=0-" })).status, 416);
    assertEquals(slots.free, 16);
  }));

Deno.test("GET /files/{sha256} knows nothing that is not done, and takes nothing else for a hash", () =>
  serving(async ({ library, url }) => {
    const sha256 = library.add(BYTES, ITEM);
    library.catalog.mark(ITEM.key, { state: "planned", outcome: null, reason: null });
    const words = [sha256, "0".repeat(64), "0".repeat(63), "..%2f..%2fetc%2fpasswd", "%00", "'; DROP TABLE items; --"];
    for (const word of words) assertEquals((await ask(url(word))).status, 404, word);
  }));

Deno.test("GET /files/{sha256} refuses a file that was changed or removed since it was verified", () =>
  serving(async ({ library, url }) => {
    const sha256 = library.add(BYTES, ITEM);
    const path = join(library.root, ITEM.path);
    assertEquals((await ask(url(sha256))).status, 200);
    const { mtime } = await Deno.stat(path);
    await Deno.utime(path, mtime!, new Date(mtime!.getTime() + 2000));
    const changed = await ask(url(sha256));
    assertEquals([changed.status, changed.headers.get("content-type")], [409, "application/problem+json"]);
    const problem = JSON.parse(new TextDecoder().decode(changed.body));
    assertEquals(problem.code, "unsafe");
    assertEquals(problem.detail, `Cannot serve "${ITEM.path}": it was changed since it was verified`);
    await Deno.remove(path);
    assertStringIncludes(new TextDecoder().decode((await ask(url(sha256))).body), "it is gone");
    // Another copy serves as well.
    library.add(BYTES, { key: "file:3:4", path: "models/copy.safetensors" });
    assertEquals((await ask(url(sha256))).body, BYTES);
  }));

Deno.test(
  "GET /files/{sha256} follows no link and no path out of the library",
  { ignore: Deno.build.os === "windows" },
  () =>
    serving(async ({ library, folder, url }) => {
      const sha256 = library.add(BYTES, ITEM);
      const path = join(library.root, ITEM.path);
      await Deno.rename(path, join(folder, "outside"));
      await Deno.symlink(join(folder, "outside"), path);
      const linked = await ask(url(sha256));
      assertEquals(linked.status, 409);
      assert(!new TextDecoder().decode(linked.body).includes(folder));
      library.catalog.setPath(ITEM.key, "../outside");
      assertEquals((await ask(url(sha256))).status, 409);
      library.catalog.setPath(ITEM.key, join(folder, "outside"));
      assertEquals((await ask(url(sha256))).status, 409);
      await Deno.remove(path);
      await new Deno.Command("mkfifo", { args: [path] }).output();
      library.catalog.setPath(ITEM.key, ITEM.path);
      assertEquals((await ask(url(sha256))).status, 409);
    }),
);

Deno.test("GET /files/{sha256} never serves what is flagged or in quarantine, under any of its names", () =>
  serving(async ({ library, url }) => {
    const status = async (sha256: string) => (await ask(url(sha256))).status;
    const inQuarantine = library.add(pattern(10), { key: "file:1:1", path: flaggedPath("models/a.ckpt") });
    library.add(pattern(10), { key: "file:1:9", path: "models/copy.ckpt" });
    assertEquals(await status(inQuarantine), 403);
    const flagged = library.add(pattern(20), { key: "file:2:2", path: "models/b.ckpt" });
    assertEquals(await status(flagged), 200);
    recordFlag(library.catalog, { key: "file:2:2", hashes: {} }, { sha256: flagged, reason: "it imports os.system" });
    assertEquals(await status(flagged), 403);
    const place = { modelId: 5, versionId: 6, fileId: 7 };
    const dangerous = library.add(pattern(30), { key: "file:6:7", path: "models/c.ckpt", ...place });
    const version = { modelId: 5, name: "v", baseModel: "SDXL 1.0", publishedAt: null };
    const file = { id: 7, name: "c.ckpt", sizeKB: 1, pickleScanResult: "Success" };
    library.catalog.putVersion(6, { ...version, json: { raw: { id: 6, name: "v", files: [file] } } });
    assertEquals(await status(dangerous), 200);
    library.catalog.putVersion(6, {
      ...version,
      json: { raw: { id: 6, name: "v", files: [{ ...file, pickleScanResult: "Danger" }] } },
    });
    assertEquals(await status(dangerous), 403);
  }));

Deno.test("GET /files/{sha256} sends a bounded number of files at once, and takes the slots of clients that leave", () =>
  serving(async ({ library, url, slots }) => {
    const sha256 = library.add(pattern(40_000_000), ITEM);
    const stop = new AbortController();
    const held = await Promise.all([0, 1].map(() => fetch(url(sha256), { signal: stop.signal })));
    assertEquals(held.map(({ status }) => status), [200, 200]);
    const refused = await ask(url(sha256));
    assertEquals([refused.status, refused.headers.get("retry-after")], [503, "5"]);
    stop.abort();
    await Promise.all(held.map(({ body }) => body?.cancel().catch(() => {})));
    for (let tries = 0; slots.free < 2 && tries < 500; tries++) await new Promise((wake) => setTimeout(wake, 10));
    assertEquals(slots.free, 2);
    assertEquals((await ask(url(sha256), { range: "bytes=0-9" })).status, 206);
  }, 2));

Deno.test("GET /files/{sha256} breaks the connection if the file changes while it is sent", () =>
  inTempDir(async (folder) => {
    using library = makeLibrary(join(folder, "library"));
    const errors: unknown[] = [];
    const routes = fileRoutes({ root: library.root, catalog: () => library.catalog, slots: new StreamSlots(16) });
    await using server = await serveRoutes({ listen: "127.0.0.1:0", routes, onError: (error) => errors.push(error) });
    const sha256 = library.add(pattern(60_000_000), ITEM);
    const response = await fetch(`${server.url}files/${sha256}`);
    const reader = response.body!.getReader();
    await reader.read();
    await Deno.writeFile(join(library.root, ITEM.path), pattern(60_000_000).fill(0));
    let failure: unknown;
    try {
      while (!(await reader.read()).done);
    } catch (error) {
      failure = error;
    }
    assert(failure instanceof Error, "the whole file came");
    for (let tries = 0; errors.length === 0 && tries < 500; tries++) await new Promise((wake) => setTimeout(wake, 10));
    assertMatch(String(errors[0]), /changed since it was verified|shorter than before/);
  }));

Deno.test({
  name: "GET /files/{sha256} lets curl continue a file that it has in part",
  ignore: !await hasProgram("curl", "--version"),
  fn: () =>
    serving(async ({ library, folder, url }) => {
      const sha256 = library.add(BYTES, ITEM);
      const run = async (...args: readonly string[]) => {
        const { success, stdout } = await new Deno.Command("curl", { args: ["-sS", ...args] }).output();
        assert(success);
        return new TextDecoder().decode(stdout);
      };
      const part = join(folder, "part");
      await Deno.writeFile(part, BYTES.slice(0, 500_001));
      assertEquals(
        await run("-C", "-", "-o", part, "-w", "%{http_code} %{size_download}", url(sha256)),
        `206 ${BYTES.length - 500_001}`,
      );
      assertEquals(await Deno.readFile(part), BYTES);
      assertMatch(await run("-I", url(sha256)), /^HTTP\/1\.1 200 OK\r\n/);
      await run("-OJ", "--output-dir", folder, url(sha256));
      assertEquals(await Deno.readFile(join(folder, "_ lantern.safetensors")), BYTES);
    }),
});

Deno.test({
  name: "GET /files/{sha256} lets aria2c fetch a file by several connections",
  ignore: !await hasProgram("aria2c", "--version"),
  fn: () =>
    serving(async ({ library, folder, url }) => {
      const bytes = pattern(20_000_000);
      const sha256 = library.add(bytes, ITEM);
      const args = [
        "-q",
        "-x",
        "4",
        "-s",
        "4",
        "-k",
        "1M",
        "--checksum",
        `sha-256=${sha256}`,
        "-d",
        folder,
        "-o",
        "out",
      ];
      const { success } = await new Deno.Command("aria2c", { args: [...args, url(sha256)] }).output();
      assert(success);
      assertEquals(await Deno.readFile(join(folder, "out")), bytes);
    }),
});
