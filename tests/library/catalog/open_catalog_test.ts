import { assert, assertEquals, assertStringIncludes, assertThrows } from "@std/assert";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { KitError } from "../../../lib/base/mod.ts";
import { openCatalog } from "../../../lib/library/mod.ts";
import { plannedItem } from "../../helpers/library/facts.ts";
import { inTempDir } from "../../helpers/temp_dir.ts";

/** A closed catalog of several pages. */
function fill(path: string, count = 300): void {
  using catalog = openCatalog(path);
  catalog.transaction(() => {
    for (let id = 1; id <= count; id++) catalog.plan(plannedItem(id), 1);
  });
}

/** Open, read and close. */
function use(path: string, options: Parameters<typeof openCatalog>[1] = {}): number {
  using catalog = openCatalog(path, options);
  return [...catalog.items()].length;
}

function assertDamaged(fn: () => unknown): void {
  const error = assertThrows(fn, KitError, "damaged");
  assertEquals(error.code, "integrity");
  assertStringIncludes(error.hint!, "civitai-dl verify --rebuild");
}

Deno.test("openCatalog() creates a catalog in WAL mode with STRICT tables and a version", () =>
  inTempDir((folder) => {
    const path = join(folder, "catalog.db");
    using catalog = openCatalog(path);
    assertEquals(catalog.path, path);
    using raw = new DatabaseSync(path);
    assertEquals(raw.prepare("PRAGMA user_version").get()!.user_version, 2);
    assertEquals(raw.prepare("PRAGMA journal_mode").get()!.journal_mode, "wal");
    const tables = raw.prepare(
      "SELECT name, strict FROM pragma_table_list WHERE type = 'table' AND name NOT LIKE 'sqlite_%'",
    )
      .all();
    assertEquals(tables.length, 11);
    for (const { name, strict } of tables) assertEquals(strict, 1, String(name));
  }));

Deno.test("openCatalog() reopens a closed catalog, also read-only", () =>
  inTempDir((folder) => {
    const path = join(folder, "catalog.db");
    fill(path, 3);
    assertEquals(use(path), 3);
    assertEquals(use(path, { readOnly: true, check: true }), 3);
    using catalog = openCatalog(path, { readOnly: true });
    assertEquals(assertThrows(() => catalog.setNote("a", "b"), KitError, "readonly").code, "unsafe");
  }));

Deno.test("openCatalog() gives a hint for an invalid file", () =>
  inTempDir(async (folder) => {
    const path = join(folder, "catalog.db");
    for (const text of ["garbage".repeat(5000), "x", "SQLite format 3\0 and then nothing"]) {
      await Deno.writeTextFile(path, text);
      assertDamaged(() => use(path));
    }
  }));

Deno.test("openCatalog() detects a truncated catalog, wherever it ends", () =>
  inTempDir(async (folder) => {
    const path = join(folder, "catalog.db");
    fill(path);
    const { size } = await Deno.stat(path);
    for (const keep of [50, 1000, 4096, 8192 + 7, size - 4096, size - 4000]) {
      const cut = join(folder, `cut-${keep}.db`);
      await Deno.copyFile(path, cut);
      await Deno.truncate(cut, keep);
      assertDamaged(() => use(cut));
    }
  }));

Deno.test("openCatalog() detects an overwritten page if asked to check", () =>
  inTempDir(async (folder) => {
    const path = join(folder, "catalog.db");
    fill(path);
    using raw = new DatabaseSync(path);
    const page = Number(raw.prepare("SELECT min(pageno) AS page FROM dbstat WHERE name = 'items'").get()!.page);
    raw.close();
    {
      using file = await Deno.open(path, { write: true });
      await file.seek(4096 * (page - 1), Deno.SeekMode.Start);
      await file.write(new Uint8Array(4096 * 8).fill(0xaa));
    }
    assertDamaged(() => use(path, { check: true }));
    assertDamaged(() => use(path));
  }));

