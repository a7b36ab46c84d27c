import { assertEquals } from "@std/assert";
import { ensureDir } from "@std/fs";
import { dirname, join } from "node:path";
import { indexSidecars, scanLibrary, type ScannedFile } from "../../../lib/library/mod.ts";
import { inTempDir } from "../../helpers/temp_dir.ts";

async function put(root: string, path: string, content: string | Uint8Array): Promise<void> {
  await ensureDir(dirname(join(root, path)));
  await Deno.writeFile(join(root, path), typeof content === "string" ? new TextEncoder().encode(content) : content);
}

async function scan(root: string): Promise<Map<string, ScannedFile>> {
  const found = new Map<string, ScannedFile>();
  for await (const file of scanLibrary(root)) if (file.kind === "model") found.set(file.path, file);
  return found;
}

const fixture = async (ending: string): Promise<string> =>
  await Deno.readTextFile(new URL(`../fixtures/lantern_fields_xl_v2${ending}`, import.meta.url));

Deno.test("scanLibrary() reads ids and hash from the sidecars of any tool", () =>
  inTempDir(async (root) => {
    await put(root, "a/lantern_fields_xl_v2.safetensors", "1");
    await put(root, "a/lantern_fields_xl_v2.civitai.info", await fixture(".civitai.info"));
    await put(root, "b/lantern_fields_xl_v2.safetensors", "22");
    await put(root, "b/lantern_fields_xl_v2.metadata.json", await fixture(".metadata.json"));
    const found = await scan(root);
    const { mtimeMs, ...a } = found.get("a/lantern_fields_xl_v2.safetensors")!;
    const sha256 = "ae883bbd572b3198a19a658009820f1fbad32140a8743749cb7ea15ac928b09b";
    assertEquals(typeof mtimeMs, "number");
    assertEquals(a, {
      path: "a/lantern_fields_xl_v2.safetensors",
      kind: "model",
      sizeBytes: 1,
      modelId: 3100001,
      versionId: 2900101,
      fileId: 2800101,
      sha256,
    });
    const b = found.get("b/lantern_fields_xl_v2.safetensors")!;
    assertEquals([b.sizeBytes, b.modelId, b.versionId, b.fileId, b.sha256], [2, 3100001, 2900101, null, sha256]);
  }));

Deno.test("scanLibrary() matches files of one version with the same name by size, or not at all", () =>
  inTempDir(async (root) => {
    const file = (id: number, sizeKB: number): unknown => ({ id, name: "x.safetensors", sizeKB });
    await put(root, "x.civitai.info", JSON.stringify({ id: 9, modelId: 8, files: [file(1, 4), file(2, 8)] }));
    await put(root, "x.safetensors", new Uint8Array(8192));
    await put(root, "x [fp16].civitai.info", JSON.stringify({ id: 9, modelId: 8, files: [file(1, 4), file(2, 4)] }));
    await put(root, "x [fp16].safetensors", new Uint8Array(4096));
    const found = await scan(root);
    assertEquals(found.get("x.safetensors")!.fileId, 2);
    assertEquals([found.get("x [fp16].safetensors")!.versionId, found.get("x [fp16].safetensors")!.fileId], [9, null]);
  }));

Deno.test("scanLibrary() does not give a config the hash of its checkpoint", () =>
  inTempDir(async (root) => {
    await put(root, "x.yaml", "a: 1");
    await put(root, "x.metadata.json", JSON.stringify({ file_path: "/m/X.ckpt", size: 99, sha256: "a".repeat(64) }));
    await put(root, "x.ckpt", "model");
    const found = await scan(root);
    assertEquals([found.get("x.yaml")!.sha256, found.get("x.ckpt")!.sha256], [null, "a".repeat(64)]);
  }));

Deno.test("scanLibrary() ignores damaged or invalid sidecars", () =>
  inTempDir(async (root) => {
    const bad = ["{", "null", "[]", '{"id":"x"}', '{"id":-1,"files":[]}', '{"id":1.5}'];
    for (const [index, text] of bad.entries()) {
      await put(root, `${index}.pt`, "x");
      await put(root, `${index}.civitai.info`, text);
      await put(root, `${index}.metadata.json`, '{"sha256":"nonsense","civitai":[]}');
    }
    for (const file of (await scan(root)).values()) {
      assertEquals([file.modelId, file.versionId, file.fileId, file.sha256], [null, null, null, null], file.path);
    }
  }));

