import { assertEquals, assertMatch, assertRejects, assertStringIncludes } from "@std/assert";
import { join } from "node:path";
import { KitError } from "../../../lib/base/mod.ts";
import { type Library, planModel, writeItemSidecars } from "../../../lib/downloader/mod.ts";
import { FailureError } from "../../../lib/failsafe/mod.ts";
import type { CatalogItem } from "../../../lib/library/mod.ts";
import { NO_IMAGES, withBench } from "../../helpers/library/download_bench.ts";
import { put } from "../../helpers/library/kept_library.ts";
import { someFile, someImage, someModel, someVersion } from "../_models.ts";

interface Story {
  readonly library: Library;
  readonly item: CatalogItem;
  readonly folder: string;
  write(options?: { hasOwnFolder?: boolean }): Promise<readonly string[]>;
}

/** A finished model file and its folder. */
function withItem(story: (story: Story) => Promise<void>, file = someFile(10, { primary: true })): Promise<void> {
  return withBench({}, async ({ library, planContext, firstItem }) => {
    const versions = [someVersion(1, { files: [file], images: [someImage(7)], trainedWords: ["copper"] })];
    planModel(planContext({ choice: { ...NO_IMAGES, previews: 1 } }), someModel({ versions }));
    const { key, path } = firstItem();
    await put(library, path, "weights");
    const facts = { sha256: "a".repeat(64), actualBytes: 7, mtimeMs: 1, etag: null, outcome: "done" };
    library.catalog.markDone(key, facts);
    const item = firstItem();
    const folder = join(library.root, path, "..");
    await story({
      library,
      item,
      folder,
      async write({ hasOwnFolder = true } = {}) {
        const kept: string[] = [];
        await writeItemSidecars(library, [item], {
          hasVersionFolders: hasOwnFolder,
          onKept: (name) => kept.push(name.split("/").at(-1)!),
        });
        return kept;
      },
    });
  });
}

async function namesIn(folder: string): Promise<readonly string[]> {
  return (await Array.fromAsync(Deno.readDir(folder))).map((entry) => entry.name).sort();
}

async function readJson(path: string): Promise<Record<string, unknown>> {
  return JSON.parse(await Deno.readTextFile(path));
}

Deno.test("writeItemSidecars() writes what each tool reads", () =>
  withItem(async ({ folder, library, item, write }) => {
    assertEquals(await write(), []);
    assertEquals(await namesIn(folder), [
      "description.md",
      "file-10.civitai.info",
      "file-10.json",
      "file-10.metadata.json",
      "file-10.safetensors",
    ]);
    assertEquals((await readJson(join(folder, "file-10.metadata.json"))).sha256, "a".repeat(64));
    assertEquals((await readJson(join(folder, "file-10.json")))["activation text"], "copper");
    assertStringIncludes(await Deno.readTextFile(join(folder, "description.md")), "Fields.");
    assertMatch(library.catalog.item(item.key)!.sidecarDigest!, /^[0-9a-f]+$/);
  }));

Deno.test("writeItemSidecars() writes the same without flushes", () =>
  withItem(async ({ library, item, folder, write }) => {
    await write();
    const read = async () =>
      await Promise.all(
        (await namesIn(folder)).map(async (name) => [name, await Deno.readTextFile(join(folder, name))]),
      );
    const flushed = await read();
    for (const [name] of flushed) if (!name!.endsWith(".safetensors")) await Deno.remove(join(folder, name!));
    await writeItemSidecars(library, [item], { hasVersionFolders: true, durable: false });
    assertEquals([await read(), flushed.length > 3], [flushed, true]);
  }));

Deno.test("writeItemSidecars() names the description by its file if versions share a folder", () =>
  withItem(async ({ folder, write }) => {
    await write({ hasOwnFolder: false });
    assertEquals((await namesIn(folder)).includes("file-10.description.md"), true);
  }));

Deno.test("writeItemSidecars() keeps fields that a user or another tool changed or added", () =>
  withItem(async ({ folder, write }) => {
    await write();
    const path = join(folder, "file-10.json");
    await Deno.writeTextFile(path, JSON.stringify({ ...await readJson(path), notes: "mine", "preferred weight": 0.7 }));
    await write();
    const after = await readJson(path);
    assertEquals([after.notes, after["preferred weight"], after["activation text"]], ["mine", 0.7, "copper"]);
  }));

Deno.test("writeItemSidecars() keeps an edited text", () =>
  withItem(async ({ folder, write }) => {
    await write();
    await Deno.writeTextFile(join(folder, "description.md"), "my own words");
    await write();
    assertEquals(await Deno.readTextFile(join(folder, "description.md")), "my own words");
  }));

Deno.test({
  name: "writeItemSidecars() still knows its fields after a library came from macOS with decomposed names",
  // There the two forms are the same file.
  ignore: Deno.build.os === "darwin",
  fn: () =>
    withBench({}, async ({ library, planContext, firstItem }) => {
      const { root, catalog } = library;
      const plan = (word: string): void => {
        const files = [someFile(10, { primary: true, name: "caf\u00e9.safetensors" })];
        const versions = [someVersion(1, { files, images: [], trainedWords: [word] })];
        planModel(planContext({ choice: NO_IMAGES }), someModel({ versions, description: `<p>About ${word}</p>` }));
      };
      plan("copper");
      const { key, path } = firstItem();
      await put(library, path, "weights");
      catalog.markDone(key, { sha256: "a".repeat(64), actualBytes: 7, mtimeMs: 1, etag: null, outcome: "done" });
      const kept: string[] = [];
      const write = () =>
        writeItemSidecars(library, [catalog.item(key)!], {
          hasVersionFolders: false,
          onKept: (name) => kept.push(name),
        });
      await write();
      const folder = join(root, path, "..");
      for (const name of await namesIn(folder)) {
        await Deno.rename(join(folder, name), join(folder, name.normalize("NFD")));
      }
      const before = await namesIn(folder);
      const json = join(folder, "cafe\u0301.json");
      await Deno.writeTextFile(json, JSON.stringify({ ...await readJson(json), notes: "mine" }));
      catalog.setPath(key, path.normalize("NFD"));
      plan("bronze");
      assertEquals(catalog.item(key)!.path, path.normalize("NFD"));
      await write();
      const { notes, "activation text": words } = await readJson(json);
      assertEquals([notes, words], ["mine", "bronze"]);
      assertStringIncludes(await Deno.readTextFile(join(folder, "cafe\u0301.description.md")), "About bronze");
      assertEquals([kept, await namesIn(folder)], [[], before]);
    }),
});