Deno.test("openCatalog() refuses a catalog of another version and does not change it", () =>
  inTempDir((folder) => {
    const path = join(folder, "catalog.db");
    fill(path, 1);
    {
      using raw = new DatabaseSync(path);
      raw.exec("PRAGMA user_version = 99");
    }
    for (const readOnly of [true, false]) {
      const error = assertThrows(() => openCatalog(path, { readOnly }), KitError, "it has version 99");
      assertEquals(error.code, "unsafe");
      assertStringIncludes(error.hint!, "Use the civitai-dl that wrote it");
    }
    using raw = new DatabaseSync(path);
    assertEquals(raw.prepare("SELECT count(*) AS count FROM items").get()!.count, 1);
  }));

Deno.test("openCatalog() finds an empty file damaged if it only reads it", () =>
  inTempDir(async (folder) => {
    const path = join(folder, "catalog.db");
    await Deno.writeFile(path, new Uint8Array());
    assertDamaged(() => use(path, { readOnly: true }));
    assertEquals(use(path), 0);
  }));

Deno.test("openCatalog() finds pages without tables damaged, which a new catalog never has", () =>
  inTempDir(async (folder) => {
    const path = join(folder, "catalog.db");
    {
      using _catalog = openCatalog(join(folder, "new.db"));
      // A power cut may lose the log.
      await Deno.copyFile(join(folder, "new.db"), join(folder, "after.db"));
      assertEquals(use(join(folder, "after.db")), 0);
    }
    {
      using raw = new DatabaseSync(path);
      raw.exec("PRAGMA journal_mode = WAL");
    }
    const before = await Deno.readFile(path);
    for (const readOnly of [true, false]) assertDamaged(() => use(path, { readOnly }));
    assertEquals(await Deno.readFile(path), before);
  }));

Deno.test("openCatalog() refuses an unwritable folder", () =>
  inTempDir(async (folder) => {
    await Deno.mkdir(join(folder, "catalog.db"));
    for (const path of [join(folder, "catalog.db"), join(folder, "none", "catalog.db")]) {
      const error = assertThrows(() => openCatalog(path), KitError, "Cannot write catalog");
      assertEquals(error.code, "unsafe");
    }
    const missing = () => openCatalog(join(folder, "missing.db"), { readOnly: true });
    const error = assertThrows(missing, KitError, "Cannot read catalog");
    assertEquals([error.code, error.hint?.includes("writable")], ["unsafe", false]);
  }));

Deno.test("openCatalog() starts a new catalog beside the log of a deleted one", () =>
  inTempDir(async (folder) => {
    const path = join(folder, "catalog.db");
    using catalog = openCatalog(path);
    catalog.plan(plannedItem(1), 1);
    await Deno.copyFile(`${path}-wal`, join(folder, "other.db-wal"));
    assertEquals(use(join(folder, "other.db")), 0);
  }));

Deno.test("openCatalog() shows one state to all connections", () =>
  inTempDir((folder) => {
    const path = join(folder, "catalog.db");
    using one = openCatalog(path);
    using two = openCatalog(path);
    one.plan(plannedItem(1), 1);
    assert(two.item("file:1:1") !== null);
    two.mark("file:1:1", { state: "failed", outcome: "timeout", reason: null });
    assertEquals(one.item("file:1:1")!.state, "failed");
  }));

Deno.test("openCatalog() restores everything that a killed process committed", () =>
  inTempDir(async (folder) => {
    const path = join(folder, "catalog.db");
    const room = new URL("../../../lib/library/mod.ts", import.meta.url).href;
    const code = `import { openCatalog } from ${JSON.stringify(room)};
      const catalog = openCatalog(${JSON.stringify(path)});
      for (let n = 1; n <= 50; n++) catalog.setNote("n" + n, "x");
      try { catalog.transaction(() => { catalog.setNote("half", "x"); Deno.kill(Deno.pid, "SIGKILL"); while (true); }); } catch {}`;
    await Deno.writeTextFile(join(folder, "victim.ts"), code);
    const config = new URL("../../../deno.json", import.meta.url).pathname;
    const args = ["run", "--no-lock", "-q", "--config", config, "--allow-all", join(folder, "victim.ts")];
    const { success } = await new Deno.Command(Deno.execPath(), { args, stderr: "null" }).output();
    assertEquals(success, false);
    using catalog = openCatalog(path, { check: true });
    assertEquals(catalog.note("n50"), "x");
    assertEquals(catalog.note("half"), null);
  }));
