import { assertEquals, assertRejects } from "@std/assert";
import { lchownSync } from "node:fs";
import { join } from "node:path";
import { rebuildCatalog } from "../../../lib/downloader/rebuild/rebuild_catalog.ts";
import { noteRebuild, unfinishedRebuild } from "../../../lib/downloader/rebuild/unfinished_rebuild.ts";
import { verifyLibrary } from "../../../lib/downloader/verify/verify_library.ts";
import { FailureError } from "../../../lib/failsafe/mod.ts";
import { bytesOf, plainModel, serveOddCivitai } from "../../helpers/servers/odd_civitai.ts";
import { sha256, someBytes } from "../../helpers/servers/file_server.ts";
import { NO_IMAGES, withBench } from "../../helpers/library/download_bench.ts";
import { put, withLibrary } from "../../helpers/library/kept_library.ts";
import { pictureBytes } from "../../helpers/library/picture_bench.ts";
import { type Published, serveCivitai } from "../../helpers/servers/small_civitai.ts";

const WITHOUT_ROOT = Deno.uid() === 0 ? "" : " (skipped: only root can change the owner of a link)";

const LANTERN: Published = { modelId: 11, versionId: 21, fileId: 31, name: "lantern.bin", bytes: someBytes(5000, 1) };
const HARBOUR: Published = { modelId: 12, versionId: 22, fileId: 32, name: "harbour.bin", bytes: someBytes(7000, 2) };

/** A `.civitai.info` as the downloader writes it. */
function info({ modelId, versionId, fileId, name, bytes }: Published, hash = sha256(bytes)): string {
  return JSON.stringify({
    id: versionId,
    modelId,
    name: `v${versionId}`,
    baseModel: "Pony",
    model: { name: `Model ${modelId}`, type: "LORA", nsfw: false, tags: ["a"] },
    creator: { username: "quillmoth" },
    files: [{ id: fileId, name, type: "Model", sizeKB: bytes.length / 1024, hashes: { SHA256: hash } }],
  });
}

Deno.test("rebuildCatalog() restores the rows of a lost catalog from hashes", () =>
  withLibrary(async (library) => {
    await using civitai = serveCivitai([LANTERN, HARBOUR]);
    await put(library, "a/renamed.bin", LANTERN.bytes);
    await put(library, "b/harbour.bin", HARBOUR.bytes);
    await put(library, "mine.bin", "nobody knows me");
    const summary = await rebuildCatalog(library, civitai.client);
    assertEquals(summary, {
      files: 3,
      known: 0,
      restored: 2,
      fromSidecars: 0,
      bytesRead: 12_015,
      copies: { count: 0, bytes: 0, paths: [] },
      unknown: { count: 1, bytes: 15, paths: ["mine.bin"] },
      own: { count: 0, bytes: 0, paths: [] },
      notLookedUp: { count: 0, bytes: 0, paths: [] },
      lookUpFailure: null,
      restoredImages: 0,
      pictures: { count: 0, bytes: 0, paths: [] },
      unreadable: { count: 0, bytes: 0, paths: [] },
      skippedResponses: [],
    });
    const item = library.catalog.item("file:21:31")!;
    assertEquals([item.path, item.state, item.sha256, item.creator, item.modelId, item.sidecarDigest], [
      "a/renamed.bin",
      "done",
      sha256(LANTERN.bytes),
      "brambleforge",
      11,
      null,
    ]);
    assertEquals(item.hashes, { SHA256: sha256(LANTERN.bytes) });
    assertEquals(JSON.parse(item.source!), { type: "Model", format: "Other", linkedQuery: null });
    assertEquals(library.catalog.blocks("file:21:31")?.length, 1);
    assertEquals([library.catalog.model(11)?.name, library.catalog.version(21)?.baseModel], ["Model 11", "SDXL 1.0"]);
    assertEquals(civitai.asked, ["/api/v1/model-versions/by-hash/ids", "/api/v1/models"]);
    const check = await verifyLibrary(library, { deep: true });
    assertEquals([check.counts.ok, check.problems], [2, []]);
  }));

Deno.test("rebuildCatalog() skips files that the catalog has", () =>
  withLibrary(async (library) => {
    await using civitai = serveCivitai([LANTERN]);
    await put(library, "lantern.bin", LANTERN.bytes);
    await rebuildCatalog(library, civitai.client);
    const { known, restored, bytesRead } = await rebuildCatalog(library, civitai.client);
    assertEquals([known, restored, bytesRead], [1, 0, 0]);
  }));

