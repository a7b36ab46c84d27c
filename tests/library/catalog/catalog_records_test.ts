import { assertEquals, assertNotEquals, assertThrows } from "@std/assert";
import { join } from "node:path";
import { type Catalog, openCatalog } from "../../../lib/library/mod.ts";
import { FakeClock } from "../../helpers/fake_clock.ts";
import { inTempDir } from "../../helpers/temp_dir.ts";

function withCatalog(test: (catalog: Catalog, clock: FakeClock, path: string) => void): Promise<void> {
  return inTempDir((folder) => {
    const clock = new FakeClock();
    const path = join(folder, "catalog.db");
    using catalog = openCatalog(path, { clock });
    test(catalog, clock, path);
  });
}

Deno.test("Catalog.putModel() stores a response, and writes it again only if it changed", () =>
  withCatalog((catalog, clock) => {
    const facts = { name: "語 😀", type: "LORA", creator: null, json: { id: 5, tags: ["a"], deep: { x: null } } };
    const digest = catalog.putModel(5, facts);
    assertEquals(catalog.model(5), { id: 5, ...facts, digest, updatedAt: clock.now() });
    const first = clock.now();
    clock.advance(1000);
    assertEquals(catalog.putModel(5, facts), digest);
    assertEquals(catalog.model(5)!.updatedAt, first);
    assertNotEquals(catalog.putModel(5, { ...facts, creator: "ann" }), digest);
    assertEquals([catalog.model(5)!.creator, catalog.model(5)!.updatedAt], ["ann", clock.now()]);
    assertEquals(catalog.model(6), null);
  }));

Deno.test("Catalog.putVersion() stores versions, and Catalog.publishedVersions() lists those of models", () =>
  withCatalog((catalog, clock) => {
    const facts = { modelId: 5, name: "v1", baseModel: "Pony", publishedAt: "2026-01-01T00:00:00Z", json: [1] };
    for (const id of [10, 30, 20]) catalog.putVersion(id, facts);
    catalog.putVersion(40, { ...facts, modelId: 6 });
    const { publishedAt } = facts;
    const others = new Map([[5, [30, 20, 10].map((id) => ({ id, publishedAt }))], [6, [{ id: 40, publishedAt }]]]);
    assertEquals(catalog.publishedVersions([6, 7, 5]), others);
    const digest = catalog.putVersion(10, facts);
    assertEquals(catalog.version(10), { id: 10, ...facts, digest, updatedAt: clock.now() });
    const first = clock.now();
    clock.advance(5);
    assertEquals(catalog.putVersion(10, facts), digest);
    assertEquals(catalog.version(10)!.updatedAt, first);
    assertNotEquals(catalog.putVersion(10, { ...facts, json: [2] }), digest);
    assertEquals([catalog.version(10)!.json, catalog.version(10)!.updatedAt], [[2], clock.now()]);
    assertEquals(catalog.version(11), null);
    assertEquals(catalog.publishedVersions([7]), new Map());
  }));

Deno.test("Catalog.putModel() and putVersion() do not write what only counts downloads and votes anew", () =>
  withCatalog((catalog, clock) => {
    const jsonOf = (downloads: number): unknown => ({ raw: { stats: { downloads }, text: "a" } });
    const model = (downloads: number) => ({ name: "M", type: "LORA", creator: null, json: jsonOf(downloads) });
    const version = { modelId: 5, name: "v1", baseModel: "Pony", publishedAt: null };
    const digests = [catalog.putModel(5, model(1)), catalog.putVersion(10, { ...version, json: jsonOf(1) })];
    const first = clock.now();
    clock.advance(1000);
    const again = [catalog.putModel(5, model(2)), catalog.putVersion(10, { ...version, json: jsonOf(2) })];
    assertEquals(again, digests);
    assertEquals([catalog.model(5)!.updatedAt, catalog.version(10)!.updatedAt], [first, first]);
    // With another change, they are those of today.
    catalog.putModel(5, { ...model(3), name: "N" });
    assertEquals(catalog.model(5)!.json, jsonOf(3));
  }));

