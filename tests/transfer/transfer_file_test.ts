import { assert, assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import { join } from "node:path";
import { FailureError } from "../../lib/failsafe/mod.ts";
import {
  createFetchTransport,
  IntegrityError,
  journalPathOf,
  partPathOf,
  PROFILES,
  type TransferEvent,
  type TransferResult,
  UNLIMITED_PERMITS,
} from "../../lib/transfer/mod.ts";
import { FakeClock } from "../helpers/fake_clock.ts";
import { cutAfter, type FileServer, serveFile, sha256, someBytes } from "../helpers/servers/file_server.ts";
import { type AloneOptions, transferAlone } from "../helpers/transfer_alone.ts";

interface Bench {
  readonly server: FileServer;
  readonly path: string;
  readonly events: TransferEvent[];
  readonly resolved: boolean[];
  run(options?: Partial<AloneOptions> & { sha256?: string | null; identity?: number }): Promise<TransferResult>;
}

/** A server with a file, a folder, and a transfer between them. */
async function withBench(bytes: Uint8Array<ArrayBuffer>, story: (bench: Bench) => Promise<void>): Promise<void> {
  const folder = await Deno.makeTempDir();
  await using server = serveFile(bytes);
  using transport = createFetchTransport();
  const events: TransferEvent[] = [];
  const resolved: boolean[] = [];
  const path = join(folder, "style.safetensors");
  const run: Bench["run"] = (options = {}) =>
    transferAlone({
      path,
      identity: { fileId: options.identity ?? 7 },
      sha256: options.sha256 === undefined ? server.sha256 : options.sha256,
      resolve({ fresh }) {
        resolved.push(fresh);
        return Promise.resolve({ url: server.url });
      },
    }, { transport: transport.send, clock: new FakeClock(), onEvent: (event) => events.push(event), ...options });
  try {
    await story({ server, path, events, resolved, run });
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

async function namesIn(path: string): Promise<string[]> {
  return (await Array.fromAsync(Deno.readDir(join(path, "..")))).map((entry) => entry.name).sort();
}

Deno.test("transferFile() does not resolve again if the resolver gave up", () =>
  withBench(someBytes(1000), async ({ server, path }) => {
    let asked = 0;
    const transport = createFetchTransport();
    using _closing = transport;
    const request = {
      path,
      identity: { fileId: 7 },
      resolve: () => Promise.reject(new FailureError("server", `Cannot find it: ${++asked}`)),
    };
    const options = { transport: transport.send, clock: new FakeClock() };
    const error = await assertRejects(() => transferAlone(request, options), FailureError);
    // A later pass may resolve again.
    assertEquals([error.message, error.retryable, server.requests.length], ["Cannot find it: 1", true, 0]);
  }));

Deno.test("transferFile() fetches and verifies, and leaves only the file", () =>
  withBench(someBytes(300_000), async ({ server, path, run }) => {
    const result = await run();
    assertEquals(await Deno.readFile(path), server.bytes);
    assertEquals([result.sha256, result.sizeBytes, result.fetchedBytes, result.retries, result.etag], [
      server.sha256,
      300_000,
      300_000,
      0,
      '"v1"',
    ]);
    assertEquals(await namesIn(path), ["style.safetensors"]);
  }));

Deno.test("transferFile() fetches an empty file", () =>
  withBench(new Uint8Array(0), async ({ path, run }) => {
    assertEquals((await run()).sizeBytes, 0);
    assertEquals((await Deno.stat(path)).size, 0);
  }));

Deno.test("transferFile() hashes a large file in a worker, with a digest per block", () =>
  withBench(someBytes(18 << 20), async ({ server, run }) => {
    const result = await run();
    assertEquals(result.sha256, server.sha256);
    assertEquals(result.blocks.length, 2);
  }));

Deno.test("transferFile() resumes after the last byte after a cut, with If-Range", () =>
  withBench(someBytes(2_000_000), async ({ server, path, run }) => {
    server.faults.push(cutAfter(700_000));
    const result = await run();
    assertEquals(await Deno.readFile(path), server.bytes);
    assertEquals(result.retries, 1);
    assert(result.fetchedBytes < 2_100_000, `fetched ${result.fetchedBytes}`);
    assertEquals(server.requests[1]?.ifRange, '"v1"');
  }));

Deno.test("transferFile() resumes the part of an earlier run", () =>
  withBench(someBytes(2_000_000), async ({ server, path, run }) => {
    server.faults.push(cutAfter(900_000));
    await assertRejects(() => run({ maxRetries: 0 }), FailureError);
    const kept = (await Deno.stat(partPathOf(path))).size;
    assert(kept > 0);
    const result = await run();
    assertEquals(result.resumedBytes, kept);
    assertEquals(result.fetchedBytes, 2_000_000 - kept);
    assertEquals(result.sha256, server.sha256);
  }));

Deno.test("transferFile() resumes a part with gaps without gaps, and loses nothing when it is cut again", () =>
  withBench(someBytes(6 << 20), async ({ server, path, run }) => {
    const MIB = 1 << 20;
    const identity = { fileId: 7 };
    await Deno.writeFile(partPathOf(path), server.bytes.subarray(0, 2 * MIB));
    const journal = {
      version: 1,
      identity,
      totalBytes: 6 * MIB,
      etag: server.etag,
      blocks: [],
      extents: [[0, 2 * MIB]],
    };
    await Deno.writeTextFile(journalPathOf(path), JSON.stringify(journal));
    server.faults.push(cutAfter(MIB));
    await run();
    assertEquals(await Deno.readFile(path), server.bytes);
    assertEquals(server.requests.map(({ range }) => range), [`bytes=${2 * MIB}-`, `bytes=${3 * MIB}-`]);
  }));

Deno.test("transferFile() does not resume the part of another file", () =>
  withBench(someBytes(2_000_000), async ({ server, run }) => {
    server.faults.push(cutAfter(900_000));
    await assertRejects(() => run({ maxRetries: 0 }), FailureError);
    const result = await run({ identity: 8 });
    assertEquals([result.resumedBytes, result.sha256], [0, server.sha256]);
  }));

Deno.test("transferFile() restarts if the journal is invalid", () =>
  withBench(someBytes(2_000_000), async ({ server, path, run }) => {
    server.faults.push(cutAfter(900_000));
    await assertRejects(() => run({ maxRetries: 0 }), FailureError);
    await Deno.writeTextFile(journalPathOf(path), '{"version":1,"iden');
    const result = await run();
    assertEquals([result.resumedBytes, result.sha256], [0, server.sha256]);
  }));

Deno.test("transferFile() restarts if the file changed on the server", () =>
  withBench(someBytes(2_000_000), async ({ server, path, run }) => {
    server.faults.push(cutAfter(900_000));
    await assertRejects(() => run({ maxRetries: 0 }), FailureError);
    server.bytes = someBytes(1_500_000, 2);
    server.etag = '"v2"';
    const result = await run({ sha256: sha256(server.bytes) });
    assertEquals(await Deno.readFile(path), server.bytes);
    assertEquals(result.fetchedBytes, 1_500_000);
  }));

Deno.test("transferFile() detects a damaged part and keeps what is before the damage", () =>
  withBench(someBytes(40 << 20), async ({ server, path, events, run }) => {
    server.faults.push(cutAfter(36 << 20));
    await assertRejects(() => run({ maxRetries: 0 }), FailureError);
    {
      using part = await Deno.open(partPathOf(path), { write: true });
      await part.seek(20 << 20, Deno.SeekMode.Start);
      await part.write(new Uint8Array([1, 2, 3, 4]));
    }
    const result = await run();
    assertEquals(result.sha256, server.sha256);
    const restarted = events.find((event) => event.type === "restarted" && event.reason.includes("block 1"));
    assert(restarted?.type === "restarted");
    assertEquals(restarted.lostBytes, 24 << 20);
    assert(result.fetchedBytes < 32 << 20, `fetched ${result.fetchedBytes}`);
  }));

Deno.test("transferFile() detects damage again if it is stopped while it truncates, even without a hash", () =>
  withBench(someBytes(40 << 20), async ({ server, path, run }) => {
    server.faults.push(cutAfter(36 << 20));
    await assertRejects(() => run({ maxRetries: 0, sha256: null }), FailureError);
    {
      using part = await Deno.open(partPathOf(path), { write: true });
      await part.seek(20 << 20, Deno.SeekMode.Start);
      await part.write(new Uint8Array([1, 2, 3, 4]));
    }
    const { truncate } = Deno.FsFile.prototype;
    Deno.FsFile.prototype.truncate = function (length) {
      return length === 16 << 20 ? Promise.reject(new Error("killed")) : truncate.call(this, length);
    };
    try {
      await assertRejects(() => run({ sha256: null }), Error, "killed");
    } finally {
      Deno.FsFile.prototype.truncate = truncate;
    }
    assertEquals((await run({ sha256: null })).sha256, server.sha256);
  }));

Deno.test("transferFile() restarts if the received range is not the requested one", () =>
  withBench(someBytes(2_000_000), async ({ server, run }) => {
    server.faults.push(cutAfter(900_000), (_request, whole) =>
      new Response(whole.slice(5), {
        status: 206,
        headers: { etag: '"v1"', "content-range": `bytes 5-${whole.length - 1}/${whole.length}` },
      }));
    assertEquals((await run()).sha256, server.sha256);
  }));

Deno.test("transferFile() restarts with a whole response to a range", () =>
  withBench(someBytes(2_000_000), async ({ server, run }) => {
    server.faults.push(
      cutAfter(900_000),
      (_request, whole) => new Response(whole.slice(), { headers: { etag: '"v1"' } }),
    );
    assertEquals((await run()).sha256, server.sha256);
  }));

Deno.test("transferFile() finishes a complete part without a request", () =>
  withBench(someBytes(2_000_000), async ({ server, path, run }) => {
    await assertRejects(() => run({ sha256: "0".repeat(64) }), IntegrityError);
    const result = await run();
    assertEquals([result.fetchedBytes, result.sha256], [0, server.sha256]);
    assertEquals(await Deno.readFile(path), server.bytes);
  }));

Deno.test("transferFile() does not truncate a part to its own length", () =>
  withBench(someBytes(2_000_000), async ({ path, run }) => {
    await assertRejects(() => run({ sha256: "0".repeat(64) }), IntegrityError);
    const old = new Date("2020-02-03T04:05:06Z");
    await Deno.utime(partPathOf(path), old, old);
    await run();
    // Truncating it would have been a change.
    assertEquals((await Deno.stat(path)).mtime, old);
  }));

Deno.test("transferFile() never gives the final name to wrong bytes", () =>
  withBench(someBytes(2_000_000), async ({ path, server, run }) => {
    const error = await assertRejects(() => run({ sha256: "0".repeat(64) }), IntegrityError);
    assertEquals(error.actual, { sha256: server.sha256, sizeBytes: 2_000_000 });
    assertEquals(await namesIn(path), ["style.safetensors.part", "style.safetensors.part.json"]);
    assertEquals(error.exitCode, 7);
  }));

Deno.test("transferFile() requests a new URL once if the old one is refused", () =>
  withBench(someBytes(1000), async ({ server, resolved, run }) => {
    server.faults.push(() => new Response("<Error/>", { status: 403 }));
    await run();
    assertEquals(resolved, [false, true]);
  }));

Deno.test("transferFile() requests a new URL each time the old one expires while bytes arrive", () =>
  withBench(someBytes(4_000_000), async ({ server, resolved, run }) => {
    const expired = () => new Response("<Error/>", { status: 403 });
    for (let i = 0; i < 4; i++) server.faults.push(cutAfter(900_000), expired);
    assertEquals((await run({ maxRetries: 20 })).sha256, server.sha256);
    assertEquals(resolved.filter((isFresh) => isFresh).length, 4);
  }));

Deno.test("transferFile() treats a refusal as final if a new URL does not help", () =>
  withBench(someBytes(1000), async ({ server, run }) => {
    for (let i = 0; i < 9; i++) server.faults.push(() => new Response("<Error/>", { status: 403 }));
    const error = await assertRejects(() => run(), FailureError);
    assertEquals([error.failure, server.requests.length], ["expired", 3]);
  }));

Deno.test("transferFile() waits as long as the server demands", () =>
  withBench(someBytes(1000), async ({ server, run }) => {
    const clock = new FakeClock();
    server.faults.push(() => new Response(null, { status: 503, headers: { "retry-after": "9" } }));
    await run({ clock });
    assertEquals(clock.sleeps, [9000]);
  }));

Deno.test("transferFile() waits at most 2 s between attempts at a host that serves others, else up to 30 s", () =>
  withBench(someBytes(1000), async ({ server, run }) => {
    for (const [isServing, longestMs] of [[true, 2000], [false, 16_000]] as const) {
      const clock = new FakeClock();
      server.faults.push(...Array.from({ length: 5 }, () => () => new Response(null, { status: 500 })));
      await run({
        clock,
        random: () => 1,
        maxRetries: 5,
        permits: { ...UNLIMITED_PERMITS, isServing: () => isServing },
      });
      assertEquals([Math.max(...clock.sleeps), server.faults.length], [longestMs, 0]);
    }
  }));

Deno.test("transferFile() aborts a stalled body and resumes it", () =>
  withBench(someBytes(1_000_000), async ({ server, run }) => {
    server.faults.push((_request, whole) => {
      const body = new ReadableStream({ start: (controller) => controller.enqueue(whole.subarray(0, 400_000)) });
      return new Response(body, { headers: { etag: '"v1"', "content-length": String(whole.length) } });
    });
    const result = await run({ profile: { ...PROFILES.resilient, stallMs: 100 } });
    assertEquals([result.sha256, result.retries], [server.sha256, 1]);
  }));

Deno.test("transferFile() rejects what the inspection rejects", () =>
  withBench(someBytes(1000), async ({ path, run }) => {
    await assertRejects(
      () => run({ inspect: () => Promise.resolve("it is no model") }),
      IntegrityError,
      "it is no model",
    );
    assertEquals((await namesIn(path)).includes("style.safetensors"), false);
  }));

Deno.test("transferFile() stops at once at its signal and stays resumable", () =>
  withBench(someBytes(4_000_000), async ({ server, run }) => {
    const stop = new AbortController();
    const reason = new Error("enough");
    server.faults.push((_request, whole) => {
      const body = new ReadableStream({
        start(controller) {
          controller.enqueue(whole.subarray(0, 1_500_000));
          setTimeout(() => stop.abort(reason), 250);
        },
      });
      return new Response(body, { headers: { etag: '"v1"', "content-length": String(whole.length) } });
    });
    assertEquals(await run({ signal: stop.signal }).catch((error) => error), reason);
    const result = await run();
    assertEquals(result.sha256, server.sha256);
    assert(result.resumedBytes >= 1_000_000, `resumed ${result.resumedBytes}`);
  }));

Deno.test("transferFile() leaves no journal if the file became small meanwhile", () =>
  withBench(someBytes(2_000_000), async ({ server, path, run }) => {
    server.faults.push(cutAfter(100_000));
    await assertRejects(() => run({ maxRetries: 0 }), FailureError);
    server.bytes = someBytes(50_000, 3);
    server.etag = '"v2"';
    await run({ sha256: sha256(server.bytes), identity: 8 });
    assertEquals(await namesIn(path), ["style.safetensors"]);
  }));

/** Announce one length and send bytes until the client disconnects. */
function endless(headers: Record<string, string>): Response {
  const body = new ReadableStream({
    pull: (controller) => controller.enqueue(new Uint8Array(65_536)),
  });
  return new Response(body, { headers });
}

Deno.test("transferFile() writes nothing of a file announced above its limit", () =>
  withBench(someBytes(1000), async ({ server, path, run }) => {
    server.faults.push(() => endless({ "content-length": String(10 ** 15) }));
    const error = await assertRejects(() => run({ maxBytes: 5_000_000 }), FailureError);
    assertEquals([error.failure, error.retryable, server.requests.length], ["too-large", false, 1]);
    assertStringIncludes(error.message, ": larger than the limit of 4.8 MiB");
    assertEquals(await namesIn(path), []);
  }));

Deno.test("transferFile() aborts an endless body at its limit", () =>
  withBench(someBytes(1000), async ({ server, path, run }) => {
    server.faults.push(() => endless({}));
    const error = await assertRejects(() => run({ maxBytes: 5_000_000 }), FailureError);
    assertEquals([error.failure, server.requests.length], ["too-large", 1]);
    const { size } = await Deno.stat(partPathOf(path));
    assert(size > 1_000_000 && size <= 5_000_000, `${size}`);
  }));

Deno.test("transferFile() accepts a file of exactly its limit", () =>
  withBench(someBytes(1000), async ({ run }) => {
    assertEquals((await run({ maxBytes: 1000 })).sizeBytes, 1000);
    await assertRejects(() => run({ maxBytes: 999, identity: 8 }), FailureError);
  }));

Deno.test("transferFile() reserves disk space before it writes, and stops without any", () =>
  withBench(someBytes(3_000_000), async ({ server, path, run }) => {
    const begun: unknown[] = [];
    let left = 1_000_000;
    const room = {
      begin: (facts: object) => void begun.push(facts),
      take(count: number) {
        left -= count;
        if (left < 0) throw new FailureError("disk", "No room");
      },
    };
    const error = await assertRejects(() => run({ space: room, profile: PROFILES.turbo }), FailureError, "No room");
    assertEquals([error.failure, server.requests.length], ["disk", 1]);
    const keptBytes = (await Deno.stat(partPathOf(path))).size;
    assert(keptBytes <= 1_000_000, `${keptBytes}`);
    left = Infinity;
    await run({ space: room });
    assertEquals(begun, [{ totalBytes: 3_000_000, keptBytes: 0 }, { totalBytes: 3_000_000, keptBytes }]);
  }));
