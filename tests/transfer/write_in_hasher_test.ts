import { assert, assertEquals, assertLessOrEqual, assertRejects } from "@std/assert";
import { join } from "node:path";
import {
  createTransport,
  parseRateSchedule,
  partPathOf,
  PROFILES,
  RateLimiter,
  type TransferEvent,
} from "../../lib/transfer/mod.ts";
import { SIZE_THRESHOLDS } from "../../lib/transfer/size_thresholds.ts";
import { type Fault, type FileServer, serveFile, someBytes } from "../helpers/servers/file_server.ts";
import { CA } from "../helpers/servers/raw_server.ts";
import { inTempDir } from "../helpers/temp_dir.ts";
import { type AloneOptions, transferAlone } from "../helpers/transfer_alone.ts";

const CERTIFICATE = `${import.meta.dirname}/certificate`;
const TLS = {
  cert: Deno.readTextFileSync(`${CERTIFICATE}/cert.pem`),
  key: Deno.readTextFileSync(`${CERTIFICATE}/key.pem`),
};
/** A file that the thread that hashes also writes. */
const BYTES = someBytes(SIZE_THRESHOLDS.writeInHasherFrom + (5 << 20) + 7);
/** What a kill or a broken connection may cost of it, in bytes. */
const LOSS = 8 << 20;

interface Bench {
  readonly server: FileServer;
  readonly path: string;
  readonly events: TransferEvent[];
  readonly fetch: (options?: Partial<AloneOptions>) => ReturnType<typeof transferAlone>;
}

/** A server with TLS, a folder, and a transfer between them. */
function withBench(story: (bench: Bench) => Promise<void>): Promise<void> {
  return inTempDir(async (folder) => {
    await using server = serveFile(BYTES, { tls: TLS });
    using transport = createTransport({ caCerts: [CA] });
    const path = join(folder, "style.safetensors");
    const events: TransferEvent[] = [];
    const resolve = () => Promise.resolve({ url: server.url });
    const onEvent = (event: TransferEvent): number => events.push(event);
    const fetch: Bench["fetch"] = (options) =>
      transferAlone({ path, identity: { url: server.url }, sha256: server.sha256, resolve }, {
        transport: transport.send,
        onEvent,
        ...options,
      });
    await story({ server, path, events, fetch });
  });
}

/** Serve so many bytes of the file, then do not go on until the client gives up. */
function silentAfter(count: number): Fault {
  return (_request, whole) => {
    const body = new ReadableStream({ start: (controller) => controller.enqueue(whole.subarray(0, count)) });
    return new Response(body, { headers: { etag: '"v1"', "content-length": String(whole.length) } });
  };
}

/** Check that a part holds the first bytes of the file, and return how many. */
async function assertPrefix(path: string): Promise<number> {
  const part = await Deno.readFile(partPathOf(path));
  assert(part.every((byte, index) => byte === BYTES[index]), "the part holds other bytes than the file");
  return part.length;
}

Deno.test("transferFile() writes a large file over TLS in the thread that hashes", () =>
  withBench(async ({ server, path, fetch }) => {
    const { write, writeSync } = Deno.FsFile.prototype;
    let largest = 0;
    Deno.FsFile.prototype.write = function (bytes) {
      largest = Math.max(largest, bytes.length);
      return write.call(this, bytes);
    };
    Deno.FsFile.prototype.writeSync = function (bytes) {
      largest = Math.max(largest, bytes.length);
      return writeSync.call(this, bytes);
    };
    try {
      const result = await fetch();
      assertEquals([result.sha256, result.fetchedBytes, result.blocks.length], [server.sha256, BYTES.length, 5]);
    } finally {
      Object.assign(Deno.FsFile.prototype, { write, writeSync });
    }
    // Only the journal was written here.
    assertLessOrEqual(largest, 4096);
    assertEquals(await Deno.readFile(path), BYTES);
  }));

Deno.test("transferFile() resumes a large file after a stall, and hashes what it kept", () =>
  withBench(async ({ server, events, fetch }) => {
    server.faults.push(silentAfter(50_000_000));
    const result = await fetch({ profile: { ...PROFILES.stable, stallMs: 200 } });
    assertEquals([result.sha256, result.retries], [server.sha256, 1]);
    assertEquals(result.fetchedBytes, BYTES.length);
    assertEquals(events.filter(({ type }) => type === "restarted"), []);
    assertEquals(server.requests.map(({ range }) => range), [null, "bytes=50000000-"]);
  }));

