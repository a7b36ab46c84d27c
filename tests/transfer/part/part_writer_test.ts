import { assert, assertEquals, assertRejects } from "@std/assert";
import { join } from "node:path";
import { writePart } from "../../../lib/transfer/part/part_writer.ts";
import { inTempDir } from "../../helpers/temp_dir.ts";

/** A body that brings a kilobyte with each read, endlessly. */
const ENDLESS = {
  status: 200,
  headers: new Headers(),
  read: (target: Uint8Array) => Promise.resolve(Math.min(1024, target.length)),
  [Symbol.asyncDispose]: () => Promise.resolve(),
};

Deno.test("writePart() throws a write error while it waits for the rate, without an unhandled rejection", () =>
  inTempDir(async (folder) => {
    const path = join(folder, "x.part");
    await Deno.writeFile(path, new Uint8Array(1));
    using file = await Deno.open(path, { read: true });
    const stop = new AbortController();
    const paying = new Promise<void>((_, reject) =>
      stop.signal.addEventListener("abort", () => reject(stop.signal.reason))
    );
    let gathered = 0;
    const error = await assertRejects(() =>
      writePart(ENDLESS, file, {
        position: 0,
        end: () => Infinity,
        bufferBytes: 4096,
        gulpBytes: () => Infinity,
        onWritten: () => {},
        // The first write fails during the payment for the second buffer.
        onGathered: () => ++gathered === 1 ? undefined : paying,
      }), Error);
    assert(/os error 9/.test(error.message), error.message);
    // The payment rejects as well, and nothing awaits it any more: an unhandled rejection would end the test.
    stop.abort(new Error("stopped"));
    await new Promise((resolve) => setTimeout(resolve, 0));
  }));

/** A body of so many bytes. */
function bodyOf(sizeBytes: number) {
  let left = sizeBytes;
  return {
    ...ENDLESS,
    read(target: Uint8Array): Promise<number | null> {
      const count = Math.min(left, target.length, 64 << 10);
      target.fill(7, 0, count);
      left -= count;
      return Promise.resolve(count === 0 ? null : count);
    },
  };
}

Deno.test("writePart() writes a large file in another thread, and a small one synchronously", () =>
  inTempDir(async (folder) => {
    const { write } = Deno.FsFile.prototype;
    let handedOver = 0;
    Deno.FsFile.prototype.write = function (bytes) {
      handedOver++;
      return write.call(this, bytes);
    };
    try {
      const written: Record<number, readonly number[]> = {};
      for (const sizeBytes of [200_000, 3 << 20]) {
        handedOver = 0;
        const path = join(folder, `${sizeBytes}.part`);
        using file = await Deno.open(path, { write: true, create: true });
        const end = await writePart(bodyOf(sizeBytes), file, {
          position: 0,
          end: () => sizeBytes,
          bufferBytes: Math.min(sizeBytes, 1 << 20),
          gulpBytes: () => Infinity,
          onWritten: () => {},
          onGathered: () => undefined,
        });
        written[sizeBytes] = [end, (await Deno.stat(path)).size, Math.min(handedOver, 1)];
      }
      assertEquals(written, { 200_000: [200_000, 200_000, 0], [3 << 20]: [3 << 20, 3 << 20, 1] });
    } finally {
      Deno.FsFile.prototype.write = write;
    }
  }));

/** A body that brings a kilobyte at once and then waits, until the returned function ends it. */
function silentBody() {
  const ended = Promise.withResolvers<null>();
  let isFirst = true;
  const read = (target: Uint8Array): Promise<number | null> => {
    if (!isFirst) return ended.promise;
    isFirst = false;
    return Promise.resolve(target.fill(7, 0, 1024) && 1024);
  };
  return { body: { ...ENDLESS, read }, end: () => ended.resolve(null) };
}

Deno.test("writePart() reports bytes when they arrive, not when the read after them ends", () =>
  inTempDir(async (folder) => {
    using file = await Deno.open(join(folder, "x.part"), { write: true, create: true });
    const { body, end } = silentBody();
    const reports: (readonly [string, number])[] = [];
    let state = "silent";
    const finish = (): void => {
      state = "ended";
      end();
    };
    const late = setTimeout(finish, 5000);
    await writePart(body, file, {
      position: 0,
      end: () => 4096,
      bufferBytes: 4096,
      gulpBytes: () => Infinity,
      onWritten: () => {},
      onGathered: (count) => {
        reports.push([state, count]);
        if (state === "silent") finish();
        return undefined;
      },
    });
    clearTimeout(late);
    assertEquals(reports, [["silent", 1024], ["ended", 0]]);
  }));

