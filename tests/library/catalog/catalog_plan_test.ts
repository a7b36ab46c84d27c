import { assert, assertEquals, assertThrows } from "@std/assert";
import { join } from "node:path";
import { KitError } from "../../../lib/base/mod.ts";
import {
  type Catalog,
  type CatalogItem,
  type DoneFacts,
  openCatalog,
  type PlannedItem,
} from "../../../lib/library/mod.ts";
import { FakeClock } from "../../helpers/fake_clock.ts";
import { plannedItem } from "../../helpers/library/facts.ts";
import { inTempDir } from "../../helpers/temp_dir.ts";

const DONE: DoneFacts = { sha256: "ab".repeat(32), actualBytes: 1001, mtimeMs: 1234.5, etag: '"e"', outcome: "done" };

function withCatalog(test: (catalog: Catalog, clock: FakeClock) => void): Promise<void> {
  return inTempDir((folder) => {
    const clock = new FakeClock();
    using catalog = openCatalog(join(folder, "catalog.db"), { clock });
    test(catalog, clock);
  });
}

/** Plan items, and compare what was stored. */
function plan(catalog: Catalog, item: PlannedItem, runId: number): CatalogItem {
  const row = catalog.plan(item, runId);
  assertEquals(row, catalog.item(item.key));
  return row;
}

Deno.test("Catalog.plan() stores every field of a new item", () =>
  withCatalog((catalog) => {
    const item = plannedItem(7, { hashes: { SHA256: "AA", CRC32: "01" }, sizeBytes: 5_000_000_000 });
    const known = plan(catalog, item, 3);
    for (const [name, value] of Object.entries(item)) assertEquals(known[name as keyof typeof known], value, name);
    assertEquals([known.state, known.runId, known.attempts, known.doneAt], ["planned", 3, 0, null]);
    assertEquals(catalog.item("file:0:0"), null);
  }));

Deno.test("Catalog.plan() keeps a finished item and its path", () =>
  withCatalog((catalog) => {
    const item = plannedItem(1);
    catalog.plan(item, 1);
    catalog.markDone(item.key, DONE);
    const known = plan(catalog, { ...item, path: "elsewhere.pt", source: "s", sizeBytes: 1010 }, 2);
    assertEquals([known.state, known.path, known.source, known.runId], ["done", item.path, "s", 2]);
    assertEquals([known.sizeBytes, known.outcome, known.etag], [1010, DONE.outcome, DONE.etag]);
  }));

Deno.test("Catalog.plan() plans an item again if its content changed", () =>
  withCatalog((catalog) => {
    const item = plannedItem(1);
    catalog.plan(item, 1);
    catalog.markDone(item.key, DONE);
    catalog.setSidecarDigest(item.key, "d");
    const known = plan(catalog, { ...item, hashes: { SHA256: "FF".repeat(32) } }, 2);
    assertEquals([known.state, known.outcome, known.etag, known.sidecarDigest], ["planned", null, null, null]);
    assertEquals(known.sha256, DONE.sha256);
    assertEquals(known.hashes, { SHA256: "FF".repeat(32) });
  }));

Deno.test("Catalog.replacedItems() lists files with other content than is promised, until that is done or taken back", () =>
  withCatalog((catalog) => {
    const item = plannedItem(1, { hashes: { SHA256: DONE.sha256! } });
    const other = plannedItem(2);
    for (const one of [item, other]) catalog.plan(one, 1);
    assertEquals(catalog.replacedItems(), []);
    catalog.markDone(item.key, DONE);
    const next = { ...item, hashes: { SHA256: "FF".repeat(32) } };
    catalog.plan(next, 2);
    catalog.plan(next, 3);
    catalog.mark(item.key, { state: "failed", outcome: "failed", reason: "the network" });
    assertEquals(catalog.replacedItems().map(({ key }) => key), [item.key]);
    assertEquals([catalog.replacedItems({ runId: 3 }).length, catalog.replacedItems({ runId: 2 }).length], [1, 0]);
    assertEquals(catalog.replacedSha256(item.key), DONE.sha256);
    catalog.plan(item, 4);
    assertEquals([catalog.replacedItems(), catalog.replacedSha256(item.key)], [[], null]);
    catalog.plan(next, 5);
    catalog.markDone(item.key, { ...DONE, sha256: "ff".repeat(32) });
    assertEquals(catalog.replacedItems(), []);
    catalog.plan(item, 6);
    catalog.remove(item.key);
    catalog.plan(item, 7);
    assertEquals(catalog.replacedSha256(item.key), null);
  }));

