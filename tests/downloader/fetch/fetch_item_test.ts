import { assert, assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import { join } from "node:path";
import { fetchItem } from "../../../lib/downloader/fetch/fetch_item.ts";
import { FailureError } from "../../../lib/failsafe/mod.ts";
import { partPathOf, type Transport } from "../../../lib/transfer/mod.ts";
import { type Bench, NO_IMAGES, PLAIN, withBench } from "../../helpers/library/download_bench.ts";
import { put } from "../../helpers/library/kept_library.ts";
import { sha256 } from "../../helpers/servers/file_server.ts";

const ONE = { size: { creators: 1, modelsPerCreator: 1 } } as const;

async function firstPlanned(bench: Bench): Promise<string> {
  await bench.plan();
  return join(bench.library.root, bench.firstItem().path);
}

async function namesBeside(path: string): Promise<readonly string[]> {
  return (await Array.fromAsync(Deno.readDir(join(path, "..")))).map((entry) => entry.name).sort();
}

function truth({ sandbox }: Bench): Uint8Array {
  return sandbox.bytesOf(sandbox.facts().next().value!.fileId);
}

Deno.test("fetchItem() fetches the file and records it", () =>
  withBench(ONE, async (bench) => {
    const path = await firstPlanned(bench);
    const result = await fetchItem(bench.context, bench.firstItem());
    const bytes = truth(bench);
    assertEquals(await Deno.readFile(path), bytes);
    assertEquals(result, { outcome: "done", fetchedBytes: bytes.length, resumedBytes: 0, retries: 0 });
    const { state, outcome, sha256: digest, actualBytes, mtimeMs, etag } = bench.firstItem();
    assertEquals([state, outcome, digest, actualBytes], ["done", "done", sha256(bytes), bytes.length]);
    assertEquals([mtimeMs, etag === null], [(await Deno.stat(path)).mtime!.getTime(), false]);
    assertEquals(bench.sandbox.log.violations, []);
  }));

Deno.test("fetchItem() adopts an existing file without a request", () =>
  withBench(ONE, async (bench) => {
    await firstPlanned(bench);
    await put(bench.library, bench.firstItem().path, truth(bench));
    const result = await fetchItem(bench.context, bench.firstItem());
    assertEquals([result.outcome, bench.firstItem().outcome], ["already there", "already there"]);
    assertEquals(bench.sandbox.log.downloadHits, 0);
  }));

Deno.test("fetchItem() never overwrites a user's file and picks a name beside it", () =>
  withBench(ONE, async (bench) => {
    const path = await firstPlanned(bench);
    await put(bench.library, bench.firstItem().path, "mine");
    await fetchItem(bench.context, bench.firstItem());
    assertEquals(await Deno.readTextFile(path), "mine");
    const beside = join(bench.library.root, bench.firstItem().path);
    assert(beside !== path);
    assertEquals(await Deno.readFile(beside), truth(bench));
    const warning = bench.events.find((event) => event.type === "warning");
    assertStringIncludes((warning as { message: string }).message, "holds another file");
  }));

Deno.test("fetchItem() picks another name if a folder has the path", () =>
  withBench(ONE, async (bench) => {
    const path = await firstPlanned(bench);
    await Deno.mkdir(path, { recursive: true });
    await fetchItem(bench.context, bench.firstItem());
    assertEquals(bench.firstItem().state, "done");
    assert((await Deno.stat(path)).isDirectory);
  }));

Deno.test("fetchItem() sets aside a file that arrives corrupt three times", () =>
  withBench({ ...ONE, fileSizes: [200_000] }, async (bench) => {
    bench.sandbox.setToxics([{ type: "corrupt", atByte: 100_000 }]);
    const path = await firstPlanned(bench);
    const error = await assertRejects(() => fetchItem(bench.context, bench.firstItem()), FailureError, "3 times");
    assertEquals([error.failure, error.exitCode], ["integrity", 7]);
    assertEquals(await namesBeside(path), []);
    const aside = await Array.fromAsync(Deno.readDir(join(bench.library.root, "corrupted")));
    assertEquals(aside.length, 1);
    assertEquals(bench.sandbox.log.counts.get("GET /model"), 3);
    assertEquals(bench.events.filter((event) => event.type === "restart").length, 2);
  }));

Deno.test("fetchItem() accepts a file that was uploaded again after its listing, without fetching it twice", () =>
  withBench({ ...ONE, fileSizes: [2_000_000] }, async (bench) => {
    const path = await firstPlanned(bench);
    const stale = { ...bench.firstItem(), hashes: { SHA256: "0".repeat(64) } };
    bench.library.catalog.plan(stale, 0);
    await fetchItem(bench.context, bench.firstItem());
    assertEquals(await Deno.readFile(path), truth(bench));
    assertEquals(bench.firstItem().hashes.SHA256, sha256(truth(bench)));
    assert(bench.sandbox.log.storageBytes < 2_001_000, `${bench.sandbox.log.storageBytes} bytes`);
  }));

Deno.test("fetchItem() sets aside a file that was published corrupt, and does not fetch it again", () =>
  withBench(ONE, async (bench) => {
    await bench.plan();
    const { catalog, root } = bench.library;
    // The published hash matches, but the content contradicts the name.
    catalog.setPath(bench.firstItem().key, "models/published.gguf");
    const signal = AbortSignal.timeout(10_000);
    const error = await assertRejects(
      () => fetchItem({ ...bench.context, signal }, bench.firstItem()),
      FailureError,
      "its name promises gguf",
    );
    assertEquals([error.failure, error.retryable], ["integrity", false]);
    assertEquals(bench.sandbox.log.counts.get("GET /model"), 1);
    assertEquals((await Array.fromAsync(Deno.readDir(join(root, "corrupted")))).length, 1);
  }));

Deno.test("fetchItem() does not accept a login page as a model", () =>
  withBench(ONE, async (bench) => {
    await firstPlanned(bench);
    bench.sandbox.setToxics([{ type: "loginHtml" }]);
    const error = await assertRejects(() => fetchItem(bench.context, bench.firstItem()), FailureError);
    assertEquals(error.failure, "unusable");
    assertEquals(bench.firstItem().state, "planned");
  }));

Deno.test("fetchItem() stays resumable when it is stopped, and resumes", () =>
  withBench({ ...ONE, fileSizes: [2_000_000] }, async (bench) => {
    const path = await firstPlanned(bench);
    bench.sandbox.setToxics([{ type: "stall", atByte: 1_000_000, first: 1 }]);
    const stop = new AbortController();
    const reason = new Error("enough");
    const context = { ...bench.context, signal: stop.signal };
    const fetching = fetchItem(context, bench.firstItem()).catch((error) => error);
    const sizeOfPart = () => Deno.stat(partPathOf(path)).then(({ size }) => size, () => 0);
    while (await sizeOfPart() < 1_000_000) await new Promise((resolve) => setTimeout(resolve, 5));
    stop.abort(reason);
    assertEquals(await fetching, reason);
    const result = await fetchItem(bench.context, bench.firstItem());
    assertEquals(await Deno.readFile(path), truth(bench));
    assert(result.resumedBytes > 0);
    assertEquals(result.resumedBytes + result.fetchedBytes, 2_000_000);
  }));

Deno.test("fetchItem() resolves the URL once for all attempts at a file", () =>
  withBench({ ...ONE, fileSizes: [400_000] }, async (bench) => {
    await firstPlanned(bench);
    bench.sandbox.setToxics([{ type: "reset", atByte: 150_000, first: 2 }]);
    const result = await fetchItem(bench.context, bench.firstItem());
    assertEquals([result.retries, bench.sandbox.log.downloadHits], [2, 1]);
  }));

Deno.test("fetchItem() renews an expired URL", () =>
  withBench(ONE, async (bench) => {
    await firstPlanned(bench);
    bench.sandbox.setToxics([{ type: "expiredUrl", first: 1 }]);
    await fetchItem(bench.context, bench.firstItem());
    assertEquals([bench.firstItem().state, bench.sandbox.log.downloadHits], ["done", 2]);
  }));

Deno.test("fetchItem() names an image by its content, and adopts an existing one", () =>
  withBench({ ...ONE, galleryPerVersion: 0, imagesPerVersion: { min: 20, max: 20 } }, async (bench) => {
    await bench.plan(bench.everything, { ...NO_IMAGES, previews: 20 });
    const { catalog } = bench.library;
    for (const item of catalog.items({ kinds: ["preview"] })) await fetchItem(bench.context, item);
    const done = [...catalog.items({ kinds: ["preview"] })];
    const endings = new Set(done.map((item) => item.path.split(".").at(-1)));
    assert(endings.size > 1, `all are ${[...endings]}`);
    for (const item of done) {
      assertEquals(item.state, "done");
      catalog.mark(item.key, { state: "planned", outcome: null, reason: null });
    }
    bench.sandbox.log.clear();
    for (const item of done) assertEquals((await fetchItem(bench.context, item)).outcome, "already there");
    assertEquals(bench.sandbox.log.requests.length, 0);
  }));

Deno.test("fetchItem() never writes outside the library, whatever the catalog contains", () =>
  withBench({ ...PLAIN, ...ONE }, async (bench) => {
    await bench.plan();
    const escape = { ...bench.firstItem(), path: "../escape.safetensors" };
    const error = await assertRejects(() => fetchItem(bench.context, escape), Error);
    assertStringIncludes(error.message, "escape");
    assertEquals(await Deno.stat(join(bench.library.root, "../escape.safetensors")).catch(() => null), null);
  }));

Deno.test("fetchItem() sends no request for an image at a refused address, and fails only that image", () =>
  withBench({ ...ONE, imagesPerVersion: { min: 1, max: 1 } }, async (bench) => {
    await bench.plan(bench.everything, { ...NO_IMAGES, previews: 1 });
    const { catalog } = bench.library;
    const image = catalog.items({ kinds: ["preview"] }).next().value!;
    const asked: string[] = [];
    const transport: Transport = (url, request) => {
      asked.push(url);
      return bench.context.line.transport(url, request);
    };
    for (
      const source of ["http://10.0.0.1/x.png", "https://evil.example/x.png", "data:image/png;base64,AA", "//x", ""]
    ) {
      const item = catalog.plan({ ...image, source }, 1);
      const error = await assertRejects(
        () => fetchItem({ ...bench.context, line: { ...bench.context.line, transport } }, item),
        FailureError,
      );
      assertEquals([error.retryable, error.exitCode, asked], [false, 1, []], source);
    }
  }));
