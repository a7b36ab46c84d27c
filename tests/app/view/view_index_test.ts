import { assert, assertEquals, assertRejects } from "@std/assert";
import { join } from "node:path";
import { KitError } from "../../../lib/base/mod.ts";
import { type Library, openLibrary } from "../../../lib/downloader/mod.ts";
import { noteRemoval } from "../../../lib/downloader/plan/removal_notes.ts";
import { ViewIndex, type ViewQuery } from "../../../lib/app/view/view_index.ts";
import { NO_IMAGES, withBench } from "../../helpers/library/download_bench.ts";
import { plannedFile, withLibrary } from "../../helpers/library/kept_library.ts";

const NONE = { types: [], bases: [], creators: [], tags: [], maturity: [], states: [], roots: [] };
const ALL: ViewQuery = { text: "", filters: NONE, sort: "name" };

/** Add a model with one file, in a state. */
function addModel(
  { catalog }: Library,
  id: number,
  facts: { readonly name?: string; readonly creator?: string; readonly json?: object; readonly isDone?: boolean } = {},
): void {
  const { name = `Model ${id}`, creator = "ann", json = {}, isDone = true } = facts;
  catalog.putModel(id, { name, type: id % 2 === 0 ? "LORA" : "Checkpoint", creator, json });
  const baseModel = id % 3 === 0 ? "Pony" : "SDXL 1.0";
  catalog.putVersion(id, {
    modelId: id,
    name: `v${id}`,
    baseModel,
    publishedAt: null,
    json: { trainedWords: ["glow"] },
  });
  const key = `file:${id}:${id}`;
  catalog.plan(plannedFile(id, { modelId: id, creator, path: `${creator}/m${id}.bin`, sizeBytes: id * 10 }), 0);
  if (!isDone) return;
  const done = { sha256: null, actualBytes: id * 10, mtimeMs: 1, etag: null, outcome: "done" };
  catalog.markDone(key, done);
}

function fill(library: Library, count: number): void {
  library.catalog.transaction(() => {
    for (let id = 1; id <= count; id++) addModel(library, id);
  });
}

async function openView(library: Library, notices: string[] = []): Promise<ViewIndex> {
  return await ViewIndex.open({ root: library.root, onNotice: (message) => notices.push(message) });
}

Deno.test("ViewIndex shows what a real download has brought", () =>
  withBench({ size: "tiny", nastyNames: 0.2, imagesPerVersion: { min: 1, max: 3 } }, async (bench) => {
    await bench.download({ targets: bench.everything, choice: NO_IMAGES });
    await using view = await openView(bench.library);
    assert(await view.refresh());
    assertEquals(await view.refresh(), false);
    const { ids, cards, facets, total, progress } = await view.query(ALL);
    assertEquals(
      ids.toSorted((a, b) => a - b),
      bench.everything.map((target) => "modelId" in target ? target.modelId : 0).toSorted((a, b) => a - b),
    );
    assertEquals([ids.length, progress], [total, null]);
    assert(cards.state.every((state) => state === "done"));
    assert(cards.preview.every((preview) => preview !== null && /^\d+$/.test(preview)));
    assert(cards.bytes.every((bytes) => bytes > 0));
    assertEquals(facets.states, [["done", total]]);
  }));

Deno.test("ViewIndex takes the picture of a card from the version that it names", () =>
  withLibrary(async (library) => {
    const { catalog } = library;
    const pictures = (...names: readonly string[]) => ({
      raw: { images: names.map((name) => ({ url: `https://image.civitai.com/a/b/original=true/${name}` })) },
    });
    const keepImage = (kind: "preview" | "gallery", versionId: number, imageId: number): void => {
      const key = `${kind}:${versionId}:${imageId}`;
      const path = `pictures/${imageId}.jpeg`;
      const source = `https://image.civitai.com/a/b/original=true/${imageId}.jpeg`;
      catalog.plan(plannedFile(versionId, { key, kind, fileId: null, imageId, path, source }), 0);
      catalog.markDone(key, { sha256: null, actualBytes: 1, mtimeMs: 1, etag: null, outcome: "done" });
    };
    const setVersions = (...versions: readonly (readonly [id: number, json: object, isHeld: boolean])[]): void => {
      catalog.putModel(1, { name: "One", type: "LORA", creator: "ann", json: {} });
      for (const [id, json, isHeld] of versions) {
        const publishedAt = `2024-01-0${id}T00:00:00.000Z`;
        catalog.putVersion(id, { modelId: 1, name: `v${id}`, baseModel: "Pony", publishedAt, json });
        catalog.plan(plannedFile(id), 0);
        const done = { sha256: null, actualBytes: 1, mtimeMs: 1, etag: null, outcome: "done" };
        if (isHeld) catalog.markDone(`file:${id}:${id}`, done);
      }
    };
    await using view = await openView(library);
    const card = async () => {
      await view.refresh();
      const { version, preview } = await view.cards([1]);
      return [version[0], preview[0]];
    };
    // The newest version is not held: the card names the one before, whose showcase is empty.
    setVersions([1, pictures("11.jpeg"), true], [2, {}, true], [3, pictures("31.jpeg"), false]);
    assertEquals(await card(), ["v2", "31"]);
    keepImage("gallery", 2, 27);
    assertEquals(await card(), ["v2", "27"]);
    setVersions([2, pictures("21.mp4", "22.jpeg", "23.jpeg", "24.jpeg"), true]);
    assertEquals(await card(), ["v2", "22"]);
    // Of those on disk, the first of the showcase.
    keepImage("preview", 2, 24);
    keepImage("preview", 2, 23);
    assertEquals(await card(), ["v2", "23"]);
  }));

