import { assertEquals } from "@std/assert";
import { join } from "node:path";
import { readBody, writeBody } from "../../benchmarks/transports/_write_body.ts";
import { CHOSEN } from "../../benchmarks/transports.ts";
import { inTempDir } from "../helpers/temp_dir.ts";

const BYTES = new Uint8Array(10_007).map((_, index) => index * 7 % 251);

/** A body in pieces of uneven size. */
function bodyOf(bytes: Uint8Array) {
  let at = 0;
  let piece = 1;
  return {
    read(target: Uint8Array): Promise<number | null> {
      if (at === bytes.length) return Promise.resolve(null);
      piece = piece * 3 % 1009;
      const count = Math.min(piece, target.length, bytes.length - at);
      target.set(bytes.subarray(at, at + count));
      at += count;
      return Promise.resolve(count);
    },
    [Symbol.dispose]() {},
  };
}

Deno.test("readBody() reads a body to its end", async () => {
  assertEquals(await readBody(bodyOf(BYTES), 100), BYTES.length);
});

for (const handles of [1, 4]) {
  for (const [preallocates, flushes] of [[false, false], [true, true]] as const) {
    const name = `${handles} handles, ${preallocates ? "" : "not "}preallocated, ${flushes ? "" : "not "}flushed`;
    Deno.test(`writeBody() writes the whole body: ${name}`, () =>
      inTempDir(async (folder) => {
        const path = join(folder, "out.bin");
        const spec = { ...CHOSEN, handles, preallocates, flushes, bufferBytes: 256 };
        const seen = new Uint8Array(BYTES.length);
        const onWritten = (bytes: Uint8Array, end: number) => seen.set(bytes, end - bytes.length);
        await writeBody(bodyOf(BYTES), spec, { path, bytes: BYTES.length, onWritten });
        assertEquals(await Deno.readFile(path), BYTES);
        assertEquals(seen, BYTES);
      }));
  }
}