Deno.test("Catalog.plan() compares hashes without letter case, by a kind that both sides have", () =>
  withCatalog((catalog) => {
    const item = plannedItem(1, { hashes: { SHA256: "AB", AutoV2: "CD" } });
    catalog.plan(item, 1);
    catalog.markDone(item.key, DONE);
    const same = plan(catalog, { ...item, hashes: { SHA256: "ab" } }, 1);
    assertEquals([same.state, same.hashes], ["done", { SHA256: "ab", AutoV2: "CD" }]);
    const changed = plan(catalog, { ...item, hashes: { AutoV2: "ef" } }, 1);
    assertEquals([changed.state, changed.hashes], ["planned", { AutoV2: "ef" }]);
  }));

Deno.test("Catalog.plan() trusts its own hash of a file whose hash is published later", () =>
  withCatalog((catalog) => {
    const item = plannedItem(1, { hashes: {} });
    catalog.plan(item, 1);
    catalog.markDone(item.key, DONE);
    assertEquals(plan(catalog, { ...item, hashes: { SHA256: DONE.sha256!.toUpperCase() } }, 2).state, "done");
    const late = plannedItem(2, { hashes: {} });
    catalog.plan(late, 1);
    catalog.markDone(late.key, DONE);
    assertEquals(plan(catalog, { ...late, hashes: { AutoV2: "0".repeat(10) } }, 2).state, "planned");
  }));

Deno.test("Catalog.plan() compares sizes only without a hash", () =>
  withCatalog((catalog) => {
    const bare = plannedItem(1, { hashes: {} });
    catalog.plan(bare, 1);
    catalog.markDone(bare.key, DONE);
    const untold = plan(catalog, { ...bare, sizeBytes: null }, 1);
    assertEquals([untold.state, untold.sizeBytes], ["done", 1000]);
    const changed = plan(catalog, { ...bare, sizeBytes: 2000 }, 1);
    assertEquals([changed.state, changed.sizeBytes], ["planned", 2000]);
    const hashed = plannedItem(2);
    catalog.plan(hashed, 1);
    catalog.markDone(hashed.key, DONE);
    assertEquals(plan(catalog, { ...hashed, sizeBytes: 2000 }, 1).state, "done");
  }));

Deno.test("Catalog.plan() plans unfinished items again", () =>
  withCatalog((catalog) => {
    const item = plannedItem(1);
    catalog.plan(item, 1);
    for (const state of ["failed", "deferred", "refused", "corrupted"] as const) {
      const notBefore = state === "refused" ? null : 5;
      catalog.mark(item.key, { state, outcome: "o", reason: "r", notBefore, attempts: 3 });
      const now = plan(catalog, item, 2);
      assertEquals([now.state, now.outcome, now.reason, now.notBefore, now.attempts], ["planned", null, null, null, 3]);
    }
  }));

Deno.test("Catalog.plan() keeps a refused item with a date, unless its expected content changes", () =>
  withCatalog((catalog) => {
    const item = plannedItem(1);
    catalog.plan(item, 1);
    catalog.mark(item.key, { state: "refused", outcome: "o", reason: "r", notBefore: 5 });
    const kept = plan(catalog, item, 2);
    assertEquals([kept.state, kept.outcome, kept.reason, kept.notBefore, kept.runId], ["refused", "o", "r", 5, 2]);
    const changed = plan(catalog, { ...item, hashes: { SHA256: "AB".repeat(32) } }, 2);
    assertEquals([changed.state, changed.outcome, changed.notBefore], ["planned", null, null]);
  }));

Deno.test("Catalog.plan() updates each field of a known item", () =>
  withCatalog((catalog) => {
    const item = plannedItem(1);
    catalog.plan(item, 1);
    catalog.markDone(item.key, DONE);
    const changes = { modelId: 7, versionId: 8, fileId: 9, imageId: 10, creator: "ann", sizeBytes: 11, source: "s" };
    for (const [name, value] of Object.entries(changes)) {
      const known = plan(catalog, { ...item, [name]: value }, 1);
      assertEquals([known.state, known[name as keyof typeof known]], ["done", value]);
      plan(catalog, item, 1);
    }
  }));

Deno.test("Catalog.replan() adds a known item to the run and ignores a new one", () =>
  withCatalog((catalog) => {
    const item = plannedItem(1);
    assertEquals(catalog.replan(item, 1), null);
    assertEquals(catalog.totals().count, 0);
    catalog.plan(item, 1);
    catalog.markDone(item.key, DONE);
    catalog.setSidecarDigest(item.key, "d");
    const before = catalog.item(item.key)!;
    assertEquals(catalog.replan(item, 2), { ...before, runId: 2 });
    assertEquals(catalog.item(item.key), { ...before, runId: 2 });
    assertEquals(catalog.replan({ ...item, creator: "ann" }, 2)!.creator, "ann");
    assertEquals(catalog.item(item.key)!.creator, "ann");
  }));

