import { assertEquals, assertStringIncludes, assertThrows } from "@std/assert";
import { KitError } from "../../../../lib/base/mod.ts";
import type { ModelFile } from "../../../../lib/civitai/mod.ts";
import { chooseFileByHash, chooseFileByQuery } from "../../../../lib/downloader/mod.ts";
import { someFile, someVersion } from "../../_models.ts";

const FP32 = { fp: "fp32", size: "full" };
const QUERIES: readonly [what: string, files: readonly ModelFile[], query: Record<string, string>, id: number][] = [
  ["the one of a type", [someFile(1, { primary: true }), someFile(2, { type: "VAE" })], { type: "VAE" }, 2],
  ["the one of a precision", [someFile(1, { primary: true }), someFile(2, FP32)], { type: "Model", fp: "fp32" }, 2],
  [
    "the one of a quantisation",
    [
      someFile(1, { format: "GGUF", quantType: "Q4_K_M" }),
      someFile(2, { format: "GGUF", quantType: "Q8_0" }),
    ],
    { format: "GGUF", quantType: "Q8_0" },
    2,
  ],
  ["a linked file", [someFile(1, { primary: true }), someFile(9, { type: "VAE", linkedQuery: { type: "VAE" } })], {
    type: "VAE",
  }, 9],
  ["whatever the letter case", [someFile(1), someFile(2, FP32)], { type: "model", fp: "FP32" }, 2],
  ["the primary one of several", [someFile(1), someFile(2, { ...FP32, primary: true })], { type: "Model" }, 2],
  [
    "the one that the service prefers when none is primary",
    [
      someFile(1, { ...FP32, format: "PickleTensor" }),
      someFile(2, FP32),
      someFile(3, { fp: "fp16", size: "full" }),
    ],
    { type: "Model", size: "full" },
    3,
  ],
  [
    "weights before anything else",
    [
      someFile(1, { type: "Training Data", format: "SafeTensor" }),
      someFile(2, { ...FP32, format: "SafeTensor" }),
    ],
    { format: "SafeTensor" },
    2,
  ],
];

for (const [what, files, query, id] of QUERIES) {
  Deno.test(`chooseFileByQuery() selects ${what}`, () =>
    assertEquals(chooseFileByQuery(someVersion(7, { files }), query).id, id));
}

Deno.test("chooseFileByQuery() refuses a query that no file matches, and lists the files", () => {
  const version = someVersion(7, { files: [someFile(1), someFile(2, FP32)] });
  const error = assertThrows(() => chooseFileByQuery(version, { type: "Model", fp: "fp8" }), KitError);
  assertEquals(error.code, "failed");
  assertStringIncludes(error.message, 'Cannot find the file with type "Model" and fp "fp8": version 7 has none');
  assertThrows(() => chooseFileByQuery(version, { fp: "" }), KitError);
  assertThrows(() => chooseFileByQuery(version, { quantType: "Q8_0" }), KitError);
});

Deno.test("chooseFileByQuery() refuses files that share all properties", () => {
  const version = someVersion(7, { files: [someFile(1, FP32), someFile(2, FP32)] });
  const error = assertThrows(() => chooseFileByQuery(version, { type: "Model", ...FP32 }), KitError);
  assertEquals(error.code, "failed");
  assertStringIncludes(error.message, "1 (file-1.safetensors)");
  assertStringIncludes(error.message, "2 (file-2.safetensors)");
  assertStringIncludes(error.message, "?fileId=");
});

const A = "a".repeat(64);
const B = "b".repeat(64);

Deno.test("chooseFileByHash() selects the file with the hash, by the matching kinds", () => {
  const files = [
    someFile(1, { primary: true, hashes: { SHA256: A, CRC32: "11111111" } }),
    someFile(2, { hashes: { SHA256: B, BLAKE3: A, AutoV1: "11111111" } }),
  ];
  const version = someVersion(7, { files });
  const choose = (hash: string, ...kinds: ("SHA256" | "BLAKE3" | "CRC32" | "AutoV1")[]) =>
    chooseFileByHash(version, { hash, kinds }).id;
  assertEquals([choose(B, "SHA256", "BLAKE3"), choose(A, "BLAKE3"), choose(A, "SHA256")], [2, 2, 1]);
  assertEquals([choose("11111111", "CRC32"), choose("11111111", "AutoV1")], [1, 2]);
  assertThrows(() => choose(B, "BLAKE3"), KitError, "version 7 lists no file with it");
  const error = assertThrows(() => choose("11111111", "AutoV1", "CRC32"), KitError);
  assertStringIncludes(error.message, "1 (file-1.safetensors), 2 (file-2.safetensors)");
  assertEquals(error.code, "failed");
});

Deno.test("chooseFileByHash() selects the primary of files with the same bytes", () => {
  const files = [someFile(1, { hashes: { SHA256: A } }), someFile(2, { primary: true, hashes: { SHA256: A } })];
  assertEquals(chooseFileByHash(someVersion(7, { files }), { hash: A, kinds: ["SHA256"] }).id, 2);
  const short = files.map((file) => ({ ...file, hashes: { ...file.hashes, AutoV1: "12345678" } }));
  assertEquals(
    chooseFileByHash(someVersion(7, { files: short }), { hash: "12345678", kinds: ["AutoV1", "CRC32"] }).id,
    2,
  );
});

Deno.test("chooseFileByHash() finds a file by its id if only the lookup has its hashes", () => {
  const files = [someFile(1, { primary: true }), someFile(2, { hashes: {} })];
  const found = [someFile(2, { hashes: { SHA256: B } })];
  assertEquals(chooseFileByHash(someVersion(7, { files }), { hash: B, kinds: ["SHA256"], found }).id, 2);
});
