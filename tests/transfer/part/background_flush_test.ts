import { assert, assertEquals, assertRejects } from "@std/assert";
import { join } from "node:path";
import { createFetchTransport, partPathOf } from "../../../lib/transfer/mod.ts";
import { BackgroundFlush } from "../../../lib/transfer/part/_background_flush.ts";
import { serveFile } from "../../helpers/servers/file_server.ts";
import { transferAlone } from "../../helpers/transfer_alone.ts";

const MIB = 1 << 20;

/** A disk whose flushes end when the test resolves them, and a clock. */
function slowDisk() {
  const flushes: PromiseWithResolvers<void>[] = [];
  const disk = { flushes, opened: 0, closed: 0, nowMs: 0 };
  const open = () => {
    disk.opened++;
    return Promise.resolve({
      syncData() {
        flushes.push(Promise.withResolvers());
        return flushes.at(-1)!.promise;
      },
      [Symbol.dispose]: () => void disk.closed++,
    });
  };
  return { disk, flush: new BackgroundFlush({ open, nowMs: () => disk.nowMs }) };
}

/** Let the continuations of settled promises run. */
async function turn(): Promise<void> {
  for (let i = 0; i < 10; i++) await Promise.resolve();
}

Deno.test("BackgroundFlush opens no handle for a small file", async () => {
  const { disk, flush } = slowDisk();
  flush.recordWritten(64 * MIB - 1);
  await flush.finish();
  await flush[Symbol.asyncDispose]();
  assertEquals([disk.opened, disk.flushes.length], [0, 0]);
});

Deno.test("BackgroundFlush flushes each 64 MiB, one at a time, with one handle", async () => {
  const { disk, flush } = slowDisk();
  flush.recordWritten(64 * MIB);
  await turn();
  flush.recordWritten(200 * MIB);
  await turn();
  assertEquals(disk.flushes.length, 1);
  disk.flushes[0]!.resolve();
  await turn();
  flush.recordWritten(MIB);
  await turn();
  assertEquals(disk.flushes.length, 2);
  disk.flushes[1]!.resolve();
  await turn();
  flush.recordWritten(63 * MIB);
  await turn();
  assertEquals(disk.flushes.length, 2);
  await flush.finish();
  await flush[Symbol.asyncDispose]();
  assertEquals([disk.opened, disk.closed], [1, 1]);
});

Deno.test("BackgroundFlush stops flushing after a slow flush", async () => {
  const { disk, flush } = slowDisk();
  flush.recordWritten(64 * MIB);
  await turn();
  disk.nowMs = 2001;
  disk.flushes[0]!.resolve();
  await turn();
  flush.recordWritten(500 * MIB);
  await turn();
  assertEquals(disk.flushes.length, 1);
  await flush.finish();
  await flush[Symbol.asyncDispose]();
});

Deno.test("BackgroundFlush.finish() waits for the active flush and throws its error", async () => {
  const { disk, flush } = slowDisk();
  flush.recordWritten(64 * MIB);
  await turn();
  let isOver = false;
  const finished = flush.finish().finally(() => isOver = true);
  await turn();
  assertEquals(isOver, false);
  disk.flushes[0]!.reject(new Error("EIO"));
  await assertRejects(() => finished, Error, "EIO");
  await flush[Symbol.asyncDispose]();
  assertEquals(disk.closed, 1);
});

interface Transfer {
  readonly run: (durable: boolean) => Promise<unknown>;
  /** The number of bytes in the part at each flush. */
  readonly flushedAt: number[];
  readonly path: string;
}

/** A transfer of 160 MiB over loopback whose flushes are counted, and can be made to fail by `onFlush`. */
async function withTransfer(story: (transfer: Transfer) => Promise<void>, onFlush = () => {}): Promise<void> {
  const folder = await Deno.makeTempDir();
  await using server = serveFile(new Uint8Array(160 * MIB));
  using transport = createFetchTransport();
  const path = join(folder, "large.bin");
  const flushedAt: number[] = [];
  const { syncData } = Deno.FsFile.prototype;
  Deno.FsFile.prototype.syncData = async function () {
    flushedAt.push((await Deno.stat(partPathOf(path))).size);
    onFlush();
    return await syncData.call(this);
  };
  const run = (durable: boolean) =>
    transferAlone({
      path,
      identity: { fileId: 7 },
      sha256: server.sha256,
      resolve: () => Promise.resolve({ url: server.url }),
    }, { transport: transport.send, durable, maxRetries: 0 });
  try {
    await story({ run, flushedAt, path });
  } finally {
    Deno.FsFile.prototype.syncData = syncData;
    await Deno.remove(folder, { recursive: true });
  }
}

Deno.test("transferFile() flushes a large file during the transfer, not only at its end", () =>
  withTransfer(async ({ run, flushedAt }) => {
    await run(true);
    assert(flushedAt.length >= 1 && flushedAt[0]! >= 64 * MIB && flushedAt[0]! < 160 * MIB, flushedAt.join(", "));
  }));

Deno.test("transferFile() flushes nothing that need not be durable", () =>
  withTransfer(async ({ run, flushedAt }) => {
    await run(false);
    assertEquals(flushedAt, []);
  }));

Deno.test("transferFile() keeps no file whose background flush failed", () =>
  withTransfer(async ({ run, path }) => {
    await assertRejects(() => run(true), Error, "no space");
    await assertRejects(() => Deno.stat(path), Deno.errors.NotFound);
    // Its bytes can be read, but a second flush would succeed without writing them.
    await assertRejects(() => Deno.stat(partPathOf(path)), Deno.errors.NotFound);
  }, () => {
    throw new Error("no space");
  }));