Deno.test("rebuildCatalog() names unreadable matches and restores the other files", () =>
  withLibrary(async (library) => {
    await using civitai = serveOddCivitai();
    const model = plainModel(1, civitai.url);
    for (const id of [100, 110]) await put(library, `${id}.safetensors`, bytesOf(id));
    const right = sha256(bytesOf(100));
    const odd = sha256(bytesOf(110));
    const matches = [{ hash: right, modelVersionId: 10, modelId: 1 }, { hash: odd, modelVersionId: -11, modelId: 1 }];
    civitai.answers.set("/api/v1/model-versions/by-hash/ids", JSON.stringify(matches));
    civitai.answers.set("/api/v1/models/1", JSON.stringify(model));
    const { restored, unknown, skippedResponses } = await rebuildCatalog(library, civitai.client);
    assertEquals([restored, unknown.paths], [1, ["110.safetensors"]]);
    assertEquals(skippedResponses.map(({ name, reason }) => `${name}: ${reason}`), [
      'hash match #2: "modelVersionId" is -11',
    ]);
  }));

Deno.test("rebuildCatalog() requests models one by one that the listing omits", () =>
  withLibrary(async (library) => {
    await using civitai = serveCivitai([LANTERN]);
    civitai.unlisted.add(11);
    await put(library, "lantern.bin", LANTERN.bytes);
    assertEquals((await rebuildCatalog(library, civitai.client)).restored, 1);
    assertEquals(civitai.asked.at(-1), "/api/v1/models/11");
  }));

Deno.test("rebuildCatalog() selects among versions that share a file by the sidecars", () =>
  withLibrary(async (library) => {
    await using civitai = serveCivitai([LANTERN, { ...LANTERN, versionId: 24, fileId: 34 }]);
    await put(library, "a/lantern.bin", LANTERN.bytes);
    await put(library, "a/lantern.civitai.info", info({ ...LANTERN, versionId: 24, fileId: 34 }));
    await put(library, "b/lantern.bin", LANTERN.bytes);
    assertEquals((await rebuildCatalog(library, civitai.client)).restored, 2);
    assertEquals(library.catalog.item("file:24:34")?.path, "a/lantern.bin");
    assertEquals(library.catalog.item("file:21:31")?.path, "b/lantern.bin");
    assertEquals(library.catalog.item("file:24:34")?.sidecarDigest?.length, 32);
  }));

Deno.test("rebuildCatalog() counts and skips second copies", () =>
  withLibrary(async (library) => {
    await using civitai = serveCivitai([LANTERN]);
    await put(library, "a/lantern.bin", LANTERN.bytes);
    await put(library, "b/lantern.bin", LANTERN.bytes);
    const { restored, copies } = await rebuildCatalog(library, civitai.client);
    assertEquals([restored, copies.count, copies.bytes], [1, 1, 5000]);
  }));

Deno.test("rebuildCatalog() follows a file that its user moved", () =>
  withLibrary(async (library) => {
    await using civitai = serveCivitai([LANTERN]);
    const path = await put(library, "lantern.bin", LANTERN.bytes);
    await rebuildCatalog(library, civitai.client);
    await Deno.mkdir(join(library.root, "new"));
    await Deno.rename(path, join(library.root, "new", "lantern.bin"));
    assertEquals((await rebuildCatalog(library, civitai.client)).restored, 1);
    assertEquals(library.catalog.item("file:21:31")?.path, "new/lantern.bin");
  }));

Deno.test("rebuildCatalog() does not take the path of another item", () =>
  withLibrary(async (library) => {
    await using civitai = serveCivitai([LANTERN]);
    await put(library, "lantern.bin", LANTERN.bytes);
    const other = { kind: "file", modelId: 1, versionId: 1, fileId: 1, imageId: null, creator: null } as const;
    const rest = { path: "lantern.bin", sizeBytes: null, hashes: {}, source: null };
    library.catalog.plan({ key: "file:1:1", ...other, ...rest }, 0);
    assertEquals((await rebuildCatalog(library, civitai.client)).unknown.paths, ["lantern.bin"]);
    assertEquals(library.catalog.item("file:21:31"), null);
  }));