Deno.test("scanLibrary() continues after foreign sidecars with invalid content", () =>
  inTempDir(async (root) => {
    const odd = '{"toString":1,"valueOf":1}';
    const sidecars = [
      `{"id":5,"modelId":6,"files":[{"id":7,"name":${odd},"sizeKB":${odd}},{"id":8,"name":"1.pt","sizeKB":${odd}}]}`,
      `{"id":5,"modelId":6,"stats":${'{"a":'.repeat(5000)}1${"}".repeat(5000)}}`,
      `{"id":1e300,"modelId":-1,"files":{"length":3}}`,
    ];
    for (const [index, text] of sidecars.entries()) {
      await put(root, `a/${index + 1}.pt`, "1");
      await put(root, `a/${index + 1}.civitai.info`, text);
    }
    await put(root, "a/4.pt", "1");
    await Deno.mkdir(join(root, "a", "4.metadata.json"));
    const found = await scan(root);
    assertEquals([...found.values()].map(({ path, versionId, fileId }) => [path, versionId, fileId]).sort(), [
      ["a/1.pt", 5, 8],
      ["a/2.pt", null, null],
      ["a/3.pt", null, null],
      ["a/4.pt", null, null],
    ]);
  }));

Deno.test("scanLibrary() skips other files, its own folders and parts", () =>
  inTempDir(async (root) => {
    const others = ["a.png", "a.civitai.info", "a.safetensors.part", "corrupted/a.pt", ".civitai-dl/a.zip"];
    await put(root, "a.json", '{"activation text": "x"}');
    for (const path of [...others, "deep/er/a.gguf", "A.SAFETENSORS"]) await put(root, path, "x");
    assertEquals([...(await scan(root)).keys()].sort(), ["A.SAFETENSORS", "deep/er/a.gguf"]);
  }));

Deno.test("scanLibrary() treats any publishable file as a model file, and reports the others", () =>
  inTempDir(async (root) => {
    const models = ["a.rar", "data.zip", "flow.json", "notes.txt", "readme.md", "script.py", "x.safetensors", "odd"];
    const sidecars = ["description.md", "x.civitai.info", "x.description.md", "x.metadata.json"];
    const pictures = ["Gallery/1.jpeg", "x.preview.2.mp4"];
    for (const path of [...models, ...sidecars, ...pictures, "x.zip.part.json"]) await put(root, path, "x");
    await put(root, "x.json", '{"description": "", "preferred weight": 0}');
    await put(root, "data.json", '{"nodes": [], "links": []}');
    const found: Record<string, string[]> = { model: [], sidecar: [], picture: [] };
    for await (const { kind, path } of scanLibrary(root)) found[kind]!.push(path);
    for (const list of Object.values(found)) list.sort();
    assertEquals(found, {
      model: [...models, "data.json"].toSorted(),
      sidecar: [...sidecars, "x.json"].toSorted(),
      picture: pictures,
    });
  }));

Deno.test("indexSidecars() finds files by hash anywhere, and by name in the folder without a published hash", () =>
  inTempDir(async (root) => {
    const hash = "A".repeat(64);
    const files = [
      { id: 1, name: "x.safetensors", sizeKB: 4, hashes: { SHA256: "b".repeat(64) } },
      { id: 2, name: "x_trainingData.zip", sizeKB: 2, hashes: { SHA256: hash } },
      { id: 3, name: "Flow.json", sizeKB: 1.5, hashes: { AutoV2: "0123456789" } },
      { id: "odd", name: "y", sizeKB: 1 },
      null,
    ];
    await put(root, "m/x.civitai.info", JSON.stringify({ id: 9, modelId: 8, files }));
    await put(root, "m/bad.civitai.info", "{");
    const index = await indexSidecars(root);
    const claim = (fileId: number) => [{ infoPath: "m/x.civitai.info", versionId: 9, fileId }];
    const idsOf = (path: string, sizeBytes: number, sha256: string) =>
      index.claimsOf({ path, sizeBytes }, sha256).map(({ infoPath, versionId, fileId }) => (
        { infoPath, versionId, fileId }
      ));
    assertEquals(idsOf("elsewhere/any.zip", 2048, "a".repeat(64)), claim(2));
    assertEquals(idsOf("m/flow.json", 1536, "c".repeat(64)), claim(3));
    assertEquals(idsOf("m/flow.json", 9000, "c".repeat(64)), []);
    assertEquals(idsOf("other/flow.json", 1536, "c".repeat(64)), []);
    assertEquals([
      index.mayHave({ path: "n/flow.json", sizeBytes: 1 }),
      index.mayHave({ path: "z.json", sizeBytes: 1536 }),
      index.mayHave({ path: "z.json", sizeBytes: 1 }),
    ], [true, true, false]);
  }));

