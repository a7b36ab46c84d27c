import { assertEquals, assertRejects } from "@std/assert";
import { join } from "node:path";
import { findBadBlocks, hashFile } from "../../../lib/library/mod.ts";
import { pattern } from "../../helpers/library/file_bytes.ts";
import { inTempDir } from "../../helpers/temp_dir.ts";

const SIZE = 1_000_000;
const OPTIONS = { blockBytes: 300_000 };

async function flip(path: string, offset: number): Promise<void> {
  using file = await Deno.open(path, { write: true });
  await file.seek(offset, Deno.SeekMode.Start);
  await file.write(new Uint8Array([0xee]));
}

/** A file of four blocks, the last one short, with their digests. */
function withFile(test: (path: string, blocks: Uint32Array) => Promise<void>): Promise<void> {
  return inTempDir(async (folder) => {
    const path = join(folder, "file");
    await Deno.writeFile(path, pattern(SIZE));
    const { blocks } = await hashFile(path, OPTIONS);
    await test(path, blocks);
  });
}

Deno.test("findBadBlocks() finds nothing in an unchanged file", () =>
  withFile(async (path, blocks) => {
    assertEquals(await findBadBlocks(path, blocks, SIZE, OPTIONS), []);
  }));

Deno.test("findBadBlocks() finds the changed blocks", () =>
  withFile(async (path, blocks) => {
    for (const offset of [299_999, 600_000, SIZE - 1]) await flip(path, offset);
    assertEquals(await findBadBlocks(path, blocks, SIZE, OPTIONS), [0, 2, 3]);
  }));

Deno.test("findBadBlocks() counts missing blocks as bad, and ignores appended ones", () =>
  withFile(async (path, blocks) => {
    await Deno.truncate(path, 600_000);
    assertEquals(await findBadBlocks(path, blocks, SIZE, OPTIONS), [2, 3]);
    await Deno.writeFile(path, pattern(SIZE + 500));
    assertEquals(await findBadBlocks(path, blocks, SIZE, OPTIONS), []);
  }));

Deno.test("findBadBlocks() refuses digests of another size, and stops at its signal", () =>
  withFile(async (path, blocks) => {
    await assertRejects(() => findBadBlocks(path, blocks, SIZE * 2, OPTIONS), RangeError, "do not cover");
    const signal = AbortSignal.abort(new TypeError("enough"));
    await assertRejects(() => findBadBlocks(path, blocks, SIZE, { ...OPTIONS, signal }), TypeError, "enough");
  }));