Deno.test("rebuildCatalog() works offline with sidecars that have the right hash", () =>
  withLibrary(async (library) => {
    await put(library, "lantern.bin", LANTERN.bytes);
    await put(library, "lantern.civitai.info", info(LANTERN));
    await put(library, "harbour.bin", HARBOUR.bytes);
    await put(library, "harbour.civitai.info", info(HARBOUR, "0".repeat(64)));
    await put(library, "broken.bin", "x");
    await put(library, "broken.civitai.info", "{");
    const { restored, fromSidecars, unknown } = await rebuildCatalog(library, null);
    assertEquals([restored, fromSidecars, unknown.paths.toSorted()], [1, 1, ["broken.bin", "harbour.bin"]]);
    const item = library.catalog.item("file:21:31")!;
    assertEquals([item.state, item.creator, library.catalog.version(21)?.baseModel], ["done", "quillmoth", "Pony"]);
    assertEquals(library.catalog.model(11)?.type, "LORA");
  }));

Deno.test("rebuildCatalog() falls back to sidecars for removed models", () =>
  withLibrary(async (library) => {
    await using civitai = serveCivitai([LANTERN, HARBOUR]);
    civitai.gone.add(11);
    civitai.gone.add(12);
    await put(library, "lantern.bin", LANTERN.bytes);
    await put(library, "lantern.civitai.info", info(LANTERN));
    await put(library, "harbour.bin", HARBOUR.bytes);
    const { restored, fromSidecars, unknown } = await rebuildCatalog(library, civitai.client);
    assertEquals([restored, fromSidecars, unknown.paths], [1, 1, ["harbour.bin"]]);
  }));

Deno.test("rebuildCatalog() requests nothing for files whose own sidecars have their hash", () =>
  withLibrary(async (library) => {
    await using civitai = serveCivitai([LANTERN]);
    await put(library, "lantern.bin", LANTERN.bytes);
    await put(library, "lantern.civitai.info", info(LANTERN));
    const { restored, fromSidecars } = await rebuildCatalog(library, civitai.client);
    assertEquals([restored, fromSidecars, library.catalog.version(21)?.baseModel], [1, 1, "Pony"]);
    assertEquals(civitai.asked, []);
  }));

Deno.test("rebuildCatalog() requests a model that only the metadata of another tool names", () =>
  withLibrary(async (library) => {
    await using civitai = serveCivitai([LANTERN]);
    const client = { ...civitai.client, versionIdsByHashes: () => Promise.resolve([]) };
    await put(library, "lantern.bin", LANTERN.bytes);
    const metadata = { size: 5000, sha256: sha256(LANTERN.bytes), civitai: { id: 21, modelId: 11 } };
    await put(library, "lantern.metadata.json", JSON.stringify(metadata));
    const { restored, fromSidecars } = await rebuildCatalog(library, client);
    assertEquals([restored, fromSidecars, library.catalog.version(21)?.baseModel], [1, 0, "SDXL 1.0"]);
  }));

Deno.test("rebuildCatalog() requests a model that a response omits", () =>
  withLibrary(async (library) => {
    await using civitai = serveCivitai([LANTERN]);
    const match = { sha256: sha256(LANTERN.bytes), versionId: 21, modelId: null };
    const client = { ...civitai.client, versionIdsByHashes: () => Promise.resolve([match]) };
    await put(library, "lantern.bin", LANTERN.bytes);
    assertEquals((await rebuildCatalog(library, client)).restored, 1);
    assertEquals(civitai.asked[0], "/api/v1/model-versions/21");
  }));

