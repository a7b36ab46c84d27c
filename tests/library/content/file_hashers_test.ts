import { assert, assertEquals, assertRejects } from "@std/assert";
import { join } from "node:path";
import { FileHashers, hashFile } from "../../../lib/library/mod.ts";
import { inTempDir } from "../../helpers/temp_dir.ts";

const MIB = 1 << 20;

/** Bytes that differ from block to block. */
function someBytes(count: number, seed: number): Uint8Array {
  const bytes = new Uint8Array(count);
  for (let at = 0; at < count; at += 4096) bytes[at] = (at / 4096 * 31 + seed) & 255;
  return bytes;
}

Deno.test("FileHashers agree with hashFile() for many concurrent files", () =>
  inTempDir(async (folder) => {
    using hashers = new FileHashers({ threads: 2 });
    const sizes = [0, 1, 256 * 1024, 256 * 1024 + 1, 16 * MIB - 1, 16 * MIB, 16 * MIB + 1, 33 * MIB];
    const paths = await Promise.all(sizes.map(async (size, seed) => {
      const path = join(folder, `${size}.bin`);
      await Deno.writeFile(path, someBytes(size, seed));
      return path;
    }));
    const read: number[] = sizes.map(() => 0);
    const found = await Promise.all(
      paths.map((path, index) => hashers.hash(path, { onBytes: (count) => void (read[index]! += count) })),
    );
    assertEquals(read, sizes);
    for (const [index, path] of paths.entries()) {
      const { sha256, autov2, blocks, sizeBytes } = await hashFile(path);
      assertEquals(found[index], { sha256, autov2, blocks, sizeBytes });
    }
  }));

Deno.test("FileHashers send small files to a thread in groups, and answer for each of them", () =>
  inTempDir(async (folder) => {
    const workers: Worker[] = [];
    let messages = 0;
    using _threads = watchWorkers(workers, () => void messages++);
    using hashers = new FileHashers({ threads: 1 });
    const sizes = Array.from({ length: 40 }, (_, index) => index === 20 ? 4 * MIB : index);
    const paths = sizes.map((_, index) => join(folder, `${index}.bin`));
    for (const [index, path] of paths.entries()) {
      if (index !== 30) await Deno.writeFile(path, someBytes(sizes[index]!, index));
    }
    const results = await Promise.allSettled(
      paths.map((path, index) => hashers.hash(path, { sizeBytes: sizes[index] })),
    );
    for (const [index, result] of results.entries()) {
      if (index === 30) {
        assert(result.status === "rejected" && result.reason instanceof Deno.errors.NotFound);
        continue;
      }
      assert(result.status === "fulfilled", String(index));
      const { sha256, autov2, blocks, sizeBytes } = await hashFile(paths[index]!);
      assertEquals(result.value, { sha256, autov2, blocks, sizeBytes });
    }
    assertEquals(workers.length, 1);
    // Two files that find the thread idle, 16 and 2 before the large one, its bytes and itself, then 16 and 3.
    assert(messages <= 9, `${messages} messages`);
  }));

Deno.test("FileHashers report why a file is unreadable by the class of the error", () =>
  inTempDir(async (folder) => {
    using hashers = new FileHashers({ threads: 1 });
    await assertRejects(() => hashers.hash(join(folder, "none")), Deno.errors.NotFound);
    const error = await assertRejects(() => hashers.hash(folder));
    assert(error instanceof Error && /directory/i.test(error.message), String(error));
    const path = join(folder, "one");
    await Deno.writeFile(path, someBytes(10, 1));
    assertEquals((await hashers.hash(path)).sizeBytes, 10);
  }));

Deno.test("FileHashers stop with the reason of a signal", () =>
  inTempDir(async (folder) => {
    using hashers = new FileHashers({ threads: 1 });
    const path = join(folder, "one");
    await Deno.writeFile(path, someBytes(4 * MIB, 1));
    const stop = new AbortController();
    const hashing = [1, 2, 3].map(() => hashers.hash(path, { signal: stop.signal }));
    stop.abort(new RangeError("enough"));
    for (const one of hashing) await assertRejects(() => one, RangeError, "enough");
    await assertRejects(() => hashers.hash(path, { signal: stop.signal }), RangeError, "enough");
    assertEquals((await hashers.hash(path)).sizeBytes, 4 * MIB);
  }));

Deno.test("FileHashers reject pending files when they are disposed", () =>
  inTempDir(async (folder) => {
    const path = join(folder, "one");
    await Deno.writeFile(path, someBytes(4 * MIB, 1));
    const hashers = new FileHashers({ threads: 1 });
    const hashing = Promise.allSettled([1, 2, 3].map(() => hashers.hash(path)));
    hashers[Symbol.dispose]();
    for (const result of await hashing) {
      assert(result.status === "rejected" && result.reason.name === "AbortError", JSON.stringify(result));
    }
    await assertRejects(() => hashers.hash(path), DOMException, "disposed");
  }));

Deno.test("FileHashers replace a failed thread and reject only its jobs", () =>
  inTempDir(async (folder) => {
    const path = join(folder, "one");
    await Deno.writeFile(path, someBytes(4 * MIB, 1));
    const workers: Worker[] = [];
    using _threads = watchWorkers(workers);
    using hashers = new FileHashers({ threads: 1 });
    const hashing = Promise.allSettled([1, 2, 3, 4].map(() => hashers.hash(path)));
    workers[0]!.dispatchEvent(new ErrorEvent("error", { message: "out of memory", cancelable: true }));
    assertEquals((await hashing).map(({ status }) => status), ["rejected", "rejected", "fulfilled", "fulfilled"]);
    assertEquals(workers.length, 2);
  }));

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