Deno.test("ViewIndex searches names in every script, creators, tags, trigger words and ids of versions", () =>
  withLibrary(async (library) => {
    const names = ["光の少女", "Ночной город", "مدينة الليل", "ÉCLAIR Straße", '100% "quoted" OR x*', "ﾊﾝｶｸ"];
    names.forEach((name, index) =>
      addModel(library, index + 1, { name, creator: `maker${index}`, json: { tags: [`tag ${index}`] } })
    );
    await using view = await openView(library);
    await view.refresh();
    const find = async (text: string) => (await view.query({ ...ALL, text })).ids.toSorted();
    assertEquals(await find("少女"), [1]);
    assertEquals(await find("光の少"), [1]);
    assertEquals(await find("НОЧНОЙ"), [2]);
    assertEquals(await find("الليل"), [3]);
    assertEquals(await find("éclair straße"), [4]);
    assertEquals(await find('"quoted" OR x*'), [5]);
    assertEquals(await find("100%"), [5]);
    assertEquals(await find("ハンカク"), [6]);
    assertEquals(await find("maker3"), [4]);
    assertEquals(await find("maker2 tag"), [3]);
    assertEquals(await find("glow"), [1, 2, 3, 4, 5, 6]);
    assertEquals(await find("nothing of this"), []);
  }));

Deno.test("ViewIndex counts each filter over what the other filters leave", () =>
  withLibrary(async (library) => {
    fill(library, 12);
    await using view = await openView(library);
    await view.refresh();
    const { ids, facets, count } = await view.query({ ...ALL, filters: { ...NONE, types: ["LORA"], bases: ["Pony"] } });
    assertEquals([ids.toSorted((a, b) => a - b), count], [[6, 12], 2]);
    assertEquals(facets.types, [["Checkpoint", 2], ["LORA", 2]]);
    assertEquals(facets.bases, [["SDXL 1.0", 4], ["Pony", 2]]);
    assertEquals(facets.roots, [["ann", 2]]);
    const none = await view.query({ ...ALL, filters: { ...NONE, tags: ["gone"] } });
    assertEquals([none.ids, none.facets.tags], [[], [["gone", 0]]]);
  }));

Deno.test("ViewIndex sorts by name, creator, size and dates", () =>
  withLibrary(async (library) => {
    addModel(library, 1, { name: "b", creator: "Zoe" });
    addModel(library, 2, { name: "C", creator: "ann" });
    addModel(library, 3, { name: "a", creator: "Zoe" });
    await using view = await openView(library);
    await view.refresh();
    const order = async (sort: ViewQuery["sort"]) => (await view.query({ ...ALL, sort })).ids;
    assertEquals(await order("name"), [3, 1, 2]);
    assertEquals(await order("creator"), [2, 3, 1]);
    assertEquals(await order("-size"), [3, 2, 1]);
    assertEquals((await order("-added")).length, 3);
  }));

Deno.test("ViewIndex follows changes, removals and deletions, and keeps them", () =>
  withLibrary(async (library) => {
    fill(library, 5);
    addModel(library, 6, { isDone: false });
    {
      await using view = await openView(library);
      await view.refresh();
      const { stamp } = await view.query(ALL);
      assertEquals((await view.cards([6, 99, 1])).state, ["planned", "done"]);
      library.catalog.remove("file:2:2");
      library.catalog.mark("file:3:3", { state: "corrupted", outcome: "corrupted", reason: "x" });
      addModel(library, 7, { name: "New" });
      noteRemoval(library.catalog, { type: "model", modelId: 4 }, 0);
      library.catalog.setPath("file:5:5", "elsewhere/m5.bin");
      assert(await view.refresh());
      const after = await view.query(ALL);
      assert(after.stamp !== stamp);
      assertEquals(after.ids.toSorted(), [1, 3, 4, 5, 6, 7]);
      const { state, removed } = await view.cards([3, 4, 7]);
      assertEquals([state, removed], [["corrupted", "done", "done"], [false, true, false]]);
      assertEquals((await view.query({ ...ALL, filters: { ...NONE, roots: ["elsewhere"] } })).ids, [5]);
    }
    await using again = await openView(library);
    // Before any comparison: it is on disk.
    assertEquals((await again.query(ALL)).ids.toSorted(), [1, 3, 4, 5, 6, 7]);
    assertEquals((await again.query({ ...ALL, text: "new" })).ids, [7]);
  }));