Deno.test("rebuildCatalog() does what it can without network, and keeps the mark until nothing is left to look up", () =>
  withLibrary(async (library) => {
    await using civitai = serveCivitai([LANTERN, HARBOUR]);
    const { catalog } = library;
    const mark = { startedAt: "2026-11-27T22:00:00.000Z", notLookedUp: null };
    noteRebuild(catalog, mark);
    let tries = 0;
    const failure = new FailureError("connection", "Cannot look up 1 hash: the connection was refused");
    const versionIdsByHashes = () => {
      tries++;
      return Promise.reject(failure);
    };
    await put(library, "lantern.bin", LANTERN.bytes);
    await put(library, "lantern.civitai.info", info(LANTERN));
    await put(library, "copied/other name.bin", LANTERN.bytes);
    await put(library, "harbour.bin", HARBOUR.bytes);
    const told: string[] = [];
    const onLookUpFailure = (message: string): void => void told.push(message);
    const cut = await rebuildCatalog(library, { ...civitai.client, versionIdsByHashes }, { onLookUpFailure });
    assertEquals(told, [failure.message]);
    assertEquals([cut.restored, cut.copies.paths, cut.unknown.paths], [1, ["copied/other name.bin"], []]);
    assertEquals(cut.notLookedUp.paths, ["harbour.bin"]);
    assertEquals(cut.lookUpFailure, { code: "network", message: failure.message });
    assertEquals([tries, unfinishedRebuild(catalog)], [1, { ...mark, notLookedUp: 1 }]);
    const rest = await rebuildCatalog(library, civitai.client);
    assertEquals([rest.restored, rest.known, rest.lookUpFailure], [1, 1, null]);
    assertEquals(unfinishedRebuild(catalog), null);
  }));

Deno.test("rebuildCatalog() passes on what is no failure of a look-up", () =>
  withLibrary(async (library) => {
    await using civitai = serveCivitai([LANTERN]);
    const failure = new TypeError("a mistake");
    const client = { ...civitai.client, versionIdsByHashes: () => Promise.reject(failure) };
    await put(library, "lantern.bin", LANTERN.bytes);
    assertEquals(await assertRejects(() => rebuildCatalog(library, client)), failure);
  }));

Deno.test("rebuildCatalog() stops at its signal and reports its progress", () =>
  withLibrary(async (library) => {
    await put(library, "lantern.bin", LANTERN.bytes);
    const stop = new AbortController();
    const reason = new Error("enough");
    const seen: string[] = [];
    const error = await assertRejects(() =>
      rebuildCatalog(library, null, {
        signal: stop.signal,
        onProgress({ files, bytesRead, path }) {
          seen.push(`${files} ${bytesRead} ${path}`);
          stop.abort(reason);
        },
      })
    );
    assertEquals([error, seen], [reason, ["1 5000 lantern.bin"]]);
  }));

Deno.test("rebuildCatalog() restores every file offline that a sidecar of its version describes", () =>
  withLibrary(async (library) => {
    const file = (fileId: number, name: string, type: string): Published & { readonly type: string } => ({
      modelId: 11,
      versionId: 21,
      fileId,
      name,
      bytes: someBytes(2000 + fileId, fileId),
      type,
    });
    const files = [
      file(31, "lantern.safetensors", "Model"),
      file(32, "lantern_trainingData.zip", "Training Data"),
      file(33, "lantern.json", "Workflow"),
      file(34, "lantern.yaml", "Config"),
      file(35, "notes.txt", "Other"),
      file(36, "sheet.png", "Other"),
      file(37, "lantern.description.md", "Other"),
      file(38, "pack.rar", "Archive"),
    ];
    const told = files.map(({ fileId, name, type, bytes }) => (
      { id: fileId, name, type, sizeKB: bytes.length / 1024, hashes: { SHA256: sha256(bytes) } }
    ));
    const whole = { ...JSON.parse(info(files[0]!)), files: told };
    await put(library, "m/lantern.civitai.info", JSON.stringify(whole));
    // A kind of file may have a folder of its own, under another name.
    const pathOf = (name: string): string => name.endsWith(".rar") ? "archives/renamed.rar" : `m/${name}`;
    for (const { name, bytes } of files) await put(library, pathOf(name), bytes);
    for (const path of ["m/Gallery/5.jpeg", "m/lantern.preview.jpeg", "m/lantern.metadata.json"]) {
      await put(library, path, "x");
    }
    await put(library, "m/stranger.doc", "mine");
    const summary = await rebuildCatalog(library, null);
    assertEquals([summary.files, summary.restored, summary.fromSidecars], [9, 8, 8]);
    assertEquals([summary.unknown.paths, summary.pictures.paths.toSorted()], [["m/stranger.doc"], [
      "m/Gallery/5.jpeg",
      "m/lantern.preview.jpeg",
    ]]);
    for (const { fileId, name, type } of files) {
      const item = library.catalog.item(`file:21:${fileId}`);
      assertEquals([item?.path, item?.state, item?.modelId], [pathOf(name), "done", 11], name);
      assertEquals(JSON.parse(item!.source!).type, type);
    }
  }));