Deno.test("Catalog.plan() refuses a path that equals another item's on any system", () =>
  withCatalog((catalog) => {
    catalog.plan(plannedItem(1, { path: "a/Style.pt" }), 1);
    const error = assertThrows(() => catalog.plan(plannedItem(2, { path: "A/style.pt" }), 1), KitError, '"file:1:1"');
    assertEquals(error.code, "failed");
    assertEquals(catalog.itemByPath("a\\STYLE.PT")!.key, "file:1:1");
    assertEquals(catalog.itemByPath("b"), null);
  }));

Deno.test("Catalog.unknownPaths() returns the paths that equal no item's on any system, in their order", () =>
  withCatalog((catalog) => {
    catalog.plan(plannedItem(1, { path: "a/Style.pt" }), 1);
    catalog.plan(plannedItem(2, { path: "Ünï/straße.pt" }), 1);
    const paths = [
      "z.pt",
      "a/Style.pt",
      "A/STYLE.pt",
      "u\u0308NI\u0308/STRASSE.pt",
      'a/"quoted".pt',
      "a/style.pt ",
      "b.pt",
    ];
    assertEquals(catalog.unknownPaths(paths), ["z.pt", 'a/"quoted".pt', "b.pt"]);
    assertEquals(catalog.unknownPaths([]), []);
  }));

Deno.test("Catalog.setPath() moves an item, but not to the path of another", () =>
  withCatalog((catalog) => {
    catalog.plan(plannedItem(1, { path: "a.pt" }), 1);
    catalog.plan(plannedItem(2, { path: "b.pt" }), 1);
    assertThrows(() => catalog.setPath("file:1:1", "B.pt"), KitError, "belongs to");
    catalog.setPath("file:1:1", "A.pt");
    catalog.setPath("file:1:1", "c.pt");
    assertEquals(catalog.itemByPath("c.pt")!.key, "file:1:1");
    assertEquals(catalog.itemByPath("a.pt"), null);
  }));

Deno.test("Catalog.markDone() stores what is on disk, with its blocks", () =>
  withCatalog((catalog, clock) => {
    const item = plannedItem(1);
    catalog.plan(item, 1);
    clock.advance(1000);
    catalog.mark(item.key, { state: "failed", outcome: "timeout", reason: "slow", notBefore: 9, attempts: 2 });
    catalog.markDone(item.key, { ...DONE, blocks: Uint32Array.of(1, 0xffffffff) });
    const known = catalog.item(item.key)!;
    assertEquals([known.state, known.reason, known.notBefore, known.attempts], ["done", null, null, 2]);
    assertEquals([known.actualBytes, known.mtimeMs, known.doneAt], [1001, 1234.5, clock.now()]);
    assertEquals(catalog.blocks(item.key), Uint32Array.of(1, 0xffffffff));
  }));

Deno.test("Catalog.markDone() drops the blocks only if the bytes changed", () =>
  withCatalog((catalog) => {
    const { key } = plannedItem(1);
    catalog.plan(plannedItem(1), 1);
    catalog.markDone(key, { ...DONE, blocks: Uint32Array.of(5) });
    catalog.markDone(key, DONE);
    assertEquals(catalog.blocks(key), Uint32Array.of(5));
    catalog.markDone(key, { ...DONE, sha256: "cd".repeat(32) });
    assertEquals(catalog.blocks(key), null);
  }));

Deno.test("Catalog refuses to change an unknown item", () =>
  withCatalog((catalog) => {
    const calls = [
      () => catalog.markDone("x", DONE),
      () => catalog.mark("x", { state: "failed", outcome: null, reason: null }),
      () => catalog.setSidecarDigest("x", "d"),
      () => catalog.setPath("x", "y"),
    ];
    for (const call of calls) assertThrows(call, RangeError, "no such item");
    assertEquals(catalog.remove("x"), false);
    assertEquals(catalog.blocks("x"), null);
  }));

Deno.test("Catalog.remove() frees the path and removes the blocks", () =>
  withCatalog((catalog) => {
    const item = plannedItem(1);
    catalog.plan(item, 1);
    catalog.markDone(item.key, { ...DONE, blocks: Uint32Array.of(5) });
    assert(catalog.remove(item.key));
    assertEquals(catalog.replan(item, 2), null);
    assertEquals(plan(catalog, item, 2).state, "planned");
    assertEquals(catalog.blocks(item.key), null);
  }));