Deno.test("scanLibrary() enters linked folders once and accepts dangling links", () =>
  inTempDir(async (folder) => {
    const root = join(folder, "root");
    await put(folder, "disk/a.pt", "x");
    await put(root, "b.pt", "x");
    await Deno.symlink(join(folder, "disk"), join(root, "models"));
    await Deno.symlink(root, join(root, "again"));
    await Deno.symlink(join(folder, "disk", "a.pt"), join(root, "c.pt"));
    await Deno.symlink(join(folder, "none"), join(root, "d.pt"));
    assertEquals([...(await scan(root)).keys()].sort(), ["b.pt", "c.pt", "models/a.pt"]);
  }));

Deno.test("scanLibrary() and indexSidecars() skip circular links, also in the place of a sidecar", () =>
  inTempDir(async (root) => {
    for (const name of ["loop", "b.pt", "a.civitai.info"]) await Deno.symlink(name, join(root, name));
    await put(root, "a.pt", "x");
    assertEquals([...(await scan(root)).keys()], ["a.pt"]);
    assertEquals((await indexSidecars(root)).mayHave({ path: "a.pt", sizeBytes: 1 }), false);
  }));

Deno.test({
  name: "scanLibrary() skips folders, links into them and sidecars that this user may not read (skipped for root)",
  ignore: Deno.uid() === 0 || Deno.build.os === "windows",
  fn: () =>
    inTempDir(async (folder) => {
      const root = join(folder, "root");
      await put(root, "a.pt", "x");
      await put(root, "a.civitai.info", '{"id":9,"modelId":8}');
      await put(root, "lost+found/b.pt", "x");
      await Deno.symlink(join(root, "lost+found", "b.pt"), join(root, "c.pt"));
      await Deno.chmod(join(root, "a.civitai.info"), 0o000);
      await Deno.chmod(join(root, "lost+found"), 0o000);
      try {
        const found = await scan(root);
        assertEquals([[...found.keys()], found.get("a.pt")!.versionId], [["a.pt"], null]);
        await indexSidecars(root);
      } finally {
        await Deno.chmod(join(root, "lost+found"), 0o700);
      }
    }),
});

Deno.test("scanLibrary() reads files beside sidecars nested thousands of levels deep", () =>
  inTempDir(async (root) => {
    const nested = `${"[".repeat(50_000)}${"]".repeat(50_000)}`;
    for (
      const [name, text] of [["a", `{"id":${nested}}`], [
        "b",
        `{"id":1,"files":[{"name":${nested.slice(49_500, 50_500)}}]}`,
      ]]
    ) {
      await put(root, `${name}.safetensors`, "1");
      await put(root, `${name}.civitai.info`, text!);
      await put(root, `${name}.metadata.json`, text!);
    }
    const found = await scan(root);
    assertEquals([found.get("a.safetensors")?.versionId, found.get("b.safetensors")?.versionId], [null, 1]);
  }));

Deno.test("scanLibrary() matches the file by its size in any number format", () =>
  inTempDir(async (root) => {
    await put(root, "a.safetensors", "x".repeat(2048));
    const files = '[{"id":7,"name":"b","sizeKB":2.0},{"id":8,"name":"c","sizeKB":9.0}]';
    await put(root, "a.civitai.info", `{"id":1,"modelId":2,"files":${files}}`);
    assertEquals((await scan(root)).get("a.safetensors")?.fileId, 7);
  }));

Deno.test("scanLibrary() knows the files of macOS and SMB shares, whose names are decomposed", () =>
  inTempDir(async (root) => {
    const composed = "caf\u00e9.safetensors";
    const decomposed = "cafe\u0301.safetensors";
    const file = (id: number, name: string): unknown => ({ id, name, sizeKB: 4 });
    const files = [file(1, composed), file(2, "other.safetensors")];
    await put(root, "cafe\u0301.civitai.info", JSON.stringify({ id: 9, modelId: 8, files }));
    const facts = { "file_path": `/models/${composed}`, sha256: "ab".repeat(32), size: 1 };
    await put(root, "cafe\u0301.metadata.json", JSON.stringify(facts));
    await put(root, decomposed, new Uint8Array(4096));
    const { fileId, sha256 } = (await scan(root)).get(decomposed)!;
    assertEquals([fileId, sha256], [1, "ab".repeat(32)]);
    const index = await indexSidecars(root);
    assertEquals(index.mayHave({ path: decomposed, sizeBytes: 1 }), true);
    assertEquals(index.claimsOf({ path: decomposed, sizeBytes: 4096 }, "00".repeat(32)).map((it) => it.fileId), [1]);
  }));