Deno.test("rebuildCatalog() restores a file without a published hash offline by folder, name and size", () =>
  withLibrary(async (library) => {
    const told = { id: 31, name: "Lantern.zip", type: "Archive", sizeKB: 5000 / 1024, hashes: {} };
    await put(library, "m/x.civitai.info", JSON.stringify({ ...JSON.parse(info(LANTERN)), files: [told] }));
    await put(library, "m/lantern.zip", LANTERN.bytes);
    await put(library, "n/lantern.zip", LANTERN.bytes);
    const { restored, unknown } = await rebuildCatalog(library, null);
    assertEquals([restored, unknown.paths], [1, ["n/lantern.zip"]]);
    assertEquals(library.catalog.item("file:21:31")?.sha256, sha256(LANTERN.bytes));
  }));

Deno.test("rebuildCatalog() restores intact posted images that a list beside them describes", () =>
  withLibrary(async (library) => {
    const picture = await pictureBytes("still.png");
    const row = (id: number, file: string | null) => (
      { id, file, url: `https://image.civitai.com/k/u/original=true/${id}.jpeg`, type: "image", username: "quillmoth" }
    );
    const files = ["1.png", "2.png", "0001/3.png", "../../outside.png", null, "gone.png"];
    const rows = files.map((file, index) => row(index + 1, file));
    await put(library, "images/quillmoth/images_metadata.json", JSON.stringify([...rows, { id: "x" }, 7]));
    await put(library, "images/other/images_metadata.json", "{");
    await put(library, "images/quillmoth/1.png", picture);
    await put(library, "images/quillmoth/2.png", picture.subarray(0, 100));
    await put(library, "images/quillmoth/0001/3.png", picture);
    await put(library, "outside.png", picture);
    const { restoredImages, pictures } = await rebuildCatalog(library, null);
    assertEquals([restoredImages, pictures.paths.toSorted()], [2, ["images/quillmoth/2.png", "outside.png"]]);
    const { path, source, creator, state, sha256: noted } = library.catalog.item("image:3")!;
    assertEquals([path, source, creator, state, noted], [
      "images/quillmoth/0001/3.png",
      rows[2]!.url,
      "quillmoth",
      "done",
      sha256(picture),
    ]);
    assertEquals(JSON.parse(library.catalog.note("image:3")!), { id: 3, type: "image", username: "quillmoth" });
    assertEquals((await verifyLibrary(library, { deep: true })).counts.ok, 2);
  }));

Deno.test({
  name: `rebuildCatalog() restores no posted image through another user's link${WITHOUT_ROOT}`,
  ignore: Deno.uid() !== 0,
  fn: () =>
    withLibrary(async (library) => {
      const elsewhere = await Deno.makeTempFile();
      try {
        await Deno.writeFile(elsewhere, await pictureBytes("still.png"));
        const row = { id: 1, file: "1.png", url: "https://image.civitai.com/k/u/original=true/1.jpeg", type: "image" };
        await put(library, "images/quillmoth/images_metadata.json", JSON.stringify([row]));
        const link = join(library.root, "images/quillmoth/1.png");
        await Deno.symlink(elsewhere, link);
        lchownSync(link, 12345, 12345);
        assertEquals((await rebuildCatalog(library, null)).restoredImages, 0);
      } finally {
        await Deno.remove(elsewhere);
      }
    }),
});

Deno.test("rebuildCatalog() restores the ids of every file of a real download offline", () =>
  withBench(
    { size: { creators: 2, modelsPerCreator: 30 }, filesPerVersion: { min: 1, max: 4 }, nastyNames: 0.3 },
    async ({ library, download }) => {
      await download({ choice: { ...NO_IMAGES, files: ["all"] } });
      const { catalog } = library;
      const before = [...catalog.items({ kinds: ["file"], states: ["done"] })];
      for (const { key } of before) catalog.remove(key);
      const { files, restored, unknown } = await rebuildCatalog(library, null);
      assertEquals([files, restored, unknown.paths], [before.length, before.length, []]);
      for (const { key, path, sha256, fileId, versionId, modelId } of before) {
        const now = catalog.item(key)!;
        assertEquals([now.path, now.sha256, now.state], [path, sha256, "done"]);
        assertEquals([now.fileId, now.versionId, now.modelId], [fileId, versionId, modelId]);
      }
    },
  ));
