import { assertEquals, assertRejects } from "@std/assert";
import { join } from "node:path";
import { hashFile } from "../../../lib/library/mod.ts";
import { pattern, safetensors } from "../../helpers/library/file_bytes.ts";
import { inTempDir } from "../../helpers/temp_dir.ts";

interface Vector {
  readonly name: string;
  readonly file?: string;
  readonly size: number;
  readonly SHA256: string;
  readonly AutoV2: string;
  readonly AutoV1: string;
  readonly CRC32: string;
  readonly BLAKE3: string;
  readonly "AutoV3_nominal"?: string;
  readonly "AutoV3_from_header"?: string;
}

const fixture = (name: string): URL => new URL(`../fixtures/${name}`, import.meta.url);

Deno.test("hashFile() returns the golden hashes of every kind", () =>
  inTempDir(async (folder) => {
    const vectors = JSON.parse(await Deno.readTextFile(fixture("hash_vectors.json"))) as readonly Vector[];
    for (const vector of vectors) {
      const path = join(folder, "file");
      const bytes = vector.file === undefined ? pattern(vector.size) : await Deno.readFile(fixture(vector.file));
      await Deno.writeFile(path, bytes);
      const hashes = await hashFile(path, { extra: ["blake3", "autov1", "autov3"] });
      const { blocks: _blocks, ...rest } = hashes;
      assertEquals(rest, {
        sha256: vector.SHA256.toLowerCase(),
        autov2: vector.AutoV2.toLowerCase(),
        crc32: vector.CRC32.toLowerCase(),
        sizeBytes: vector.size,
        blake3: vector.BLAKE3.toLowerCase(),
        autov1: vector.AutoV1.toLowerCase(),
        autov3: vector.AutoV3_from_header?.toLowerCase() ?? null,
        autov3Nominal: vector.AutoV3_nominal?.toLowerCase() ?? null,
      }, vector.name);
    }
  }));

Deno.test("hashFile() computes only the requested hashes", () =>
  inTempDir(async (folder) => {
    const path = join(folder, "file");
    await Deno.writeFile(path, safetensors(10));
    const { blake3, autov1, autov3, autov3Nominal } = await hashFile(path);
    assertEquals([blake3, autov1, autov3, autov3Nominal], [null, null, null, null]);
  }));

Deno.test("hashFile() computes AutoV3 from the data if the header has none, even if the header exceeds one read", () =>
  inTempDir(async (folder) => {
    const path = join(folder, "file");
    const padded = safetensors(3000, { notes: "x".repeat(1_100_000) });
    await Deno.writeFile(path, padded);
    const long = await hashFile(path, { extra: ["autov3"] });
    await Deno.writeFile(path, padded.subarray(padded.length - 3000));
    assertEquals(long.autov3, (await hashFile(path)).sha256.slice(0, 12));
    await Deno.writeFile(path, safetensors(10, { "modelspec.hash_sha256": `0x${"AB".repeat(32)}` }));
    assertEquals((await hashFile(path, { extra: ["autov3"] })).autov3, "abababababab");
  }));

Deno.test("hashFile() returns a CRC-32 of each block for any read size", () =>
  inTempDir(async (folder) => {
    const path = join(folder, "file");
    const bytes = pattern(2_500_000);
    await Deno.writeFile(path, bytes);
    for (const blockBytes of [700_001, 1024 * 1024, 2_500_000, 3_000_000]) {
      const { blocks, crc32 } = await hashFile(path, { blockBytes });
      assertEquals(blocks.length, Math.ceil(bytes.length / blockBytes));
      if (blocks.length === 1) assertEquals(blocks[0]!.toString(16).padStart(8, "0"), crc32);
      const last = join(folder, "last");
      await Deno.writeFile(last, bytes.subarray((blocks.length - 1) * blockBytes));
      assertEquals(blocks.at(-1), parseInt((await hashFile(last)).crc32, 16));
    }
    await Deno.writeFile(path, new Uint8Array());
    assertEquals((await hashFile(path)).blocks.length, 0);
    await assertRejects(() => hashFile(path, { blockBytes: 0 }), RangeError);
  }));

Deno.test("hashFile() reports its progress and stops with the reason of its signal", () =>
  inTempDir(async (folder) => {
    const path = join(folder, "file");
    await Deno.writeFile(path, pattern(2_500_000));
    let seen = 0;
    await hashFile(path, { onBytes: (count) => seen += count });
    assertEquals(seen, 2_500_000);
    const stop = new AbortController();
    const reason = new TypeError("enough");
    const hashing = hashFile(path, { signal: stop.signal, onBytes: () => stop.abort(reason) });
    assertEquals(await assertRejects(() => hashing, TypeError), reason);
    await assertRejects(() => hashFile(join(folder, "none")), Deno.errors.NotFound);
  }));
