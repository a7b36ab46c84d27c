import { assert, assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import { join, resolve } from "node:path";
import type { DownloadEvent } from "../../../lib/downloader/download_event.ts";
import { HostAdmission } from "../../../lib/downloader/fetch/limits/host_admission.ts";
import type { FetchOptions } from "../../../lib/downloader/settled_fetch.ts";
import { connectionPermits, createHostLimits } from "../../../lib/downloader/fetch/limits/host_permits.ts";
import { RunMode } from "../../../lib/downloader/fetch/limits/run_mode.ts";
import type { Library } from "../../../lib/downloader/open_library.ts";
import { repairLibrary } from "../../../lib/downloader/repair/repair_library.ts";
import { verifyLibrary } from "../../../lib/downloader/verify/verify_library.ts";
import { Failsafe } from "../../../lib/failsafe/mod.ts";
import { createFetchTransport } from "../../../lib/transfer/mod.ts";
import { FakeClock } from "../../helpers/fake_clock.ts";
import { fetchOptions } from "../../helpers/library/fetch_options.ts";
import { sha256, someBytes } from "../../helpers/servers/file_server.ts";
import { BLOCK, flip, keep, put, setDate, stateOf, withLibrary } from "../../helpers/library/kept_library.ts";
import { pictureBytes, withPictures } from "../../helpers/library/picture_bench.ts";
import { type Published, serveCivitai, serveRange, type SmallCivitai } from "../../helpers/servers/small_civitai.ts";
import { failTenTimes } from "../../helpers/fail_ten_times.ts";

interface Bench {
  readonly library: Library;
  readonly civitai: SmallCivitai;
  readonly context: FetchOptions;
  readonly bytes: Uint8Array<ArrayBuffer>;
  /** Absolute path of the one file. */
  readonly path: string;
  readonly events: DownloadEvent[];
}

/** A library with one file, of two blocks by default, and the server that it came from. */
function withBench(story: (bench: Bench) => Promise<void>, sizeBytes = BLOCK + (1 << 20)): Promise<void> {
  return withLibrary(async (library) => {
    const bytes = someBytes(sizeBytes);
    const published: Published = { modelId: 1, versionId: 1, fileId: 1, name: "1.bin", bytes };
    await using civitai = serveCivitai([published]);
    using transport = createFetchTransport();
    const events: DownloadEvent[] = [];
    using context = fetchOptions({
      library,
      client: civitai.client,
      transport: transport.send,
      clock: new FakeClock(),
      onEvent: (event) => events.push(event),
    });
    const path = await keep(library, 1, bytes);
    await story({ library, civitai, context, bytes, path, events });
  });
}

/** Damage the last block, and verify. */
async function damage({ library, path }: Bench, options: { readonly isDated?: boolean } = {}): Promise<void> {
  await flip(path, BLOCK + 77, options);
  await verifyLibrary(library, { deep: true });
  assertEquals(stateOf(library, 1), ["failed", "corrupt"]);
}

async function namesIn(folder: string): Promise<readonly string[]> {
  return (await Array.fromAsync(Deno.readDir(folder))).map((entry) => entry.name).sort();
}

Deno.test("repairLibrary() repairs a flipped byte of a 40 MiB file with one request for 16 MiB", () =>
  withBench(async ({ library, civitai, context, bytes, path, events }) => {
    await flip(path, BLOCK + 12_345);
    await verifyLibrary(library, { deep: true });
    const summary = await repairLibrary(context);
    assertEquals(civitai.fetched, [{ range: `bytes=${BLOCK}-${2 * BLOCK - 1}`, ifRange: '"v1"' }]);
    assertEquals(summary, {
      files: 1,
      intact: 0,
      patched: 1,
      fetched: 0,
      blocksFetched: 1,
      bytesFetched: BLOCK,
      aside: [],
      replaced: [],
      broken: 0,
      failed: [],
      keyHint: summary.keyHint,
      stopped: null,
    });
    assertEquals(await Deno.readFile(path), bytes);
    assertEquals([stateOf(library, 1), await namesIn(join(path, ".."))], [["done", "done"], ["1.bin"]]);
    assertEquals((await verifyLibrary(library)).counts.ok, 1);
    assertEquals([events[0]?.type, events.at(-1)?.type], ["start", "end"]);
  }, 40 << 20));

Deno.test("repairLibrary() sends one request per run of adjacent bad blocks", () =>
  withBench(async ({ library, civitai, context, path, bytes }) => {
    for (const block of [0, 2, 3]) await flip(path, block * BLOCK + 1);
    await verifyLibrary(library, { deep: true });
    const { blocksFetched, patched } = await repairLibrary(context);
    assertEquals([blocksFetched, patched], [3, 1]);
    assertEquals(civitai.fetched.map(({ range }) => range), [
      `bytes=0-${BLOCK - 1}`,
      `bytes=${2 * BLOCK}-${3 * BLOCK + 9}`,
    ]);
    assertEquals(civitai.asked.filter((path) => path.startsWith("/api/download/")).length, 1);
    assertEquals(await Deno.readFile(path), bytes);
  }, 3 * BLOCK + 10));

Deno.test("repairLibrary() repairs a truncated file", () =>
  withBench(async ({ library, context, path, bytes }) => {
    await Deno.truncate(path, BLOCK + 5);
    await verifyLibrary(library, { deep: true });
    assertEquals((await repairLibrary(context)).patched, 1);
    assertEquals(await Deno.readFile(path), bytes);
  }));

Deno.test("repairLibrary() keeps a damaged file that was written to", () =>
  withBench(async (bench) => {
    await damage(bench, { isDated: true });
    const damaged = await Deno.readFile(bench.path);
    const { aside, patched } = await repairLibrary(bench.context);
    assertEquals([patched, aside], [1, [join(bench.library.root, "corrupted", "1.bin")]]);
    assertEquals(await Deno.readFile(aside[0]!), damaged);
    assertEquals(await Deno.readFile(bench.path), bench.bytes);
  }));

Deno.test("repairLibrary() resumes after the last byte when a range breaks off", () =>
  withBench(async (bench) => {
    const { civitai, context, bytes, path } = bench;
    await damage(bench);
    civitai.faults.push(() => {
      const body = new ReadableStream({
        start(controller) {
          controller.enqueue(bytes.subarray(BLOCK, BLOCK + 1000));
          controller.close();
        },
      });
      const range = `bytes ${BLOCK}-${bytes.length - 1}/${bytes.length}`;
      return new Response(body, { status: 206, headers: { etag: '"v1"', "content-range": range } });
    });
    const summary = await repairLibrary(context);
    assertEquals([summary.patched, summary.bytesFetched], [1, 1 << 20]);
    assertEquals(civitai.fetched[1]?.range, `bytes=${BLOCK + 1000}-${bytes.length - 1}`);
    assertEquals(await Deno.readFile(path), bytes);
    assert(bench.events.some((event) => event.type === "retry"));
  }));

Deno.test("repairLibrary() requests a new URL if the old one has expired", () =>
  withBench(async (bench) => {
    await damage(bench);
    bench.civitai.faults.push(() => new Response(null, { status: 403 }));
    assertEquals((await repairLibrary(bench.context)).patched, 1);
    assertEquals(bench.civitai.asked.filter((path) => path.startsWith("/api/download/")).length, 2);
  }));

Deno.test("repairLibrary() fetches the whole file if the server's object changed", () =>
  withBench(async (bench) => {
    const { civitai, context, library, path, bytes } = bench;
    await damage(bench);
    civitai.etag = '"v2"';
    const { patched, fetched, aside } = await repairLibrary(context);
    assertEquals([patched, fetched, aside.length], [0, 1, 1]);
    assertEquals([await Deno.readFile(path), stateOf(library, 1)], [bytes, ["done", "done"]]);
    assertEquals(library.catalog.item("file:1:1")!.etag, '"v2"');
  }));

Deno.test("repairLibrary() fetches the whole file if a 206 has another range", () =>
  withBench(async (bench) => {
    await damage(bench);
    const headers = { "content-range": `bytes 0-1048575/${BLOCK + (1 << 20)}` };
    bench.civitai.faults.push(() => new Response(new Uint8Array(1 << 20), { status: 206, headers }));
    const { patched, fetched } = await repairLibrary(bench.context);
    assertEquals([patched, fetched, bench.civitai.fetched[1]?.range], [0, 1, null]);
    assertEquals(await Deno.readFile(bench.path), bench.bytes);
  }));

Deno.test("repairLibrary() fetches the whole file if the hash is still wrong", () =>
  withBench(async (bench) => {
    await damage(bench);
    bench.civitai.faults.push((request, file) => serveRange(request, new Uint8Array(file.bytes.length), '"v1"'));
    const { patched, fetched } = await repairLibrary(bench.context);
    assertEquals([patched, fetched], [0, 1]);
    assertEquals(await Deno.readFile(bench.path), bench.bytes);
  }));

Deno.test("repairLibrary() fetches missing files", () =>
  withBench(async ({ library, context, path, bytes }) => {
    library.catalog.setSidecarDigest("file:1:1", "digest");
    await Deno.remove(path);
    await verifyLibrary(library);
    const seen: string[] = [];
    const summary = await repairLibrary(context, {
      onProgress: ({ files, totalFiles }) => seen.push(`${files}/${totalFiles}`),
    });
    assertEquals([summary.fetched, summary.bytesFetched, seen], [1, bytes.length, ["0/1", "1/1"]]);
    assertEquals(await Deno.readFile(path), bytes);
    assertEquals(library.catalog.item("file:1:1")!.sidecarDigest, null);
  }, 5000));

Deno.test("repairLibrary() fetches truncated or damaged pictures and keeps their hashes", () =>
  withPictures(["plain.jpeg", "still.png", "lossy.webp"], async (bench) => {
    const { library, context, civitai, pictures } = bench;
    const paths = await Promise.all(pictures.map((picture) => bench.keep(picture)));
    for (const [index, path] of paths.entries()) {
      if (index === 2) await flip(path, 100);
      else await Deno.truncate(path, 150);
    }
    assertEquals((await verifyLibrary(library, { deep: true })).counts.corrupt, 3);
    const { fetched, broken, aside } = await repairLibrary(context);
    assertEquals([fetched, broken, aside.length, civitai.fetched.length], [3, 0, 3, 3]);
    for (const [index, path] of paths.entries()) {
      assertEquals(await Deno.readFile(path), pictures[index]!.bytes);
      assertEquals(bench.item(pictures[index]!).sha256, sha256(pictures[index]!.bytes));
    }
    assertEquals((await verifyLibrary(library, { deep: true })).counts.ok, 3);
    await flip(paths[0]!, 90);
    assertEquals((await verifyLibrary(library, { deep: true })).counts.corrupt, 1);
  }));

Deno.test("repairLibrary() fetches swapped pictures in any order", () =>
  withPictures(["plain.jpeg", "opt.jpeg", "still.gif"], async (bench) => {
    const { library, context, pictures } = bench;
    const [a, b, c] = await Promise.all(pictures.map((picture) => bench.keep(picture)));
    for (const [from, to] of [[a, "t"], [b, a], [c, b], ["t", c]]) {
      await Deno.rename(resolve(library.root, from!), resolve(library.root, to!));
    }
    for (const path of [a, b, c]) await setDate(path!, new Date(1_000_000));
    const { problems } = await verifyLibrary(library, { deep: true });
    assertEquals(problems.map(({ reason }) => reason).toSorted(), [
      'it has the content of "models/style.preview.1.jpeg"',
      'it has the content of "models/style.preview.2.jpeg"',
      'it has the content of "models/style.preview.3.gif"',
    ]);
    assertEquals((await repairLibrary(context)).fetched, 3);
    for (const picture of pictures) assertEquals(await bench.read(picture.path), picture.bytes);
    assertEquals((await verifyLibrary(library, { deep: true })).counts.ok, 3);
  }));

Deno.test("repairLibrary() truncates appended bytes without a request", () =>
  withPictures(["plain.jpeg"], async (bench) => {
    const { library, context, civitai, pictures: [picture] } = bench;
    const path = await bench.keep(picture!);
    await Deno.writeFile(path, someBytes(999), { append: true });
    await setDate(path, new Date(0));
    const { problems } = await verifyLibrary(library, { deep: true });
    assertEquals(problems.map(({ verdict, reason }) => [verdict, reason]), [
      ["corrupt", "999 bytes were appended"],
    ]);
    const { patched, bytesFetched, aside } = await repairLibrary(context);
    assertEquals([patched, bytesFetched, aside.length, civitai.asked, civitai.fetched], [1, 0, 1, [], []]);
    assertEquals(await Deno.readFile(path), picture!.bytes);
  }));

Deno.test("repairLibrary() keeps a picture that the user chose, and puts Civitai's beside it", () =>
  withPictures(["plain.jpeg", "opt.jpeg"], async (bench) => {
    const { library, context, pictures: [picture, other] } = bench;
    const path = await bench.keep(picture!);
    await bench.keep(other!);
    // The picture is still at its own path.
    await Deno.copyFile(join(library.root, other!.path), path);
    await setDate(path, new Date(0));
    assertEquals((await verifyLibrary(library, { deep: true })).counts.changed, 1);
    assertEquals((await repairLibrary(context)).fetched, 1);
    assertEquals(await Deno.readFile(path), other!.bytes);
    assertEquals(await bench.read(bench.item(picture!).path), picture!.bytes);
  }));

Deno.test("repairLibrary() keeps a picture that the user replaced after it was found corrupt", () =>
  withPictures(["plain.jpeg", "opt.jpeg"], async (bench) => {
    const { library, context, pictures: [picture, other] } = bench;
    const path = await bench.keep(picture!);
    await Deno.truncate(path, 150);
    await verifyLibrary(library, { deep: true });
    await Deno.writeFile(path, other!.bytes);
    await setDate(path, new Date(0));
    assertEquals((await repairLibrary(context)).fetched, 1);
    assertEquals([await Deno.readFile(path), await bench.aside()], [other!.bytes, []]);
  }));

Deno.test("repairLibrary() reports a picture that is corrupt on the server too, and never marks it done", async () =>
  await withPictures([(await pictureBytes("plain.jpeg")).slice(0, 300)], async (bench) => {
    const { library, context, pictures: [picture] } = bench;
    await bench.keep(picture!);
    await bench.put(picture!, picture!.bytes.slice(0, 200));
    const { problems } = await verifyLibrary(library, { deep: true });
    assertEquals([problems.length, problems[0]?.verdict], [1, "corrupt"]);
    const { broken, failed } = await repairLibrary(context);
    assertEquals([broken, failed[0]?.failure, failed[0]?.target], [1, "integrity", "version:1"]);
    assertEquals([bench.item(picture!).state, bench.item(picture!).outcome], ["failed", "corrupt"]);
  }));

Deno.test("repairLibrary() keeps a file that the user changed, and puts Civitai's beside it", () =>
  withBench(async ({ library, context, path, bytes }) => {
    await Deno.writeTextFile(path, "my own");
    // A file system may store times so coarsely that both writes have the same.
    await setDate(path, new Date(0));
    await verifyLibrary(library, { deep: true });
    assertEquals(stateOf(library, 1), ["planned", "changed"]);
    assertEquals((await repairLibrary(context)).fetched, 1);
    assertEquals(await Deno.readTextFile(path), "my own");
    const { path: beside, state } = library.catalog.item("file:1:1")!;
    assertEquals([beside, state], ["models/1 [1].bin", "done"]);
    assertEquals(await Deno.readFile(join(library.root, beside)), bytes);
  }, 5000));

Deno.test("repairLibrary() fetches nothing for a file with only a changed date", () =>
  withBench(async ({ library, civitai, context, path }) => {
    await setDate(path, new Date(0));
    await verifyLibrary(library);
    const { intact, bytesFetched } = await repairLibrary(context);
    assertEquals([intact, bytesFetched, civitai.asked], [1, 0, []]);
    assertEquals(stateOf(library, 1), ["done", "already there"]);
  }, 5000));

Deno.test("repairLibrary() keeps a file unchanged if no replacement is available", () =>
  withBench(async (bench) => {
    const { civitai, context, library, path } = bench;
    await damage(bench);
    const damaged = await Deno.readFile(path);
    civitai.faults.push(() => new Response(null, { status: 404 }));
    const summary = await repairLibrary(context);
    assertEquals([summary.broken, summary.stopped], [1, null]);
    assertEquals([summary.failed[0]?.failure, summary.failed[0]?.target], ["gone", "version:1"]);
    assertEquals([await Deno.readFile(path), await namesIn(join(path, ".."))], [damaged, ["1.bin"]]);
    assertEquals(stateOf(library, 1), ["failed", "corrupt"]);
    assertEquals((await repairLibrary(context)).patched, 1);
  }));

Deno.test("repairLibrary() stops within a range and loses nothing", () =>
  withBench(async (bench) => {
    await damage(bench);
    const damaged = await Deno.readFile(bench.path);
    const stop = new AbortController();
    const reason = new Error("enough");
    const context: FetchOptions = {
      ...bench.context,
      signal: stop.signal,
      onEvent: (event) => event.type === "bytes" && stop.abort(reason),
    };
    assertEquals(await assertRejects(() => repairLibrary(context)), reason);
    assertEquals([await Deno.readFile(bench.path), await namesIn(join(bench.path, ".."))], [damaged, ["1.bin"]]);
    assertEquals((await repairLibrary(bench.context)).patched, 1);
  }));

Deno.test("repairLibrary() never overwrites concurrent changes of the user", () =>
  withBench(async (bench) => {
    await damage(bench);
    bench.civitai.faults.push(() => {
      Deno.writeTextFileSync(bench.path, "my own");
      return undefined;
    });
    const { broken, failed } = await repairLibrary(bench.context);
    assertEquals(broken, 1);
    assertStringIncludes(failed[0]!.message, "it was changed meanwhile");
    assertEquals(await Deno.readTextFile(bench.path), "my own");
  }));

Deno.test("repairLibrary() removes the copy of a killed repair", () =>
  withBench(async ({ library, context, path }) => {
    await put(library, "models/1.bin.repair", "half");
    await setDate(path, new Date(0));
    await verifyLibrary(library);
    await repairLibrary(context);
    assertEquals(await namesIn(join(path, "..")), ["1.bin"]);
  }, 5000));

Deno.test("repairLibrary() stops after five consecutive files without a connection", () =>
  withBench(async (bench) => {
    const { library, context } = bench;
    for (let id = 1; id <= 8; id++) await Deno.remove(await keep(library, id, someBytes(100)));
    await verifyLibrary(library);
    const transport = (): Promise<never> => Promise.reject(new TypeError("error sending request"));
    const summary = await repairLibrary({ ...context, line: { ...context.line, transport, maxRetries: 0 } });
    assertEquals([summary.files, summary.broken, summary.failed.length], [8, 8, 5]);
    assertEquals(summary.stopped?.code, "network");
    assertEquals(stateOf(library, 8), ["planned", "missing"]);
  }, 5000));

Deno.test("repairLibrary() does nothing in an intact library", () =>
  withBench(async ({ context }) => {
    assertEquals((await repairLibrary(context)).files, 0);
  }, 5000));

Deno.test("repairLibrary() stops after five consecutive files that the breaker refuses, and names the host", () =>
  withBench(async (bench) => {
    const { library, context, events } = bench;
    for (let id = 1; id <= 8; id++) await Deno.remove(await keep(library, id, someBytes(100)));
    await verifyLibrary(library);
    const clock = new FakeClock();
    const failsafe = Failsafe.inMemory({ clock, force: { mode: "resilient", reason: "a test" } });
    failTenTimes(failsafe, clock, { key: "storage", outcome: { type: "failed", failure: "server", status: 500 } });
    const mode = new RunMode({ top: context.profile, failsafe });
    const hosts = new HostAdmission({ failsafe, clock, patienceMs: 100 });
    const permits: FetchOptions["line"]["permits"] = {
      async acquire(_host, options) {
        await hosts.admit("storage", options);
        throw new Error("The breaker let a request through");
      },
      tryAcquire: () => null,
    };
    const summary = await repairLibrary({ ...context, mode, line: { ...context.line, permits, maxRetries: 0 } });
    assertEquals([summary.files, summary.failed.length, summary.stopped?.code], [8, 5, "network"]);
    const ends = events.filter((event) => event.type === "end");
    for (const end of ends) assertEquals([end.failure, end.refusedBy, end.host], ["server", "storage", "storage"]);
  }, 5000));

Deno.test("repairLibrary() takes a permit for a range and reports its outcome", () =>
  withBench(async (bench) => {
    const { context } = bench;
    await damage(bench);
    const clock = new FakeClock();
    const failsafe = Failsafe.inMemory({ clock });
    const mode = new RunMode({ top: context.profile, failsafe });
    const limits = createHostLimits({ profile: context.profile, mode, onEvent: () => {}, clock });
    const transport = () => Promise.reject(new TypeError("error sending request"));
    const permits = connectionPermits(limits, new HostAdmission({ failsafe, clock }));
    await repairLibrary({ ...context, mode, line: { ...context.line, transport, permits, maxRetries: 0 } });
    const counts = () => failsafe.status().breakers.map(({ calls, failures }) => [calls, failures]);
    assertEquals(counts(), [[1, 1]]);
    await verifyLibrary(bench.library);
    assertEquals((await repairLibrary({ ...context, mode, line: { ...context.line, permits } })).broken, 0);
    assertEquals(counts(), [[2, 1]]);
  }));

Deno.test("repairLibrary() stops while the failsafe has paused, and fails no file", () =>
  withBench(async (bench) => {
    const { context, civitai, library } = bench;
    await damage(bench);
    const failsafe = Failsafe.inMemory();
    failsafe.hold("paused");
    const summary = await repairLibrary({ ...context, mode: new RunMode({ top: context.profile, failsafe }) });
    assertEquals([summary.stopped?.code, summary.failed, summary.broken, civitai.fetched], ["network", [], 1, []]);
    assertEquals(stateOf(library, 1), ["failed", "corrupt"]);
  }));

Deno.test("repairLibrary() keeps a file whose repair would use the disk reserve, and reports it", () =>
  withBench(async (bench) => {
    await damage(bench);
    const summary = await repairLibrary(bench.context, { reserveBytes: Number.MAX_SAFE_INTEGER });
    assertEquals([summary.stopped?.code, summary.broken, bench.civitai.fetched], ["unsafe", 1, []]);
    assertStringIncludes(summary.stopped!.message, "stay in reserve");
    assertStringIncludes(summary.stopped!.hint!, "--reserve");
    assertEquals(stateOf(bench.library, 1), ["failed", "corrupt"]);
    assertEquals((await repairLibrary(bench.context)).patched, 1);
  }));

Deno.test("repairLibrary() of some models leaves the others as they are", () =>
  withBench(async ({ library, context, path }) => {
    await Deno.remove(path);
    await verifyLibrary(library);
    const { modelId } = library.catalog.item("file:1:1")!;
    const signal = AbortSignal.timeout(60_000);
    assertEquals((await repairLibrary({ ...context, signal }, { modelIds: [modelId! + 1] })).files, 0);
    const { files, fetched } = await repairLibrary({ ...context, signal }, { modelIds: [modelId!] });
    assertEquals([files, fetched], [1, 1]);
  }, 5000));