Deno.test("ViewIndex reads a library while a download writes it", () =>
  withBench({ size: { creators: 2, modelsPerCreator: 10 } }, async (bench) => {
    await using view = await openView(bench.library);
    const running = bench.download({ targets: bench.everything, choice: NO_IMAGES });
    let isDone = false;
    void running.finally(() => isDone = true);
    while (!isDone) {
      await view.refresh();
      const { count, total, ids } = await view.query(ALL);
      assertEquals([count, ids.length], [total, total]);
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
    await running;
    await view.refresh();
    assertEquals((await view.query(ALL)).facets.states, [["done", 20]]);
  }));

for (
  const [name, damage] of Object.entries({
    "is no database": (path: string) => Deno.writeFile(path, new Uint8Array(9000).fill(7)),
    "is cut off": (path: string) => Deno.truncate(path, 8192),
    "has another version": async (path: string) => {
      const { DatabaseSync } = await import("node:sqlite");
      const db = new DatabaseSync(path);
      db.exec("PRAGMA user_version = 99");
      db.close();
    },
    "is that of another library": async (path: string) => {
      const { DatabaseSync } = await import("node:sqlite");
      const db = new DatabaseSync(path);
      db.exec("UPDATE facts SET value = 'other' WHERE name = 'library'");
      db.close();
    },
  })
) {
  Deno.test(`ViewIndex makes an index again that ${name}`, () =>
    withLibrary(async (library) => {
      fill(library, 300);
      {
        await using view = await openView(library);
        await view.refresh();
      }
      await damage(join(library.root, ".civitai-dl", "view.db"));
      const notices: string[] = [];
      await using view = await openView(library, notices);
      await view.refresh();
      await view.refresh();
      assertEquals((await view.query({ ...ALL, text: "model" })).count, 300);
      assertEquals(notices.length, 1);
    }));
}

Deno.test("ViewIndex goes on with an index that was left half made", () =>
  withLibrary(async (library) => {
    fill(library, 3000);
    {
      const view = await openView(library);
      const building = view.refresh();
      while (view.progress === null) await new Promise((resolve) => setTimeout(resolve, 1));
      await view[Symbol.asyncDispose]();
      await building;
    }
    await using view = await openView(library);
    assert((await view.query(ALL)).progress !== null);
    await view.refresh();
    const { count, progress } = await view.query(ALL);
    assertEquals([count, progress], [3000, null]);
  }));

Deno.test("ViewIndex goes on after a kill in the middle", () =>
  withLibrary(async (library) => {
    fill(library, 4000);
    const probe = join(import.meta.dirname!, "_build_probe.ts");
    const child = new Deno.Command(Deno.execPath(), {
      args: ["run", "-q", "--no-check", "-P=acceptance", probe, library.root],
      stdout: "piped",
      stderr: "inherit",
    }).spawn();
    const output = child.stdout.getReader();
    await output.read();
    child.kill("SIGKILL");
    await output.cancel();
    await child.status;
    const notices: string[] = [];
    await using view = await openView(library, notices);
    await view.refresh();
    const { count, progress } = await view.query({ ...ALL, text: "model" });
    assertEquals([count, progress, notices], [4000, null, []]);
  }));

Deno.test("ViewIndex works beside another process that holds the index", () =>
  withLibrary(async (library) => {
    fill(library, 3);
    await using first = await openView(library);
    await using second = await openView(library);
    await first.refresh();
    await second.refresh();
    assertEquals((await first.query(ALL)).ids, (await second.query(ALL)).ids);
  }));

Deno.test("ViewIndex says that a catalog is of another version, and goes on when it is not any more", () =>
  withLibrary(async (library) => {
    fill(library, 3);
    await using view = await openView(library);
    await view.refresh();
    const { DatabaseSync } = await import("node:sqlite");
    const setVersion = (version: number) => {
      const db = new DatabaseSync(join(library.root, ".civitai-dl", "catalog.db"));
      db.exec(`PRAGMA user_version = ${version}`);
      db.close();
    };
    setVersion(99);
    await using other = await openView(library);
    await other.refresh();
    await assertRejects(() => other.query(ALL), KitError, "has version 99");
    setVersion(2);
    await other.refresh();
    assertEquals((await other.query(ALL)).count, 3);
  }));

Deno.test("ViewIndex says that a library is gone, and shows it again when it is back", async () => {
  const folder = await Deno.makeTempDir();
  try {
    const root = join(folder, "library");
    {
      using library = await openLibrary(root, { command: "test" });
      fill(library, 3);
    }
    await using view = await ViewIndex.open({ root });
    await view.refresh();
    await Deno.rename(root, join(folder, "moved"));
    await view.refresh();
    await assertRejects(() => view.query(ALL), KitError, "is gone");
    await Deno.rename(join(folder, "moved"), root);
    await view.refresh();
    assertEquals((await view.query(ALL)).count, 3);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

Deno.test("ViewIndex has nothing to show where no library is yet", async () => {
  const folder = await Deno.makeTempDir();
  try {
    await using view = await ViewIndex.open({ root: join(folder, "library") });
    await view.refresh();
    assertEquals((await view.query(ALL)).ids, []);
    using library = await openLibrary(join(folder, "library"), { command: "test" });
    fill(library, 2);
    await view.refresh();
    assertEquals((await view.query(ALL)).count, 2);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});