Deno.test("writePart() writes no bytes that are refused while a read waits, and throws the refusal", () =>
  inTempDir(async (folder) => {
    const path = join(folder, "x.part");
    using file = await Deno.open(path, { write: true, create: true });
    const { body, end } = silentBody();
    const late = setTimeout(end, 5000);
    await assertRejects(
      () =>
        writePart(body, file, {
          position: 0,
          end: () => 4096,
          bufferBytes: 4096,
          gulpBytes: () => Infinity,
          onWritten: () => {},
          onGathered: () => {
            end();
            throw new Error("too large");
          },
        }),
      Error,
      "too large",
    );
    clearTimeout(late);
    assertEquals((await Deno.stat(path)).size, 0);
  }));

Deno.test("writePart() reads on only after all waits that its reports asked for", () =>
  inTempDir(async (folder) => {
    using file = await Deno.open(join(folder, "x.part"), { write: true, create: true });
    const order: string[] = [];
    const turns = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
    const brought = Promise.withResolvers<void>();
    let now = 0;
    const bring = (): void => {
      now = 10;
      brought.resolve();
    };
    const late = setTimeout(bring, 5000);
    const answers = [
      () => Promise.resolve(1024),
      () => brought.promise.then(() => 1024),
      () => Promise.resolve(null),
    ];
    let reads = 0;
    const read = (): Promise<number | null> => {
      order.push(`read ${reads + 1}`);
      return answers[reads++]!();
    };
    let reports = 0;
    await writePart({ ...ENDLESS, read }, file, {
      position: 0,
      end: () => 4096,
      bufferBytes: 4096,
      gulpBytes: () => Infinity,
      onWritten: () => {},
      onGathered: (count) => {
        if (count === 0) return undefined;
        const turn = reports++;
        // The second kilobyte arrives while the wait for the first has not ended.
        if (turn === 0) bring();
        setTimeout(() => (order.push(`paid ${turn + 1}`), turns[turn]!.resolve()), turn === 0 ? 60 : 20);
        return turns[turn]!.promise;
      },
      nowMs: () => now,
    });
    clearTimeout(late);
    assertEquals(order, ["read 1", "read 2", "paid 2", "paid 1", "read 3"]);
  }));

Deno.test("writePart() hands bytes over in order, and fills no memory again before it is written", () =>
  inTempDir(async (folder) => {
    using file = await Deno.open(join(folder, "x.part"), { write: true, create: true });
    const sizeBytes = 20 << 20;
    const pending: { readonly position: number; readonly answer: () => void; readonly memory: ArrayBufferLike }[] = [];
    const written: number[] = [];
    let mostPending = 0;
    const end = await writePart(bodyOf(sizeBytes), file, {
      position: 0,
      end: () => sizeBytes,
      bufferBytes: 1 << 20,
      gulpBytes: () => Infinity,
      onGathered: () => undefined,
      onWritten: (_, position) => written.push(position),
      write(bytes, position) {
        assert(pending.every(({ memory }) => memory !== bytes.buffer), "the memory is still in use");
        const { promise, resolve } = Promise.withResolvers<boolean>();
        pending.push({ position, memory: bytes.buffer, answer: () => resolve(true) });
        mostPending = Math.max(mostPending, pending.length);
        if (pending.length === 1) setTimeout(() => pending.splice(0).forEach(({ answer }) => answer()), 5);
        return promise;
      },
    });
    assertEquals([end, written.at(-1), written.toSorted((a, b) => a - b)], [sizeBytes, sizeBytes, written]);
    assert(mostPending > 1 && mostPending <= 8, `${mostPending} writes were pending`);
    assertEquals((await file.stat()).size, 0);
  }));

Deno.test("writePart() writes to the file what another thread refuses, and reports nothing after a failure", () =>
  inTempDir(async (folder) => {
    const sizeBytes = 8 << 20;
    const path = join(folder, "x.part");
    using file = await Deno.open(path, { write: true, create: true });
    const options = {
      position: 0,
      end: () => sizeBytes,
      bufferBytes: 1 << 20,
      gulpBytes: () => Infinity,
      onGathered: () => undefined,
      write: () => Promise.resolve(false),
    };
    const written: number[] = [];
    await writePart(bodyOf(sizeBytes), file, { ...options, onWritten: (_, position) => written.push(position) });
    assertEquals(written.at(-1), sizeBytes);
    assertEquals(await Deno.readFile(path), new Uint8Array(sizeBytes).fill(7));
    using readOnly = await Deno.open(path, { read: true });
    const late: number[] = [];
    await assertRejects(
      () => writePart(bodyOf(sizeBytes), readOnly, { ...options, onWritten: (_, position) => late.push(position) }),
      Error,
      "os error 9",
    );
    assertEquals(late, []);
  }));
