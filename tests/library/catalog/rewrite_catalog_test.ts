import { assert, assertEquals, assertThrows } from "@std/assert";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { KitError } from "../../../lib/base/mod.ts";
import { type Catalog, mergeSidecar, openCatalog } from "../../../lib/library/mod.ts";
import { makeOldCatalog, oldPath, oldSidecar } from "../_old_catalog.ts";
import { plannedItem } from "../../helpers/library/facts.ts";
import { inTempDir } from "../../helpers/temp_dir.ts";

const COUNT = 600;

function sidecarOf(id: number): string {
  return oldPath(id).replace(".safetensors", ".metadata.json");
}

function assertKnows(catalog: Catalog, id: number): void {
  const item = catalog.item(`file:${id}:${id}`)!;
  const sha256 = `${id}`.padStart(64, "0");
  assertEquals(item.hashes, { AutoV2: sha256.slice(0, 10), SHA256: sha256, CRC32: "0a0b0c0d", Odd: "X" });
  assertEquals([item.path, item.sha256, item.state, item.mtimeMs, item.sidecarDigest], [
    ...[oldPath(id), sha256, "done", 1.5, "d"],
  ]);
  assertEquals(catalog.itemByPath(oldPath(id).toUpperCase())?.key, item.key);
  assertEquals([...catalog.blocks(item.key)!], [
    new DataView(Uint8Array.of(id & 255, 2, 3, 4).buffer).getUint32(0, true),
  ]);
  assertEquals(catalog.model(id)!.name, `Model ${id}`);
  assertEquals(catalog.version(id)!.json, {
    id,
    raw: { id, description: "<p>x</p>", minor: false, poi: false, stats: { downloadCount: id } },
  });
  assertEquals(catalog.filesOfStem(oldPath(id)).map(({ key }) => key), [item.key]);
}

Deno.test("openCatalog() upgrades a catalog of version 2 and keeps its content", () =>
  inTempDir((folder) => {
    const path = join(folder, "catalog.db");
    makeOldCatalog(path, COUNT);
    let upgrades = 0;
    const onUpgrade = () => void upgrades++;
    openCatalog(path, { onUpgrade })[Symbol.dispose]();
    using catalog = openCatalog(path, { onUpgrade });
    assertEquals(upgrades, 1);
    for (let id = 1; id <= COUNT; id++) assertKnows(catalog, id);
    assertEquals(catalog.totals().byState.done.count, COUNT);
    assertEquals([catalog.note("layout"), catalog.notes("sidecar:")], ["classic", []]);
    assertEquals(catalog.sidecarMemory("damaged.json"), null);
    using raw = new DatabaseSync(path);
    assertEquals(
      raw.prepare("PRAGMA integrity_check").all(),
      [{ integrity_check: "ok" }].map((row) => Object.assign(Object.create(null), row)),
    );
    assertEquals(raw.prepare("PRAGMA foreign_key_check").all(), []);
  }));

Deno.test("openCatalog() keeps fields edited before an upgrade, and replaces others", () =>
  inTempDir((folder) => {
    const path = join(folder, "catalog.db");
    makeOldCatalog(path, 5);
    using catalog = openCatalog(path);
    const onDisk = JSON.stringify({ ...oldSidecar(3), notes: "mine" });
    const ours = { ...oldSidecar(3), notes: "new", "tags": ["other"] };
    const merge = mergeSidecar(onDisk, ours, { previous: catalog.sidecarMemory(sidecarOf(3)) });
    assertEquals([merge.status, merge.keptFields], ["updated", ["/notes"]]);
    const written = JSON.parse(merge.content!);
    assertEquals([written.notes, written.tags, written.civitai.files], ["mine", ["other"], [{ id: 3 }]]);
    catalog.rememberSidecar(sidecarOf(3), merge.memory);
    assertEquals(catalog.sidecarMemory(sidecarOf(3)), merge.memory);
  }));

