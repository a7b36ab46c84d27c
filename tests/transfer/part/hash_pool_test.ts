import { assertEquals, assertRejects } from "@std/assert";
import { join } from "node:path";
import { FailureError } from "../../../lib/failsafe/mod.ts";
import { HashPool } from "../../../lib/transfer/mod.ts";
import { inTempDir } from "../../helpers/temp_dir.ts";
import { sha256, someBytes } from "../../helpers/servers/file_server.ts";

const NOTHING = { offset: 0, blocks: [] };

Deno.test("HashPool hashes several growing files at once, each to its end", () =>
  inTempDir(async (folder) => {
    using pool = new HashPool();
    const files = [20_000_000, 3_000_000, 9_000_000].map((size, index) => someBytes(size, index + 1));
    const digests = await Promise.all(files.map(async (bytes, index) => {
      const path = join(folder, String(index));
      await Deno.writeFile(path, bytes);
      using follower = pool.follow(path, NOTHING);
      for (const share of [0.2, 0.7, 1]) follower.advance(bytes, Math.floor(bytes.length * share));
      return (await follower.finish(bytes.length)).sha256;
    }));
    assertEquals(digests, files.map(sha256));
  }));

Deno.test("HashPool reports a file shorter than announced, and continues with others", () =>
  inTempDir(async (folder) => {
    using pool = new HashPool();
    const short = join(folder, "short");
    const whole = join(folder, "whole");
    const bytes = someBytes(1000);
    await Deno.writeFile(short, bytes);
    await Deno.writeFile(whole, bytes);
    using broken = pool.follow(short, NOTHING);
    const error = await assertRejects(() => broken.finish(2000), FailureError, "shorter");
    assertEquals(error.failure, "changed");
    using fine = pool.follow(whole, NOTHING);
    assertEquals((await fine.finish(1000)).sha256, sha256(bytes));
  }));

/** Shared memory with these bytes. */
function shared(bytes: Uint8Array): Uint8Array<SharedArrayBuffer> {
  const memory = new Uint8Array(new SharedArrayBuffer(bytes.length));
  memory.set(bytes);
  return memory;
}

Deno.test("HashPool writes a file that it follows, and hashes what it wrote from memory", () =>
  inTempDir(async (folder) => {
    const path = join(folder, "x.part");
    const bytes = someBytes(40_000_000);
    const crcs: number[] = [];
    using file = await Deno.open(path, { write: true, createNew: true });
    using pool = new HashPool();
    using follower = pool.follow(path, { ...NOTHING, file, onBlock: (_index, crc) => crcs.push(crc) });
    for (let at = 0; at < bytes.length; at += 1 << 20) {
      assertEquals(await follower.write!(shared(bytes.subarray(at, at + (1 << 20))), at), true);
    }
    assertEquals(sha256(await Deno.readFile(path)), sha256(bytes));
    // What is on the disk no longer matters.
    await Deno.truncate(path, 10);
    const digests = await follower.finish(bytes.length);
    assertEquals([digests.sha256, digests.blocks.length, crcs.length], [sha256(bytes), 3, 2]);
    assertEquals([...digests.blocks.subarray(0, 2)], crcs);
  }));

Deno.test("HashPool writes after bytes that it has yet to hash, and after those of others", () =>
  inTempDir(async (folder) => {
    const path = join(folder, "x.part");
    const bytes = someBytes(30_000_000);
    await Deno.writeFile(path, bytes.subarray(0, 20_000_000));
    using file = await Deno.open(path, { write: true });
    using pool = new HashPool();
    using follower = pool.follow(path, { offset: 20_000_000, blocks: [], file });
    const writes = [20_000_000, 21_000_000, 22_000_000].map((at) =>
      follower.write!(shared(bytes.subarray(at, at + 1_000_000)), at)
    );
    assertEquals(await Promise.all(writes), [true, true, true]);
    await file.seek(23_000_000, Deno.SeekMode.Start);
    await file.write(bytes.subarray(23_000_000, 24_000_000));
    // Behind the bytes of the other handle, of which the thread has not been told.
    assertEquals(await follower.write!(shared(bytes.subarray(24_000_000)), 24_000_000), true);
    follower.advance(bytes, 24_000_000);
    follower.advance(bytes, bytes.length);
    assertEquals((await follower.finish(bytes.length)).sha256, sha256(bytes));
    assertEquals(await Deno.readFile(path), bytes);
  }));

Deno.test("HashPool writes to no other file than the open one, and to none after a failed write", () =>
  inTempDir(async (folder) => {
    const path = join(folder, "x.part");
    const victim = join(folder, "victim");
    await Deno.writeTextFile(victim, "precious");
    using file = await Deno.open(path, { write: true, createNew: true });
    await Deno.remove(path);
    await Deno.symlink(victim, path);
    using pool = new HashPool();
    using follower = pool.follow(path, { ...NOTHING, file });
    assertEquals(await follower.write!(shared(someBytes(10)), 0), false);
    assertEquals(await Deno.readTextFile(victim), "precious");
    using other = await Deno.open(join(folder, "y.part"), { write: true, createNew: true });
    using failing = pool.follow(join(folder, "y.part"), { ...NOTHING, file: other });
    // No byte can be there, as if the disk were full.
    const writes = [
      failing.write!(shared(someBytes(10)), -1),
      failing.write!(shared(someBytes(10)), 0),
    ];
    assertEquals([...await Promise.all(writes), (await other.stat()).size], [false, false, 0]);
  }));

Deno.test("HashPool leaves no write unanswered when its file is given up, or its thread ends", () =>
  inTempDir(async (folder) => {
    const path = join(folder, "x.part");
    using file = await Deno.open(path, { write: true, createNew: true });
    const pool = new HashPool();
    const follower = pool.follow(path, { ...NOTHING, file });
    follower[Symbol.dispose]();
    assertEquals(await follower.write!(shared(someBytes(10)), 0), false);
    using second = pool.follow(path, { ...NOTHING, file });
    const write = second.write!(shared(someBytes(10)), 0);
    pool[Symbol.dispose]();
    await assertRejects(() => write, FailureError, "was ended");
    assertEquals(await second.write!(shared(someBytes(10)), 0), false);
  }));
