import { assert, assertEquals, assertThrows } from "@std/assert";
import { join } from "node:path";
import { KitError } from "../../lib/base/mod.ts";
import { type Catalog, type DoneFacts, openCatalog } from "../../lib/library/mod.ts";
import { FakeClock } from "../helpers/fake_clock.ts";
import { plannedItem } from "./_facts.ts";
import { inTempDir } from "./_temp_dir.ts";

const DONE: DoneFacts = { sha256: "ab".repeat(32), actualBytes: 1001, mtimeMs: 1234.5, etag: '"e"', outcome: "done" };

function withCatalog(test: (catalog: Catalog, clock: FakeClock) => void): Promise<void> {
  return inTempDir((folder) => {
    const clock = new FakeClock();
    using catalog = openCatalog(join(folder, "catalog.db"), { clock });
    test(catalog, clock);
  });
}

Deno.test("Catalog.plan() keeps every fact of a new item", () =>
  withCatalog((catalog) => {
    const item = plannedItem(7, { hashes: { SHA256: "AA", CRC32: "01" }, sizeBytes: 5_000_000_000 });
    assertEquals(catalog.plan(item, 3), "new");
    const known = catalog.item(item.key)!;
    for (const [name, value] of Object.entries(item)) assertEquals(known[name as keyof typeof known], value, name);
    assertEquals([known.state, known.runId, known.attempts, known.doneAt], ["planned", 3, 0, null]);
    assertEquals(catalog.item("file:0:0"), null);
  }));

Deno.test("Catalog.plan() leaves done what is done, and its path", () =>
  withCatalog((catalog) => {
    const item = plannedItem(1);
    catalog.plan(item, 1);
    catalog.markDone(item.key, DONE);
    assertEquals(catalog.plan({ ...item, path: "elsewhere.pt", source: "s", sizeBytes: 1010 }, 2), "same");
    const known = catalog.item(item.key)!;
    assertEquals([known.state, known.path, known.source, known.runId], ["done", item.path, "s", 2]);
  }));

Deno.test("Catalog.plan() plans again what promises other content", () =>
  withCatalog((catalog) => {
    const item = plannedItem(1);
    catalog.plan(item, 1);
    catalog.markDone(item.key, DONE);
    catalog.setSidecarDigest(item.key, "d");
    assertEquals(catalog.plan({ ...item, hashes: { SHA256: "FF".repeat(32) } }, 2), "changed");
    const known = catalog.item(item.key)!;
    assertEquals([known.state, known.outcome, known.etag, known.sidecarDigest], ["planned", null, null, null]);
    assertEquals(known.sha256, DONE.sha256);
    assertEquals(known.hashes, { SHA256: "FF".repeat(32) });
  }));

Deno.test("Catalog.plan() compares hashes without letter case, and by a kind that both sides have", () =>
  withCatalog((catalog) => {
    const item = plannedItem(1, { hashes: { SHA256: "AB", AutoV2: "CD" } });
    catalog.plan(item, 1);
    assertEquals(catalog.plan({ ...item, hashes: { SHA256: "ab" } }, 1), "same");
    assertEquals(catalog.item(item.key)!.hashes, { SHA256: "ab", AutoV2: "CD" });
    assertEquals(catalog.plan({ ...item, hashes: { AutoV2: "ef" } }, 1), "changed");
  }));

Deno.test("Catalog.plan() believes its own hash of a file whose hash is published later", () =>
  withCatalog((catalog) => {
    const item = plannedItem(1, { hashes: {} });
    catalog.plan(item, 1);
    catalog.markDone(item.key, DONE);
    assertEquals(catalog.plan({ ...item, hashes: { SHA256: DONE.sha256!.toUpperCase() } }, 2), "same");
    const late = plannedItem(2, { hashes: {} });
    catalog.plan(late, 1);
    catalog.markDone(late.key, DONE);
    assertEquals(catalog.plan({ ...late, hashes: { AutoV2: "0".repeat(10) } }, 2), "changed");
  }));