Deno.test("transferFile() stops a large file at its signal with all bytes that arrived, and resumes it", () =>
  withBench(async ({ server, path, events, fetch }) => {
    const stop = new AbortController();
    server.faults.push(silentAfter(40_000_000));
    let arrived = 0;
    const onEvent = (event: TransferEvent): void => {
      if (event.type !== "bytes") return;
      arrived += event.count;
      if (arrived === 40_000_000) stop.abort(new Error("stopped"));
    };
    await assertRejects(() => fetch({ signal: stop.signal, onEvent }), Error, "stopped");
    assertEquals(await assertPrefix(path), 40_000_000);
    const result = await fetch();
    assertEquals([result.resumedBytes, result.sha256], [40_000_000, server.sha256]);
    assertEquals(events.filter(({ type }) => type === "restarted"), []);
  }));

Deno.test("transferFile() gives no name to a large file whose body is too short", () =>
  withBench(async ({ server, path, fetch }) => {
    const short: Fault = (_request, whole) =>
      new Response(
        new ReadableStream({
          start(controller) {
            controller.enqueue(whole.subarray(0, 45_000_000));
            controller.close();
          },
        }),
        { headers: { etag: '"v1"', "content-length": String(whole.length) } },
      );
    server.faults.push(short);
    await assertRejects(() => fetch({ maxRetries: 0 }), Error);
    await assertRejects(() => Deno.stat(path), Deno.errors.NotFound);
    assertEquals(await assertPrefix(path), 45_000_000);
    assertEquals((await fetch()).sha256, server.sha256);
  }));

Deno.test("transferFile() keeps to the rate while another thread writes a large file", () =>
  withBench(async ({ server, fetch }) => {
    const limiter = new RateLimiter({ schedule: parseRateSchedule("40M") });
    const startMs = performance.now();
    const result = await fetch({ limiter });
    const seconds = (performance.now() - startMs) / 1000;
    assertEquals(result.sha256, server.sha256);
    // The first tenth of a second is free.
    const shortest = BYTES.length / (40 << 20) - 0.2;
    assert(seconds > shortest, `${seconds} s, not ${shortest}`);
  }));

Deno.test("transferFile() reports why the disk takes no more of a large file", () =>
  withBench(async ({ path, fetch }) => {
    // The handles of this thread fail like those of a full disk, and so does the other thread: its file is gone.
    const { write } = Deno.FsFile.prototype;
    const { statSync } = Deno.FsFile.prototype;
    Deno.FsFile.prototype.statSync = function () {
      return { ...statSync.call(this), ino: 1 };
    };
    Deno.FsFile.prototype.write = function (bytes) {
      if (bytes.length < 1 << 20) return write.call(this, bytes);
      return Promise.reject(new Error("No space left on device (os error 28)"));
    };
    try {
      await assertRejects(() => fetch({ maxRetries: 0 }), Error, "No space left on device");
    } finally {
      Object.assign(Deno.FsFile.prototype, { write, statSync });
    }
    await assertRejects(() => Deno.stat(path), Deno.errors.NotFound);
  }));

Deno.test("transferFile() resumes a large file of a killed process, and fetches little of it again", () =>
  withBench(async ({ server, path, events, fetch }) => {
    server.faults.push(silentAfter(60_000_000));
    const program = `${import.meta.dirname}/../../benchmarks/peers/transfer_one.ts`;
    const child = new Deno.Command(Deno.execPath(), {
      args: ["run", "-q", "--no-check", "--allow-all", program, server.url, server.sha256, path, "turbo"],
      env: { DENO_CERT: `${CERTIFICATE}/ca.pem` },
      stdout: "null",
      stderr: "null",
    }).spawn();
    const partBytes = (): number => {
      try {
        return Deno.statSync(partPathOf(path)).size;
      } catch {
        // Not created yet.
        return 0;
      }
    };
    while (partBytes() < 60_000_000 - LOSS) await new Promise((resolve) => setTimeout(resolve, 2));
    child.kill("SIGKILL");
    await child.status;
    const kept = await assertPrefix(path);
    const result = await fetch();
    assertEquals([result.sha256, result.resumedBytes], [server.sha256, kept]);
    assertEquals(events.filter(({ type }) => type === "restarted"), []);
  }));
