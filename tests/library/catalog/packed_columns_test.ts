import { assertEquals } from "@std/assert";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { type Catalog, mergeSidecar, openCatalog } from "../../../lib/library/mod.ts";
import { plannedItem } from "../../helpers/library/facts.ts";
import { inTempDir } from "../../helpers/temp_dir.ts";

const SHA256 = "0f".repeat(32);

function withCatalog(test: (catalog: Catalog, raw: DatabaseSync) => void): Promise<void> {
  return inTempDir((folder) => {
    const path = join(folder, "catalog.db");
    using catalog = openCatalog(path);
    using raw = new DatabaseSync(path, { readOnly: true });
    test(catalog, raw);
  });
}

Deno.test("Catalog keeps sources of every form", () =>
  withCatalog((catalog, raw) => {
    const file = { type: "Model", format: "SafeTensor", linkedQuery: null };
    const sources = [
      null,
      "",
      JSON.stringify(file),
      JSON.stringify({ ...file, type: "Training Data", format: null, linkedQuery: { type: "VAE" } }),
      "https://image.civitai.com/xG1nkqKTMzGDvpLrqFT7WA/1/transcode=true,quality=100/5.mp4",
      "\x01! is no code",
      "\x7f",
    ];
    sources.forEach((source, id) => catalog.plan(plannedItem(id, { source }), 1));
    assertEquals(sources.map((_, id) => catalog.item(`file:${id}:${id}`)!.source), sources);
    const { bytes } = raw.prepare("SELECT length(source) AS bytes FROM items WHERE key = 'file:2:2'").get()!;
    assertEquals(bytes, 2);
    // A plan with another source changes it, and one with the same does not.
    assertEquals(catalog.plan(plannedItem(0, { source: sources[2]! }), 2).source, sources[2]);
    assertEquals(catalog.plan(plannedItem(0, { source: sources[2]! }), 3).source, sources[2]);
  }));

Deno.test("Catalog keeps digests as bytes, and finds items by them", () =>
  withCatalog((catalog, raw) => {
    const facts = { actualBytes: 1, mtimeMs: 1, etag: null, outcome: "done" };
    // Nothing but this program writes digests, but a rebuilt catalog has what sidecars say.
    const digests = [SHA256, "not hex", "ABCD", "abc", ""];
    digests.forEach((sha256, id) => {
      const { key } = catalog.plan(plannedItem(id), 1);
      catalog.markDone(key, { ...facts, sha256 });
      catalog.setSidecarDigest(key, sha256);
      assertEquals([catalog.item(key)!.sha256, catalog.item(key)!.sidecarDigest], [sha256, sha256]);
      assertEquals([...catalog.items({ sha256 })].map((item) => item.key), [key]);
    });
    const { bytes } = raw.prepare("SELECT length(sha256) AS bytes FROM items WHERE key = 'file:0:0'").get()!;
    assertEquals(bytes, 32);
    // What is on disk is still known when the API promises other content, and so are the sidecars when it does not.
    const same = plannedItem(0, { creator: "somebody", hashes: {} });
    assertEquals(catalog.plan(same, 2).sidecarDigest, SHA256);
    assertEquals(catalog.item("file:0:0")!.sidecarDigest, SHA256);
    assertEquals(catalog.plan(plannedItem(0, { hashes: { SHA256: "1".repeat(64) } }), 2).sha256, SHA256);
    assertEquals([catalog.item("file:0:0")!.sidecarDigest, catalog.replacedSha256("file:0:0")], [null, SHA256]);
  }));

Deno.test("Catalog keeps the memory of sidecars with usual and other values", () =>
  withCatalog((catalog, raw) => {
    const usual = { a: false, b: true, c: null, d: "", e: 0, f: 1, g: [], h: "Public" };
    const sidecars = [usual, { ...usual, i: "v1.0" }, { name: "Lantern Fields" }, { own: { a: 7, b: null, c: 8 } }, {}];
    sidecars.forEach((sidecar, index) => {
      const { memory } = mergeSidecar(null, sidecar);
      catalog.rememberSidecar(`${index}.json`, memory);
      assertEquals(catalog.sidecarMemory(`${index}.json`), memory);
    });
    const sizes = raw.prepare("SELECT length(digests) AS bytes FROM sidecars").all().map(({ bytes }) =>
      bytes as number
    );
    // Half a byte for each field, and four for each other value.
    assertEquals(sizes.toSorted((a, b) => a - b), [0, 4, 5, 9, 10].toSorted((a, b) => a - b));
  }));

Deno.test("Catalog.items() finds unfinished items by an index that done items are not in", () =>
  withCatalog((catalog, raw) => {
    for (let id = 1; id <= 4; id++) catalog.plan(plannedItem(id), 1);
    catalog.mark("file:2:2", { state: "failed", outcome: "failed", reason: "no network" });
    catalog.markDone("file:3:3", { sha256: SHA256, actualBytes: 1, mtimeMs: 1, etag: null, outcome: "done" });
    const idsOf = (states: Parameters<Catalog["items"]>[0]) => [...catalog.items(states)].map(({ fileId }) => fileId);
    assertEquals(idsOf({ states: ["planned", "failed"] }), [1, 2, 4]);
    assertEquals(idsOf({ states: ["done"] }), [3]);
    assertEquals(idsOf({ states: ["done", "failed"] }), [2, 3]);
    const plan = raw.prepare(
      "EXPLAIN QUERY PLAN SELECT count(*) FROM items WHERE TRUE AND state IN (?, ?) AND state <> 'done'",
    ).all().map(({ detail }) => detail).join("\n");
    assertEquals(/USING (COVERING )?INDEX items_not_done/.test(plan), true, plan);
  }));