Deno.test("Catalog.plan() goes by size only where there is no hash", () =>
  withCatalog((catalog) => {
    const bare = plannedItem(1, { hashes: {} });
    catalog.plan(bare, 1);
    assertEquals(catalog.plan({ ...bare, sizeBytes: null }, 1), "same");
    assertEquals(catalog.item(bare.key)!.sizeBytes, 1000);
    assertEquals(catalog.plan({ ...bare, sizeBytes: 2000 }, 1), "changed");
    const hashed = plannedItem(2);
    catalog.plan(hashed, 1);
    assertEquals(catalog.plan({ ...hashed, sizeBytes: 2000 }, 1), "same");
  }));

Deno.test("Catalog.plan() plans again what had another end than done", () =>
  withCatalog((catalog) => {
    const item = plannedItem(1);
    catalog.plan(item, 1);
    for (const state of ["failed", "deferred", "refused", "quarantined"] as const) {
      catalog.mark(item.key, { state, outcome: "o", reason: "r", notBefore: 5, attempts: 3 });
      assertEquals(catalog.plan(item, 2), "same");
      const { outcome, reason, notBefore, attempts, state: now } = catalog.item(item.key)!;
      assertEquals([now, outcome, reason, notBefore, attempts], ["planned", null, null, null, 3]);
    }
  }));

Deno.test("Catalog.plan() refuses a path that another item has, on any system", () =>
  withCatalog((catalog) => {
    catalog.plan(plannedItem(1, { path: "a/Style.pt" }), 1);
    const error = assertThrows(() => catalog.plan(plannedItem(2, { path: "A/style.pt" }), 1), KitError, '"file:1:1"');
    assertEquals(error.code, "failed");
    assertEquals(catalog.itemByPath("a\\STYLE.PT")!.key, "file:1:1");
    assertEquals(catalog.itemByPath("b"), null);
  }));

Deno.test("Catalog.setPath() moves an item, but onto no other", () =>
  withCatalog((catalog) => {
    catalog.plan(plannedItem(1, { path: "a.pt" }), 1);
    catalog.plan(plannedItem(2, { path: "b.pt" }), 1);
    assertThrows(() => catalog.setPath("file:1:1", "B.pt"), KitError, "belongs to");
    catalog.setPath("file:1:1", "A.pt");
    catalog.setPath("file:1:1", "c.pt");
    assertEquals(catalog.itemByPath("c.pt")!.key, "file:1:1");
    assertEquals(catalog.itemByPath("a.pt"), null);
  }));

Deno.test("Catalog.markDone() keeps what is on disk, with its blocks", () =>
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

Deno.test("Catalog.markDone() forgets the blocks of other bytes only", () =>
  withCatalog((catalog) => {
    const { key } = plannedItem(1);
    catalog.plan(plannedItem(1), 1);
    catalog.markDone(key, { ...DONE, blocks: Uint32Array.of(5) });
    catalog.markDone(key, DONE);
    assertEquals(catalog.blocks(key), Uint32Array.of(5));
    catalog.markDone(key, { ...DONE, sha256: "cd".repeat(32) });
    assertEquals(catalog.blocks(key), null);
  }));

Deno.test("Catalog refuses to change an item that it does not have", () =>
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

Deno.test("Catalog.remove() frees the path and takes the blocks along", () =>
  withCatalog((catalog) => {
    const item = plannedItem(1);
    catalog.plan(item, 1);
    catalog.markDone(item.key, { ...DONE, blocks: Uint32Array.of(5) });
    assert(catalog.remove(item.key));
    assertEquals(catalog.plan(item, 2), "new");
    assertEquals(catalog.blocks(item.key), null);
  }));

Deno.test("Catalog.plan() takes 10 000 items in one transaction", () =>
  withCatalog((catalog) => {
    catalog.transaction(() => {
      for (let id = 1; id <= 10_000; id++) catalog.plan(plannedItem(id), 1);
    });
    assertEquals(catalog.totals().count, 10_000);
  }));
