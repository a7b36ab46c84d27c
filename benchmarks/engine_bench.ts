/**
 * Microbenchmarks of the engine for `deno task benchmark-compare`. They show which part a commit has made slower.
 *
 * @module
 */
import { join } from "node:path";
import { parseLenientJson, parseModelPage } from "../lib/civitai/mod.ts";
import { DEFAULT_CHOICE, download, openEngine, openLibrary } from "../lib/downloader/mod.ts";
import { hashFile } from "../lib/library/mod.ts";
import { followWritten, HashPool, parseResponseHead, PROFILES } from "../lib/transfer/mod.ts";
import { startOwnedSandbox } from "./peers/mod.ts";

const BYTES = 16 << 20;
const folder = Deno.makeTempDirSync({ prefix: "civitai-dl-engine-bench-" });
const path = join(folder, "file.bin");
const content = new Uint8Array(BYTES).map((_, index) => index * 31 % 251);
Deno.writeFileSync(path, content);
const pool = new HashPool();
const page = Deno.readTextFileSync(new URL("../tests/civitai/fixtures/models_page1.json", import.meta.url));
const head = new TextEncoder().encode(
  "HTTP/1.1 206 Partial Content\r\nServer: nginx\r\nContent-Type: application/octet-stream\r\nContent-Length: 1048576\r\n" +
    'ETag: "5f3e-1a2b"\r\nAccept-Ranges: bytes\r\nContent-Range: bytes 0-1048575/10485760\r\nConnection: keep-alive\r\n\r\n',
);

globalThis.addEventListener("unload", () => {
  pool[Symbol.dispose]();
  Deno.removeSync(folder, { recursive: true });
});

Deno.bench({
  name: "hash behind a written file",
  group: "transfer",
  n: 8,
  warmup: 2,
  async fn() {
    using follower = pool.follow(path, { offset: BYTES, blocks: [] });
    await follower.finish(BYTES);
  },
});

Deno.bench({
  name: "hash while writing",
  group: "transfer",
  n: 8,
  warmup: 2,
  async fn() {
    using follower = followWritten();
    for (let offset = 0; offset < BYTES; offset += 1 << 20) {
      follower.advance(content.subarray(offset, offset + (1 << 20)), offset + (1 << 20));
    }
    await follower.finish(BYTES);
  },
});

Deno.bench({
  name: "head of an answer",
  group: "transfer",
  // Some microseconds each: with 2 000, it is the compiler that is measured, and runs differ by a fifth.
  n: 100_000,
  warmup: 10_000,
  fn: () => void parseResponseHead(head),
});

Deno.bench({ name: "hash a file", group: "library", n: 8, warmup: 2, fn: async () => void await hashFile(path) });

Deno.bench({
  name: "page of models",
  group: "civitai",
  n: 3000,
  warmup: 300,
  fn: () => void parseModelPage(parseLenientJson(page)),
});

// What a file costs, without the start of the program, which hides a millisecond a file.
const small = await startOwnedSandbox(50, { seed: 9, fileBytes: { min: 1024, max: 1024 } });
for (const fact of small.facts) await fact.sha256();

Deno.bench({
  name: "fifty small files, one by one",
  group: "downloader",
  n: 3,
  warmup: 1,
  async fn(bench) {
    const { sandbox } = small;
    using library = await openLibrary(Deno.makeTempDirSync({ dir: folder }), { command: "bench" });
    using engine = openEngine({
      library,
      profile: PROFILES.stable,
      durable: false,
      env: () => undefined,
      client: { baseUrl: sandbox.apiOrigin, token: sandbox.token, modelRate: 0, imageRate: 0, downloadRate: 0 },
    });
    bench.start();
    const { run } = await download({
      ...engine,
      targets: [...sandbox.catalog.creators()].map(({ username }) => ({ type: "user", username })),
      choice: { ...DEFAULT_CHOICE, previews: 0, gallery: 0, maxImages: 0 },
      command: "bench",
      reserveBytes: 0,
      approve: () => Promise.resolve(true),
      signal: new AbortController().signal,
    });
    bench.end();
    // A download that fetches nothing would look fast.
    const fetched = run?.outcomes.done ?? 0;
    if (fetched !== small.facts.length) throw new Error(`${fetched} of ${small.facts.length} files were fetched`);
  },
});
