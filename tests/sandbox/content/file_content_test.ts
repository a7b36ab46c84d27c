import { assert, assertEquals, assertNotEquals, assertStringIncludes } from "@std/assert";
import { FileContent } from "../../../lib/sandbox/content/file_content.ts";
import type { CatalogFile } from "../../../lib/sandbox/mod.ts";

const DECODER = new TextDecoder();

function file(part: Partial<CatalogFile>): CatalogFile {
  return {
    id: 1_000_005,
    versionId: 100_001,
    index: 1,
    name: "x",
    composedName: "x",
    overridden: false,
    type: "Model",
    storedName: "upload.safetensors",
    format: "SafeTensor",
    fp: null,
    size: null,
    quantType: null,
    sizeBytes: 300_001,
    scanned: true,
    flagged: false,
    storagePath: "/model/1/x",
    outcome: "ok" as const,
    // Every file has its own content.
    contentId: part.id ?? 1_000_005,
    contentName: part.storedName ?? "upload.safetensors",
    ...part,
  };
}

function read(content: FileContent, it: CatalogFile, start = 0, end = it.sizeBytes): Uint8Array {
  const bytes = new Uint8Array(end - start);
  content.read(it, start, bytes);
  return bytes;
}

const KINDS: readonly Partial<CatalogFile>[] = [
  {},
  { format: "GGUF", storedName: "upload.gguf" },
  { format: "PickleTensor", storedName: "upload.ckpt" },
  { format: "Other", storedName: "upload.zip" },
  { format: "Other", storedName: "upload.yaml" },
  { format: "Other", storedName: "upload.json" },
];

for (const kind of KINDS) {
  Deno.test(`FileContent.read() returns slices of the whole for any range: ${kind.format ?? "SafeTensor"} ${kind.storedName ?? ""}`, () => {
    const content = new FileContent(1);
    const it = file(kind);
    const whole = read(content, it);
    for (const at of [0, 1, 7, 8, 15, 16, 17, 200, 65_535, 65_536, 65_537, 65_550, 131_072, 299_900, 300_000]) {
      for (const count of [0, 1, 2, 15, 64, 70_000, 300_001]) {
        const end = Math.min(it.sizeBytes, at + count);
        assertEquals(read(new FileContent(1), it, at, end), whole.slice(at, end), `${at}-${end}`);
      }
    }
  });
}

Deno.test("FileContent.read() differs by file, block and seed", () => {
  const content = new FileContent(1);
  const whole = read(content, file({}));
  assertNotEquals(whole.slice(65_536, 66_000), whole.slice(131_072, 131_536));
  assertNotEquals(whole, read(content, file({ id: 1_000_006 })));
  assertNotEquals(whole, read(new FileContent(2), file({})));
});

Deno.test("FileContent.read() generates ranges far into a file of 20 GiB", () => {
  const sizeBytes = 20 * 1024 ** 3;
  const far = read(new FileContent(1), file({ sizeBytes }), sizeBytes - 1000, sizeBytes);
  assertEquals(far.length, 1000);
  assert(new Set(far).size > 100);
});

for (const sizeBytes of [1024, 1025, 1999, 99_999, 1_000_000, 2 ** 31, 20 * 1024 ** 3]) {
  Deno.test(`FileContent.read() writes a safetensors header that fits a size of ${sizeBytes}`, () => {
    const content = new FileContent(1);
    const it = file({ sizeBytes });
    const length = Number(new DataView(read(content, it, 0, 8).buffer).getBigUint64(0, true));
    const header = JSON.parse(DECODER.decode(read(content, it, 8, 8 + length)));
    let position = 0;
    for (const [name, tensor] of Object.entries<{ dtype: string; shape: number[]; data_offsets: number[] }>(header)) {
      if (name === "__metadata__") continue;
      const [begin, end] = tensor.data_offsets as [number, number];
      const items = tensor.shape.reduce((product, side) => product * side, 1);
      assertEquals([begin, end - begin], [position, items * (tensor.dtype === "F16" ? 2 : 1)]);
      position = end;
    }
    assertEquals(8 + length + position, sizeBytes);
    assertEquals(length % 8, 0);
  });
}

Deno.test("FileContent.read() writes a GGUF header whose tensor fills the file", () => {
  const it = file({ format: "GGUF", storedName: "a.gguf", sizeBytes: 50_001 });
  const bytes = read(new FileContent(1), it);
  assertEquals(DECODER.decode(bytes.subarray(0, 4)), "GGUF");
  const view = new DataView(bytes.buffer);
  assertEquals([view.getUint32(4, true), view.getBigUint64(8, true), view.getBigUint64(16, true)], [3, 1n, 1n]);
  const name = DECODER.decode(bytes.subarray(0, 200)).indexOf("blk.0.weight") + 12;
  const elements = Number(view.getBigUint64(name + 4, true));
  const dataStart = Math.ceil((name + 4 + 8 + 4 + 8) / 32) * 32;
  assertEquals(dataStart + elements, 50_001);
});

Deno.test("FileContent.read() writes archives whose directory points to the entry", () => {
  for (const storedName of ["a.zip", "a.ckpt"]) {
    const format = storedName === "a.ckpt" ? "PickleTensor" : "Other";
    const bytes = read(new FileContent(1), file({ storedName, format }));
    const view = new DataView(bytes.buffer);
    const end = bytes.length - 22;
    assertEquals([view.getUint32(0, true), view.getUint32(end, true)], [0x04034b50, 0x06054b50]);
    const directory = view.getUint32(end + 16, true);
    assertEquals([view.getUint32(directory, true), directory + view.getUint32(end + 12, true)], [0x02014b50, end]);
    assertEquals(view.getUint32(directory + 42, true), 0);
  }
});

Deno.test("FileContent.read() writes valid text formats", () => {
  const json = DECODER.decode(read(new FileContent(1), file({ storedName: "a.json", format: "Other" })));
  assertEquals(JSON.parse(json).nodes, []);
  const yaml = DECODER.decode(read(new FileContent(1), file({ storedName: "a.yaml", format: "Other" })));
  assertStringIncludes(yaml, "target: invented.Model\n");
  assertEquals(yaml.slice(100).trim(), "");
});
