import { assert, assertEquals, assertRejects } from "@std/assert";
import { join } from "node:path";
import { type ContentDigests, type FileToRead, hashFile, ReaderThreads } from "../../../lib/library/mod.ts";
import { inTempDir } from "../../helpers/temp_dir.ts";

const MIB = 1 << 20;

/** Bytes that differ from block to block. */
function someBytes(count: number, seed: number): Uint8Array {
  const bytes = new Uint8Array(count);
  for (let at = 0; at < count; at += 4096) bytes[at] = (at / 4096 * 31 + seed) & 255;
  return bytes;
}

Deno.test("ReaderThreads agree with hashFile() for many concurrent files", () =>
  inTempDir(async (folder) => {
    using threads = new ReaderThreads({ threads: 2 });
    const sizes = [0, 1, 256 * 1024, 256 * 1024 + 1, 16 * MIB - 1, 16 * MIB, 16 * MIB + 1, 33 * MIB];
    const paths = await Promise.all(sizes.map(async (size, seed) => {
      const path = join(folder, `${size}.bin`);
      await Deno.writeFile(path, someBytes(size, seed));
      return path;
    }));
    const read: number[] = sizes.map(() => 0);
    const found = await Promise.all(
      paths.map((path, index) => threads.hash(path, { onBytes: (count) => void (read[index]! += count) })),
    );
    assertEquals(read, sizes);
    for (const [index, path] of paths.entries()) {
      assertEquals(found[index], await digestsOf(path));
    }
  }));

Deno.test("ReaderThreads read a group with two messages, and answer only for files that are not as recorded", () =>
  inTempDir(async (folder) => {
    const workers: Worker[] = [];
    let messages = 0;
    using _threads = watchWorkers(workers, () => void messages++);
    using threads = new ReaderThreads({ threads: 1 });
    const files: FileToRead[] = [];
    for (let index = 0; index < 40; index++) files.push(await putRecorded(join(folder, `${index}.bin`), index));
    // Its bytes are damaged, its date is not.
    await damage(files[7]!);
    // Its date is new, its bytes are not.
    await Deno.utime(files[8]!.path, 1, 1);
    await Deno.remove(files[9]!.path);
    files[10] = { ...files[10]!, recorded: null };
    await Deno.writeFile(files[11]!.path, new Uint8Array(1), { append: true });
    let bytes = 0;
    const found = await threads.read(files, { onBytes: (count) => void (bytes += count) });
    assertEquals([...found.keys()], [7, 8, 9, 10, 11]);
    for (const index of [7, 8, 10, 11]) {
      const reading = found.get(index);
      assert(reading?.type === "digests", String(index));
      assertEquals(reading.digests, await digestsOf(files[index]!.path));
      assertEquals(reading.mtimeMs, (await Deno.stat(files[index]!.path)).mtime!.getTime());
    }
    const gone = found.get(9);
    assert(gone?.type === "error" && gone.error instanceof Deno.errors.NotFound);
    assertEquals([workers.length, messages], [1, 1]);
    // The sizes 0 to 39, without the file that is gone, and with the byte that was appended.
    assertEquals(bytes, 780 - 9 + 1);
  }));

Deno.test("ReaderThreads read a damaged file of several blocks again, for the digests of its blocks", () =>
  inTempDir(async (folder) => {
    using threads = new ReaderThreads({ threads: 1 });
    const file = await putRecorded(join(folder, "large.bin"), 33 * MIB);
    assertEquals(await threads.read([file]), new Map());
    await damage(file);
    let bytes = 0;
    const reading = (await threads.read([file], { onBytes: (count) => void (bytes += count) })).get(0);
    assert(reading?.type === "digests");
    assertEquals(reading.digests, await digestsOf(file.path));
    assertEquals(bytes, 33 * MIB);
  }));

Deno.test({
  name: "ReaderThreads read neither links nor folders nor pipes of a group",
  ignore: Deno.build.os === "windows",
  fn: () =>
    inTempDir(async (folder) => {
      using threads = new ReaderThreads({ threads: 1 });
      const { path } = await putRecorded(join(folder, "one"), 10);
      await Deno.symlink(path, join(folder, "link"));
      await Deno.mkdir(join(folder, "folder"));
      const { success } = await new Deno.Command("mkfifo", { args: [join(folder, "pipe")] }).output();
      assert(success);
      const files = ["link", "folder", "pipe"].map((name) => ({ path: join(folder, name), recorded: null }));
      const found = await threads.read(files);
      assertEquals([...found.values()].map(({ type }) => type), ["special", "special", "special"]);
    }),
});

