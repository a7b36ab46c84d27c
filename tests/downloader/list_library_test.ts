import { assertEquals } from "@std/assert";
import { type LibraryFilter, listLibrary } from "../../lib/downloader/list_library.ts";
import type { Library } from "../../lib/downloader/open_library.ts";
import { noteRemoval } from "../../lib/downloader/plan/removal_notes.ts";
import { keep, plannedFile, withLibrary } from "../helpers/library/kept_library.ts";

/** Three models: a finished LoRA with a planned image, a planned checkpoint, and a failed file without a creator. */
async function fill(library: Library): Promise<void> {
  const { catalog } = library;
  catalog.putModel(1, { name: "Lantern Fields", type: "LORA", creator: "brambleforge", json: {} });
  catalog.putModel(2, { name: "Iron Harbour", type: "Checkpoint", creator: "Quillmoth", json: {} });
  const version = { publishedAt: null, json: {} };
  catalog.putVersion(1, { ...version, modelId: 1, name: "v1", baseModel: "SDXL 1.0" });
  catalog.putVersion(2, { ...version, modelId: 2, name: "final", baseModel: "Pony" });
  await keep(library, 1, new Uint8Array(1000), { sizeBytes: 1024 });
  const image = {
    key: "preview:1:9",
    kind: "preview",
    fileId: null,
    imageId: 9,
    path: "models/1.preview.jpeg",
  } as const;
  catalog.plan({ ...plannedFile(1), ...image }, 0);
  catalog.plan(plannedFile(2, { modelId: 2, creator: "Quillmoth", sizeBytes: 5000 }), 0);
  catalog.plan(plannedFile(3, { modelId: null, versionId: null, creator: null, sizeBytes: 70 }), 0);
  catalog.mark("file:3:3", { state: "failed", outcome: "failed", reason: "the server answered 500" });
}

const cases: Record<string, { filter: LibraryFilter; keys: string[] }> = {
  "no filter": { filter: {}, keys: ["file:1:1", "preview:1:9", "file:2:2", "file:3:3"] },
  creator: { filter: { creator: "QUILLMOTH" }, keys: ["file:2:2"] },
  type: { filter: { types: ["lora", "vae"] }, keys: ["file:1:1", "preview:1:9"] },
  "base model": { filter: { baseModels: ["sdxl"] }, keys: ["file:1:1", "preview:1:9"] },
  state: { filter: { states: ["planned", "failed"] }, keys: ["preview:1:9", "file:2:2", "file:3:3"] },
  kind: { filter: { kinds: ["preview"] }, keys: ["preview:1:9"] },
  "model id": { filter: { modelId: 2 }, keys: ["file:2:2"] },
  "text in a path": { filter: { text: "PREVIEW" }, keys: ["preview:1:9"] },
  "words in several names": { filter: { text: " harbour  final" }, keys: ["file:2:2"] },
  "all conditions together": { filter: { types: ["LORA"], text: "fields", kinds: ["file"] }, keys: ["file:1:1"] },
  "empty lists, which filter nothing": {
    filter: { types: [], baseModels: [], text: "" },
    keys: ["file:1:1", "preview:1:9", "file:2:2", "file:3:3"],
  },
  nothing: { filter: { text: "no such word" }, keys: [] },
};

for (const [name, { filter, keys }] of Object.entries(cases)) {
  Deno.test(`listLibrary() filters by ${name}`, () =>
    withLibrary(async (library) => {
      await fill(library);
      const listing = listLibrary(library, filter);
      assertEquals([...listing].map(({ key }) => key), keys);
      assertEquals([...listing].length, keys.length);
      assertEquals(listing.totals().count, keys.length);
    }));
}

Deno.test("listLibrary() returns rows with the names of model and version", () =>
  withLibrary(async (library) => {
    await fill(library);
    const [first] = listLibrary(library, { modelId: 1 });
    const { sha256, doneAt, ...row } = first!;
    assertEquals([sha256?.length, new Date(doneAt!).toISOString()], [64, doneAt]);
    assertEquals(row, {
      key: "file:1:1",
      kind: "file",
      state: "done",
      outcome: "done",
      reason: null,
      removedAt: null,
      path: "models/1.bin",
      sizeBytes: 1000,
      creator: "brambleforge",
      modelId: 1,
      modelName: "Lantern Fields",
      modelType: "LORA",
      versionId: 1,
      versionName: "v1",
      baseModel: "SDXL 1.0",
      fileId: 1,
      imageId: null,
    });
    const [nobody] = listLibrary(library, { states: ["failed"] });
    assertEquals([nobody!.modelName, nobody!.baseModel, nobody!.doneAt, nobody!.sizeBytes], [null, null, null, 70]);
  }));

Deno.test("listLibrary() returns the same totals with and without filters on names", () =>
  withLibrary(async (library) => {
    await fill(library);
    const plain = listLibrary(library).totals();
    assertEquals(listLibrary(library, { text: "bin" }).totals().bytes, 6070);
    assertEquals(listLibrary(library, { text: "models" }).totals(), plain);
    assertEquals([plain.bytes, plain.byState.done], [6070, { count: 1, bytes: 1000 }]);
  }));

Deno.test("listLibrary() finds names beyond its cache", () =>
  withLibrary((library) => {
    const { catalog } = library;
    catalog.transaction(() => {
      for (let id = 1; id <= 1500; id++) {
        catalog.putModel(id, { name: `Model ${id}`, type: "LORA", creator: null, json: {} });
        catalog.plan(plannedFile(id, { modelId: id }), 0);
      }
    });
    const names = [...listLibrary(library)].map(({ modelName }) => modelName);
    assertEquals([names.length, names[0], names.at(-1)], [1500, "Model 1", "Model 1500"]);
    return Promise.resolve();
  }));

Deno.test("listLibrary() lists what Civitai no longer has, once for whatever reason, and says so", () =>
  withLibrary(async (library) => {
    await fill(library);
    const { catalog } = library;
    const now = Date.UTC(2026, 0, 31);
    noteRemoval(catalog, { type: "version", modelId: 1, versionId: 1 }, now);
    noteRemoval(catalog, { type: "file", modelId: 1, versionId: 1, key: "file:1:1" }, now);
    noteRemoval(catalog, { type: "model", modelId: 2 }, now);
    const kinds = ["file"] as const;
    const rows = [...listLibrary(library, { isRemoved: true, kinds })];
    const reason = "removed on Civitai, found on 2026-01-31";
    assertEquals(rows.map(({ key, state, outcome, reason }) => [key, state, outcome, reason]), [
      ["file:1:1", "done", "removed, kept", reason],
      ["file:2:2", "planned", null, reason],
    ]);
    assertEquals(listLibrary(library, { isRemoved: true, kinds }).totals().count, 2);
    const both = listLibrary(library, { isRemoved: true, kinds, keys: new Set(["file:2:2", "file:3:3"]) });
    assertEquals([...both].map(({ key, removedAt }) => [key, removedAt]), [["file:2:2", "2026-01-31T00:00:00.000Z"]]);
    assertEquals([...listLibrary(library, { isRemoved: true, isOutdated: true })], []);
  }));
