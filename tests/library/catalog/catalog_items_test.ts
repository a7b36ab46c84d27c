import { assert, assertEquals } from "@std/assert";
import { join } from "node:path";
import { type Catalog, type ItemFilter, openCatalog } from "../../../lib/library/mod.ts";
import { measureGrowth } from "../../helpers/measure_growth.ts";
import { plannedItem } from "../../helpers/library/facts.ts";
import { inTempDir } from "../../helpers/temp_dir.ts";

function withItems(count: number, test: (catalog: Catalog) => void): Promise<void> {
  return inTempDir((folder) => {
    using catalog = openCatalog(join(folder, "catalog.db"));
    catalog.transaction(() => {
      for (let id = 1; id <= count; id++) catalog.plan(plannedItem(id), 1);
    });
    test(catalog);
  });
}

Deno.test("Catalog.items() yields every item once, in planning order, across pages", () =>
  withItems(1501, (catalog) => {
    const ids = [...catalog.items()].map((item) => item.fileId);
    assertEquals(ids, Array.from({ length: 1501 }, (_, index) => index + 1));
  }));

Deno.test("Catalog.items() ends after an exactly full page", () =>
  withItems(1000, (catalog) => assertEquals([...catalog.items()].length, 1000)));

Deno.test("Catalog.items() neither misses nor repeats rows that change during iteration", () =>
  withItems(1200, (catalog) => {
    let seen = 0;
    for (const { key } of catalog.items({ states: ["planned"] })) {
      seen++;
      if (seen % 3 === 0) catalog.remove(key);
      else catalog.mark(key, { state: "failed", outcome: null, reason: null });
    }
    assertEquals(seen, 1200);
    assertEquals(catalog.totals().byState.failed.count, 800);
  }));

Deno.test("Catalog.items() allows an early exit", () =>
  withItems(5, (catalog) => {
    for (const item of catalog.items()) {
      assertEquals(item.fileId, 1);
      break;
    }
    catalog.remove("file:1:1");
    assertEquals(catalog.totals().count, 4);
  }));

Deno.test("Catalog.items() applies every filter, alone and combined", () =>
  withItems(0, (catalog) => {
    const image = { kind: "image", fileId: null } as const;
    catalog.plan(plannedItem(1, { creator: "Ann", modelId: 5 }), 1);
    catalog.plan(plannedItem(2, { creator: "bob", modelId: 5 }), 2);
    catalog.plan(plannedItem(3, { ...image, creator: "ann", modelId: null }), 2);
    catalog.mark("file:2:2", { state: "deferred", outcome: "early-access", reason: null, notBefore: 1000 });
    catalog.setSidecarDigest("file:1:1", "digest");
    const table: readonly (readonly [ItemFilter, string])[] = [
      [{}, "1,2,3"],
      [{ runId: 2 }, "2,3"],
      [{ states: ["deferred", "done"] }, "2"],
      [{ states: [] }, ""],
      [{ kinds: ["image", "preview"] }, "3"],
      [{ modelId: 5 }, "1,2"],
      [{ creator: "ANN" }, "1,3"],
      [{ lacksSidecars: true }, "2,3"],
      [{ dueBefore: 999 }, "1,3"],
      [{ dueBefore: 1000 }, "1,2,3"],
      [{ creator: "ann", kinds: ["file"], runId: 1, modelId: 5, states: ["planned"] }, "1"],
    ];
    for (const [filter, expected] of table) {
      const found = [...catalog.items(filter)].map((item) => item.versionId).join();
      assertEquals(found, expected, JSON.stringify(filter));
      assertEquals(catalog.totals(filter).count, expected === "" ? 0 : expected.split(",").length);
    }
  }));

Deno.test("Catalog.totals() sums sizes on disk, or planned ones", () =>
  withItems(3, (catalog) => {
    catalog.plan(plannedItem(4, { sizeBytes: null }), 1);
    const done = { sha256: null, actualBytes: 5_000_000_000, mtimeMs: 1, etag: null, outcome: null };
    catalog.markDone("file:1:1", done);
    const { count, bytes, byState } = catalog.totals();
    assertEquals([count, bytes], [4, 5_000_002_000]);
    assertEquals(byState.done, { count: 1, bytes: 5_000_000_000 });
    assertEquals(byState.planned, { count: 3, bytes: 2000 });
    assertEquals(byState.corrupted, { count: 0, bytes: 0 });
  }));

Deno.test("Catalog.totalsInTurns() counts what Catalog.totals() does, with turns of the event loop in between", () =>
  inTempDir(async (folder) => {
    using catalog = openCatalog(join(folder, "catalog.db"));
    assertEquals(await catalog.totalsInTurns(), catalog.totals());
    catalog.transaction(() => {
      for (let id = 1; id <= 12_000; id++) catalog.plan(plannedItem(id), id % 3);
    });
    for (let id = 1; id <= 6000; id += 100) {
      catalog.mark(`file:${id}:${id}`, { state: "failed", outcome: null, reason: null });
    }
    for (const filter of [{}, { runId: 2 }, { states: ["failed"] }, { runId: 9 }] as const) {
      assertEquals(await catalog.totalsInTurns(filter), catalog.totals(filter), JSON.stringify(filter));
    }
  }));

Deno.test("Catalog.items() reads 100 000 items in constant memory", async () => {
  // All rows at once would take some 100 MB.
  const grown = await measureGrowth(new URL("../_items_probe.ts", import.meta.url));
  assert(grown < 60 * 1024 * 1024, `grown by ${grown} bytes`);
});

Deno.test("Catalog.totals() sums sizes beyond the integers of SQLite and JavaScript", () =>
  withItems(0, (catalog) => {
    const sizeBytes = 1024 ** 5;
    for (let id = 1; id <= 20; id++) catalog.plan({ ...plannedItem(id), sizeBytes }, 1);
    assertEquals(catalog.totals(), { ...catalog.totals(), count: 20, bytes: 20 * sizeBytes });
    for (let id = 21; id <= 24; id++) catalog.plan({ ...plannedItem(id), sizeBytes: Number.MAX_SAFE_INTEGER }, 1);
    assertEquals(catalog.totals().count, 24);
  }));

Deno.test("Catalog.fileRecords() says what a file is known to be only if nothing else could be found out", () =>
  withItems(4, (catalog) => {
    const sha256 = "0a".repeat(32);
    const done = { sha256, actualBytes: 7, mtimeMs: 1_700_000_000_123, etag: null, outcome: "done" };
    const keys = [...catalog.items()].map(({ key }) => key);
    catalog.markDone(keys[0]!, { ...done, blocks: Uint32Array.of(1) });
    catalog.markDone(keys[1]!, { ...done, sha256: sha256.toUpperCase(), blocks: Uint32Array.of(1) });
    catalog.markDone(keys[2]!, done);
    const recorded = { sha256, sizeBytes: 7, mtimeMs: 1_700_000_000_123 };
    assertEquals([...catalog.fileRecords()].map((record) => record.recorded), [recorded, recorded, null]);
  }));