Deno.test("Catalog.startRun() and endRun() store a run and its outcome", () =>
  withCatalog((catalog, clock) => {
    const runId = catalog.startRun({ command: "download", engine: "stable", targets: ["user:ann"] });
    const started = clock.now();
    const next = catalog.startRun({ command: "update", engine: "turbo", targets: undefined });
    clock.advance(60_000);
    catalog.endRun(runId, { done: 3 });
    const [second, first] = catalog.lastRuns(5);
    assertEquals([second!.id, second!.endedAt, second!.summary, second!.targets], [next, null, null, null]);
    assertEquals(first, {
      id: runId,
      command: "download",
      engine: "stable",
      targets: ["user:ann"],
      startedAt: started,
      endedAt: clock.now(),
      summary: { done: 3 },
    });
    assertEquals(catalog.lastRuns(1).length, 1);
    assertThrows(() => catalog.endRun(99, null), RangeError, "no such run");
  }));

Deno.test("Catalog.endRun() flushes the log to the file", () =>
  withCatalog((catalog, _clock, path) => {
    const size = Deno.statSync(path).size;
    for (let id = 1; id <= 50; id++) catalog.setNote(`n${id}`, "x".repeat(1000));
    assertEquals(Deno.statSync(path).size, size);
    catalog.endRun(catalog.startRun({ command: "download", engine: "stable", targets: [] }), null);
    assertEquals(Deno.statSync(path).size > size + 50_000, true);
  }));

Deno.test("Catalog.endRun() works within a transaction", () =>
  withCatalog((catalog) => {
    const facts = { command: "download", engine: "stable", targets: [] };
    catalog.transaction(() => catalog.endRun(catalog.startRun(facts), "ok"));
    assertEquals(catalog.lastRuns(1)[0]!.summary, "ok");
  }));

Deno.test("Catalog.saveListing() stores the position of a listing", () =>
  withCatalog((catalog, clock) => {
    assertEquals(catalog.listing("user:ann"), null);
    catalog.saveListing("user:ann", { cursor: "1|2", pages: 3, seen: 280, complete: false });
    catalog.saveListing("user:ann", { cursor: null, pages: 4, seen: 301, complete: true });
    const saved = { cursor: null, pages: 4, seen: 301, complete: true, updatedAt: clock.now() };
    assertEquals(catalog.listing("user:ann"), saved);
  }));

Deno.test("Catalog.setNote() stores, replaces and removes a text", () =>
  withCatalog((catalog) => {
    assertEquals(catalog.note("a"), null);
    catalog.setNote("a", "1");
    catalog.setNote("a", "");
    assertEquals(catalog.note("a"), "");
    catalog.setNote("a", null);
    assertEquals(catalog.note("a"), null);
  }));

Deno.test("Catalog.transaction() is atomic, also when nested", () =>
  withCatalog((catalog) => {
    const result = catalog.transaction(() => {
      catalog.setNote("outer", "1");
      assertThrows(() =>
        catalog.transaction(() => {
          catalog.setNote("inner", "1");
          throw new TypeError("inner");
        }), TypeError);
      catalog.transaction(() => catalog.setNote("second", "1"));
      return 42;
    });
    assertEquals(result, 42);
    assertEquals(["outer", "inner", "second"].map((name) => catalog.note(name)), ["1", null, "1"]);
    assertThrows(() =>
      catalog.transaction(() => {
        catalog.setNote("lost", "1");
        throw new RangeError("outer");
      }), RangeError);
    assertEquals(catalog.note("lost"), null);
    catalog.setNote("after", "1");
  }));

Deno.test("Catalog.transaction() refuses asynchronous work", () =>
  withCatalog((catalog) => {
    assertThrows(() => catalog.transaction(() => Promise.resolve()), TypeError, "promise");
    catalog.transaction(() => catalog.setNote("a", "1"));
    assertEquals(catalog.note("a"), "1");
  }));

Deno.test("Catalog may be disposed twice", () => withCatalog((catalog) => catalog[Symbol.dispose]()));

Deno.test("Catalog.sidecarMemories() returns what is known of many paths, by the paths that were asked for", () =>
  withCatalog((catalog) => {
    const paths = Array.from({ length: 200 }, (_, index) => `LORA/${index}/ä.json`);
    for (const [index, path] of paths.entries()) {
      if (index % 2 === 0) catalog.rememberSidecar(path, { [`/field${index % 6}`]: `0000000${index % 10}` });
    }
    const decomposed = paths.map((path) => path.normalize("NFD"));
    const memories = catalog.sidecarMemories([...decomposed, "unknown", decomposed[4]!]);
    assertEquals(memories.size, 100);
    assertEquals(memories.get(decomposed[4]!), { "/field4": "00000004" });
    assertEquals(memories.get(decomposed[8]!), catalog.sidecarMemory(paths[8]!));
    assertEquals(memories.has(decomposed[5]!), false);
    assertEquals(catalog.sidecarMemories([]).size, 0);
  }));