Deno.test("writeItemSidecars() reports a sidecar that it cannot merge", () =>
  withItem(async ({ folder, write }) => {
    await Deno.writeTextFile(join(folder, "file-10.civitai.info"), "[1, 2");
    assertEquals(await write(), ["file-10.civitai.info"]);
    assertEquals(await Deno.readTextFile(join(folder, "file-10.civitai.info")), "[1, 2");
  }));

Deno.test("writeItemSidecars() names the sidecar that the disk does not give or take", () =>
  withItem(async ({ folder, library, item, write }) => {
    const { catalog } = library;
    const info = item.path.replace(/\.\w+$/, ".civitai.info");
    // A folder has the path of the sidecar.
    await Deno.mkdir(join(library.root, info));
    const unread = await assertRejects(() => write(), FailureError, `Cannot read "${info}": the file system reported`);
    assertEquals([unread.code, unread.cause instanceof Deno.errors.IsADirectory], ["unsafe", true]);
    await Deno.remove(join(library.root, info));
    // The folder of the model disappears, as with a share.
    await Deno.rename(folder, `${folder} away`);
    const unwritten = await assertRejects(
      () => writeItemSidecars(library, [item], { hasVersionFolders: true }),
      FailureError,
      `Cannot write "${info}": the file system reported`,
    );
    assertEquals([unwritten.code, unwritten.cause instanceof Deno.errors.NotFound], ["unsafe", true]);
    assertEquals(catalog.item(item.key)!.sidecarDigest, null);
    await Deno.rename(`${folder} away`, folder);
    assertEquals(await write(), []);
    assertEquals((await readJson(join(library.root, info))).id, 1);
  }));

Deno.test("writeItemSidecars() ends no write in the middle if another one fails", () =>
  withItem(async ({ folder, write }) => {
    // A link in the place of a temporary file is refused before anything is written.
    const refused = "file-10.civitai.info.civitai-dl.tmp";
    await Deno.symlink("elsewhere", join(folder, refused));
    await assertRejects(() => write(), KitError, refused);
    assertEquals(await namesIn(folder), [
      "description.md",
      refused,
      "file-10.json",
      "file-10.metadata.json",
      "file-10.safetensors",
    ]);
  }));

for (const type of ["Archive", "Workflow"]) {
  Deno.test(`writeItemSidecars() describes a version with a single file of type ${type}`, () =>
    withItem(async ({ folder, library, item, write }) => {
      assertEquals(await write(), []);
      assertEquals(await namesIn(folder), ["data.civitai.info", "data.zip", "description.md"]);
      assertEquals((await readJson(join(folder, "data.civitai.info"))).id, 1);
      assertMatch(await Deno.readTextFile(join(folder, "description.md")), /Copper Fields/);
      assertEquals(typeof library.catalog.item(item.key)?.sidecarDigest, "string");
    }, someFile(10, { primary: true, type, name: "data.zip" })));
}

Deno.test("writeItemSidecars() describes a version by its model file, or else its first file", () =>
  withBench({}, async ({ library, planContext }) => {
    const files = [
      someFile(1, { name: "a.zip", type: "Archive", primary: true }),
      someFile(2, { name: "b.zip", type: "Training Data" }),
    ];
    const context = planContext({ choice: { ...NO_IMAGES, files: ["all"] } });
    const done = async (key: string) => {
      await put(library, library.catalog.item(key)!.path, "x");
      library.catalog.markDone(key, { sha256: null, actualBytes: 1, mtimeMs: 1, etag: null, outcome: "done" });
      return library.catalog.item(key)!;
    };
    planModel(context, someModel({ versions: [someVersion(1, { files })] }));
    const items = [await done("file:1:1"), await done("file:1:2")];
    await writeItemSidecars(library, items, { hasVersionFolders: true });
    const folder = join(library.root, items[0]!.path, "..");
    assertEquals(await namesIn(folder), ["a.civitai.info", "a.zip", "b.zip", "description.md"]);
    const model = someFile(4, { primary: true, name: "m.safetensors" });
    planModel(
      context,
      someModel({
        id: 2,
        name: "Two",
        versions: [someVersion(2, { files: [someFile(3, { type: "Config" }), model] })],
      }),
    );
    const config = await done("file:2:3");
    await writeItemSidecars(library, [config], { hasVersionFolders: true });
    assertEquals(await namesIn(join(library.root, config.path, "..")), ["file-3.safetensors"]);
    // A refused model file describes nothing.
    library.catalog.mark("file:2:4", { state: "refused", outcome: "region", reason: "test" });
    await writeItemSidecars(library, [config], { hasVersionFolders: true });
    assertEquals((await namesIn(join(library.root, config.path, ".."))).includes("description.md"), true);
  }));
