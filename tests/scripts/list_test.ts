import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { openLibrary } from "../../lib/downloader/mod.ts";
import { type Catalog, catalogFile, openCatalog, stateFolder } from "../../lib/library/mod.ts";
import { MemoryIo, textWidth } from "../../lib/cli/mod.ts";
import { call } from "../helpers/call.ts";
import { inTempDir } from "../helpers/temp_dir.ts";

const FOLDER = "models/Pony/CHARACTER/brambleforge_A model_v1";
const LONG_NAME = "A name as long as some creators write it, ".repeat(5).trim();
const FILES = [
  { id: 1, name: "Copper Machines", file: "copper_v10.safetensors", state: "done" },
  { id: 2, name: LONG_NAME, file: `${"a_long_file_name_".repeat(5)}.safetensors`, state: "done" },
  { id: 3, name: "Velvet Skies", file: "velvet_v10.safetensors", state: "refused" },
] as const;

/** Run `list` on a library with these files. */
async function listFiles(
  words: readonly string[],
  width?: number,
): Promise<{ readonly lines: readonly string[]; readonly head: string }> {
  let out = "";
  await inTempDir(async (root) => {
    {
      using library = await openLibrary(root, { command: "test" });
      const { catalog } = library;
      const runId = catalog.startRun({ command: "download", engine: "stable", targets: [] });
      for (const { id, name, file, state } of FILES) {
        const creator = "brambleforge";
        catalog.putModel(id, { name, type: "LORA", creator, json: {} });
        catalog.putVersion(id * 10, { modelId: id, name: "v1.0", baseModel: "Pony", publishedAt: null, json: {} });
        const ids = { modelId: id, versionId: id * 10, fileId: id * 100, imageId: null };
        const key = `file:${id * 10}:${id * 100}`;
        const item = { ...ids, key, kind: "file", creator, sizeBytes: 1024, hashes: {}, source: null } as const;
        catalog.plan({ ...item, path: `${FOLDER}/${file}` }, runId);
        const facts = { sha256: null, actualBytes: 1024, mtimeMs: 0, etag: null, outcome: "already there" };
        if (state === "done") catalog.markDone(key, facts);
        else catalog.mark(key, { state, outcome: "removed", reason: "it is gone" });
      }
    }
    const io = new MemoryIo(width === undefined ? {} : { terminal: true, width });
    const { code, err } = await call(["list", "-o", root, ...words], { io });
    assertEquals(code, 0, err);
    out = io.out;
  });
  const [head, ...lines] = out.trimEnd().split("\n");
  return { head: head!, lines };
}

Deno.test("list shows the ids of model and version, and the state that --state takes", async () => {
  const { head, lines } = await listFiles([], 110);
  assertEquals(head.split(/ +/), ["STATE", "WHY", "SIZE", "MODEL", "VERSION", "CREATOR", "NAME", "PATH"]);
  assertEquals(lines[2]!.split(/ +/).slice(0, 6), ["refused", "removed", "1.0", "KiB", "3", "30"]);
  const refused = await listFiles(["--state", lines[2]!.split(" ")[0]!]);
  assertEquals(refused.lines.length, 2);
});

Deno.test("list separates the same fields by tabs in every pipe, however long a name is", async () => {
  const { head, lines } = await listFiles([]);
  assertEquals(head, "STATE\tWHY\tSIZE\tMODEL\tVERSION\tFILE\tCREATOR\tNAME\tPATH");
  assertEquals(lines.slice(0, 3), [
    `done\t\t1.0 KiB\t1\t10\t100\tbrambleforge\tCopper Machines / v1.0\t${FOLDER}/${FILES[0].file}`,
    `done\t\t1.0 KiB\t2\t20\t200\tbrambleforge\t${LONG_NAME} / v1.0\t${FOLDER}/${FILES[1].file}`,
    `refused\tremoved\t1.0 KiB\t3\t30\t300\tbrambleforge\tVelvet Skies / v1.0\t${FOLDER}/${FILES[2].file}`,
  ]);
  const { lines: done } = await listFiles(["--state", "done"]);
  assertEquals(done.map((line) => line.split("\t").length), [9, 9, 1]);
});

for (const width of [120, 80, 60]) {
  Deno.test(`list keeps the names of files whole, at the end of each row, in ${width} columns`, async () => {
    const { lines } = await listFiles([], width);
    for (const [index, { file }] of FILES.entries()) {
      assert(lines[index]!.endsWith(file), lines[index]);
      if (index !== 1) assert(textWidth(lines[index]!) <= width, lines[index]);
    }
  });
}