Deno.test("openCatalog() frees the space of a catalog of version 2", () =>
  inTempDir((folder) => {
    const path = join(folder, "catalog.db");
    makeOldCatalog(path, 800);
    const before = Deno.statSync(path).size;
    openCatalog(path)[Symbol.dispose]();
    const { size } = Deno.statSync(path);
    assert(size * 3 < before, `${before} bytes became ${size}`);
  }));

/** Open the catalog in a process that kills itself at a statement with the given start, or at a rename. */
async function dieAt(at: string, folder: string, path: string): Promise<void> {
  const room = new URL("../../../lib/library/mod.ts", import.meta.url).href;
  const code = `import { DatabaseSync } from "node:sqlite";
    import { openCatalog } from ${JSON.stringify(room)};
    const at = ${JSON.stringify(at)};
    const die = () => {
      Deno.kill(Deno.pid, "SIGKILL");
      while (true);
    };
    if (at === "renameSync") Deno.renameSync = die;
    const { exec } = DatabaseSync.prototype;
    DatabaseSync.prototype.exec = function (sql) {
      if (sql.startsWith(at)) die();
      return exec.call(this, sql);
    };
    openCatalog(${JSON.stringify(path)});
    Deno.exit(0);`;
  await Deno.writeTextFile(join(folder, "victim.ts"), code);
  const config = new URL("../../../deno.json", import.meta.url).pathname;
  const args = ["run", "--no-lock", "-q", "--config", config, "--allow-all", join(folder, "victim.ts")];
  const { success } = await new Deno.Command(Deno.execPath(), { args, stderr: "null" }).output();
  assertEquals(success, false);
}

Deno.test("openCatalog() loses nothing when it is killed during an upgrade", () =>
  inTempDir(async (folder) => {
    for (const at of ["BEGIN", "PRAGMA user_version = 4", "COMMIT", "renameSync"]) {
      const path = join(folder, `${at.replaceAll(" ", "-")}.db`);
      makeOldCatalog(path, COUNT);
      await dieAt(at, folder, path);
      using catalog = openCatalog(path, { check: true });
      for (let id = 1; id <= COUNT; id++) assertKnows(catalog, id);
    }
    const names = await Array.fromAsync(Deno.readDir(folder), ({ name }) => name);
    assertEquals(names.filter((name) => name.endsWith(".new")), []);
  }));

Deno.test("openCatalog() does not upgrade a catalog that another process has open", () =>
  inTempDir((folder) => {
    const path = join(folder, "catalog.db");
    makeOldCatalog(path, 3);
    {
      using other = new DatabaseSync(path);
      other.prepare("SELECT count(*) FROM items").get();
      const error = assertThrows(() => openCatalog(path), KitError);
      assertEquals(error.code, "unsafe");
    }
    using catalog = openCatalog(path);
    assertKnows(catalog, 3);
  }));

Deno.test("openCatalog() needs at most 2 KiB per file for sidecars and paths of 300 files with four sidecars each", () =>
  inTempDir((folder) => {
    const path = join(folder, "catalog.db");
    using catalog = openCatalog(path);
    catalog.transaction(() => {
      for (let id = 1; id <= 300; id++) {
        catalog.plan(plannedItem(id, { path: oldPath(id) }), 1);
        const { memory } = mergeSidecar(null, { ...oldSidecar(id), own: { a: 1, b: 2, c: 3, d: 4, e: 5, f: 6, g: 7 } });
        for (const ending of [".json", ".civitai.info", ".metadata.json", ".md"]) {
          catalog.rememberSidecar(oldPath(id).replace(".safetensors", ending), memory);
        }
      }
    });
    catalog.endRun(catalog.startRun({ command: "download", engine: "stable", targets: [] }), null);
    assert(Deno.statSync(path).size / 300 < 2048, `${Deno.statSync(path).size / 300} bytes a file`);
  }));