Deno.test({
  name: "ReaderThreads list folders, and say which could not be read",
  ignore: Deno.build.os === "windows",
  fn: () =>
    inTempDir(async (folder) => {
      using threads = new ReaderThreads({ threads: 1 });
      await Deno.mkdir(join(folder, "empty"));
      for (const name of ["a b", "ü.bin"]) await Deno.writeFile(join(folder, name), new Uint8Array(1));
      await Deno.symlink("nowhere", join(folder, "link"));
      const [whole, empty, none] = await threads.list([folder, join(folder, "empty"), join(folder, "none")]);
      assert(whole?.type === "entries");
      const { files, folders, links } = whole.entries;
      assertEquals([files.toSorted(), folders, links], [["a b", "ü.bin"], ["empty"], ["link"]]);
      assertEquals(empty, { type: "entries", entries: { files: [], folders: [], links: [] } });
      assert(none?.type === "error" && none.error instanceof Deno.errors.NotFound);
    }),
});

Deno.test("ReaderThreads report why a file is unreadable by the class of the error", () =>
  inTempDir(async (folder) => {
    using threads = new ReaderThreads({ threads: 1 });
    await assertRejects(() => threads.hash(join(folder, "none")), Deno.errors.NotFound);
    const error = await assertRejects(() => threads.hash(folder));
    assert(error instanceof Error && /directory/i.test(error.message), String(error));
    const path = join(folder, "one");
    await Deno.writeFile(path, someBytes(10, 1));
    assertEquals((await threads.hash(path)).sizeBytes, 10);
  }));

Deno.test("ReaderThreads stop with the reason of a signal", () =>
  inTempDir(async (folder) => {
    using threads = new ReaderThreads({ threads: 1 });
    const path = join(folder, "one");
    await Deno.writeFile(path, someBytes(4 * MIB, 1));
    const stop = new AbortController();
    const hashing = [1, 2, 3].map(() => threads.hash(path, { signal: stop.signal }));
    stop.abort(new RangeError("enough"));
    for (const one of hashing) await assertRejects(() => one, RangeError, "enough");
    await assertRejects(() => threads.hash(path, { signal: stop.signal }), RangeError, "enough");
    assertEquals((await threads.hash(path)).sizeBytes, 4 * MIB);
  }));

Deno.test("ReaderThreads reject pending files when they are disposed", () =>
  inTempDir(async (folder) => {
    const path = join(folder, "one");
    await Deno.writeFile(path, someBytes(4 * MIB, 1));
    const threads = new ReaderThreads({ threads: 1 });
    const hashing = Promise.allSettled([1, 2, 3].map(() => threads.hash(path)));
    threads[Symbol.dispose]();
    for (const result of await hashing) {
      assert(result.status === "rejected" && result.reason.name === "AbortError", JSON.stringify(result));
    }
    await assertRejects(() => threads.hash(path), DOMException, "disposed");
  }));

Deno.test("ReaderThreads replace a failed thread and reject only its jobs", () =>
  inTempDir(async (folder) => {
    const path = join(folder, "one");
    await Deno.writeFile(path, someBytes(4 * MIB, 1));
    const workers: Worker[] = [];
    using _threads = watchWorkers(workers);
    using threads = new ReaderThreads({ threads: 1 });
    const hashing = Promise.allSettled([1, 2, 3, 4].map(() => threads.hash(path)));
    workers[0]!.dispatchEvent(new ErrorEvent("error", { message: "out of memory", cancelable: true }));
    assertEquals((await hashing).map(({ status }) => status), ["rejected", "rejected", "fulfilled", "fulfilled"]);
    assertEquals(workers.length, 2);
  }));

/** What the threads compute of a file. */
async function digestsOf(path: string): Promise<ContentDigests> {
  const { sha256, autov2, crc32, blocks, sizeBytes } = await hashFile(path);
  return { sha256, autov2, crc32, blocks, sizeBytes };
}

/** Write a file, and record what it is. */
async function putRecorded(path: string, sizeBytes: number): Promise<FileToRead> {
  await Deno.writeFile(path, someBytes(sizeBytes, sizeBytes));
  const { sha256 } = await hashFile(path);
  return { path, recorded: { sha256, sizeBytes, mtimeMs: (await Deno.stat(path)).mtime!.getTime() } };
}

/** Change the last byte of a file, and keep its size and date. */
async function damage({ path }: FileToRead): Promise<void> {
  const { mtime } = await Deno.stat(path);
  const bytes = await Deno.readFile(path);
  bytes[bytes.length - 1]! ^= 1;
  await Deno.writeFile(path, bytes);
  await Deno.utime(path, mtime!, mtime!);
}

/** Collect the workers that are started until the result is disposed. */
function watchWorkers(workers: Worker[], onMessage: () => void = () => {}): Disposable {
  const { Worker: Original } = globalThis;
  globalThis.Worker = class extends Original {
    constructor(...args: ConstructorParameters<typeof Worker>) {
      super(...args);
      workers.push(this);
      this.addEventListener("message", onMessage);
    }
  };
  return { [Symbol.dispose]: () => void (globalThis.Worker = Original) };
}