/** Run `list` on a library whose files are of several creators, types, base models, versions and days. */
async function listMany(words: readonly string[]): Promise<{ readonly out: string; readonly json: Listed }> {
  let listed = { out: "", json: { items: [], groups: [] } as Listed };
  await inTempDir(async (root) => {
    const now = Date.now();
    const models = [
      {
        id: 1,
        type: "LORA",
        creator: "brambleforge",
        versions: [["v1", "Pony", 40], ["v2", "Pony", 3], ["xl", "SDXL 1.0", 1]],
      },
      { id: 2, type: "Checkpoint", creator: "Quillmoth", versions: [["old", "Pony", 9], ["new", "Pony", null]] },
      { id: 3, type: "VAE", creator: null, versions: [["only", "Other", 0]] },
    ] as const;
    for (const { id, type, creator, versions } of models) {
      for (const [index, [name, baseModel, days]] of versions.entries()) {
        // Each day has its own clock: the catalog takes the time of a file from it.
        using catalog = openCatalogAt(root, now - (days ?? 0) * 86_400_000);
        catalog.putModel(id, { name: `Model ${id}`, type, creator, json: {} });
        const versionId = id * 10 + index;
        const publishedAt = `2025-0${index + 1}-01T00:00:00.000Z`;
        catalog.putVersion(versionId, { modelId: id, name, baseModel, publishedAt, json: {} });
        const ids = { modelId: id, versionId, fileId: versionId, imageId: null };
        const key = `file:${versionId}:${versionId}`;
        const item = { ...ids, key, kind: "file", creator, sizeBytes: 1024, hashes: {}, source: null } as const;
        catalog.plan({ ...item, path: `${key}.bin` }, 0);
        const facts = { sha256: null, actualBytes: id * 1000, mtimeMs: 0, etag: null, outcome: "done" };
        if (days !== null) catalog.markDone(key, facts);
      }
    }
    const { code, out, err } = await call(["list", "-o", root, ...words]);
    assertEquals(code, 0, err);
    listed = { out, json: JSON.parse((await call(["list", "-o", root, ...words, "--json"])).out) };
  });
  return listed;
}

interface Listed {
  readonly items: readonly { readonly versionId: number; readonly newer?: unknown; readonly outcome: string }[];
  readonly groups: readonly unknown[];
}

/** Open the catalog of a library at a time. */
function openCatalogAt(root: string, now: number): Catalog {
  Deno.mkdirSync(stateFolder(root), { recursive: true, mode: 0o700 });
  return openCatalog(catalogFile(root), { clock: { now: () => now } });
}

Deno.test("list --since shows what came within a time, or since a date", async () => {
  const versionsOf = async (since: string) =>
    (await listMany(["--since", since])).json.items
      .map(({ versionId }) => versionId);
  assertEquals(await versionsOf("7d"), [11, 12, 30]);
  assertEquals(await versionsOf("12h"), [30]);
  assertEquals(await versionsOf("2000-01-01"), [10, 11, 12, 20, 30]);
});

Deno.test("list --outdated shows what the catalog knows to be superseded, and by what", async () => {
  const { out, json } = await listMany(["--outdated"]);
  assertEquals(json.items.map(({ versionId, newer, outcome }) => ({ versionId, newer, outcome })), [
    { versionId: 10, newer: { id: 11, name: "v2", isHeld: true }, outcome: "superseded" },
    { versionId: 20, newer: { id: 21, name: "new", isHeld: false }, outcome: "superseded" },
  ]);
  assertStringIncludes(out, "done\tby 11 v2, here\t1000 B\t1\t10\t");
  assertStringIncludes(out, "done\tby 21 new, not here\t2.0 KiB\t2\t20\t");
  assertEquals((await listMany(["--outdated", "--creator", "quillmoth"])).json.items.length, 1);
});

Deno.test("list --usage groups what is on disk by creator, type or base model", async () => {
  const { out, json } = await listMany(["--usage", "creator"]);
  assertEquals(json.groups, [
    { name: null, count: 1, bytes: 3000, models: 1 },
    { name: "brambleforge", count: 3, bytes: 3000, models: 1 },
    { name: "Quillmoth", count: 1, bytes: 2000, models: 1 },
  ]);
  assertEquals(out.split("\n").slice(0, 3), [
    "SIZE\tFILES\tMODELS\tCREATOR",
    "2.9 KiB\t1\t1\tunknown",
    "2.9 KiB\t3\t1\tbrambleforge",
  ]);
  const groupsBy = async (...words: readonly string[]) => (await listMany(["--usage", ...words])).json.groups;
  assertEquals((await groupsBy("type")).length, 3);
  assertEquals(await groupsBy("base-model", "--type", "LORA"), [
    { name: "Pony", count: 2, bytes: 2000, models: 1 },
    { name: "SDXL 1.0", count: 1, bytes: 1000, models: 1 },
  ]);
  assertEquals(await groupsBy("type", "--outdated", "--limit", "1"), [
    { name: "Checkpoint", count: 1, bytes: 2000, models: 1 },
  ]);
});
