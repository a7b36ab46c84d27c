import { assertEquals } from "@std/assert";
import { createHash } from "node:crypto";
import { crc32 } from "node:zlib";
import { FileContent } from "../../../lib/sandbox/content/file_content.ts";
import { FileHasher } from "../../../lib/sandbox/content/file_hasher.ts";
import { settleCatalog } from "../../../lib/sandbox/_settle_catalog.ts";
import { Catalog, type CatalogFile } from "../../../lib/sandbox/mod.ts";

function setUp(
  sizeBytes: number,
): { readonly file: CatalogFile; readonly bytes: Uint8Array; readonly hasher: FileHasher } {
  const catalog = new Catalog(settleCatalog({ fileSizes: [sizeBytes], outcomes: {} }, 0));
  const file = [...catalog.files()].find((it) => it.sizeBytes === sizeBytes)!;
  const content = new FileContent(1);
  const bytes = new Uint8Array(sizeBytes);
  content.read(file, 0, bytes);
  return { file, bytes, hasher: new FileHasher(content) };
}

function sha256(bytes: Uint8Array): string {
  return createHash("sha256").update(bytes).digest("hex").toUpperCase();
}

Deno.test("FileHasher.hashesOf() computes the real hashes", async () => {
  const { file, bytes, hasher } = setUp(1_200_001);
  const dataStart = 8 + Number(new DataView(bytes.buffer).getBigUint64(0, true));
  const { BLAKE3, ...hashes } = await hasher.hashesOf(file);
  assertEquals(hashes, {
    SHA256: sha256(bytes),
    AutoV2: sha256(bytes).slice(0, 10),
    AutoV1: sha256(bytes.subarray(0x100000, 0x110000)).slice(0, 8),
    AutoV3: sha256(bytes.subarray(dataStart)).slice(0, 12),
    CRC32: crc32(bytes).toString(16).toUpperCase().padStart(8, "0"),
  });
  assertEquals(BLAKE3?.length, 64);
});

Deno.test("FileHasher.hashesOf() hashes no bytes for AutoV1 in a small file", async () => {
  const { file, hasher } = setUp(5000);
  assertEquals((await hasher.hashesOf(file)).AutoV1, "E3B0C442");
});

Deno.test("FileHasher.hashesOf() omits expensive hashes of a large file", async () => {
  const { file, bytes, hasher } = setUp(17_000_000);
  const hashes = await hasher.hashesOf(file);
  assertEquals([hashes.SHA256, hashes.CRC32, hashes.BLAKE3], [sha256(bytes), undefined, undefined]);
});

Deno.test("FileHasher.hashesOf() caches its result", () => {
  const { file, hasher } = setUp(5000);
  const first = hasher.hashesOf(file);
  assertEquals(first === hasher.hashesOf(file), true);
  return first.then(() => {});
});
