import { assert, assertEquals, assertThrows } from "@std/assert";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { DatabaseSync } from "node:sqlite";
import { KitError, seededRandom } from "../../../lib/base/mod.ts";
import {
  checkDowngrade,
  downgradeCatalog,
  openCatalog,
  readCatalogVersion,
  restoreCatalog,
} from "../../../lib/library/mod.ts";
import { makeOldCatalog } from "../_old_catalog.ts";
import { plannedItem } from "../../helpers/library/facts.ts";
import { sha256Of } from "../../helpers/sha256_of.ts";
import { inTempDir } from "../../helpers/temp_dir.ts";

const WORKER = fileURLToPath(new URL("_downgrade_worker.ts", import.meta.url));

interface Place {
  readonly path: string;
  readonly keep: string;
}

function inCatalogFolder(count: number, test: (place: Place) => Promise<void> | void): Promise<void> {
  return inTempDir(async (folder) => {
    const path = join(folder, "catalog.db");
    makeOldCatalog(path, count);
    await test({ path, keep: `${path}.v4-20261127T031502Z` });
  });
}

/** All rows of all tables, and the SQL of tables and indexes. */
function contentOf(path: string): unknown {
  using db = new DatabaseSync(path, { readOnly: true });
  const content: Record<string, unknown> = {
    version: db.prepare("PRAGMA user_version").get()!.user_version,
    schema: db.prepare("SELECT name, replace(sql, char(10), ' ') AS sql FROM sqlite_schema ORDER BY name").all()
      .map(({ name, sql }) => [name, String(sql).replaceAll(/\s+/g, " ")]),
  };
  for (const table of ["models", "versions", "items", "blocks", "runs", "listings", "notes", "answers"]) {
    content[table] = db.prepare(`SELECT * FROM ${table} WHERE 1 ORDER BY 1`).all()
      .filter((row) => !String(row.name).startsWith("sidecar:")).map((row) => ({ ...row }));
  }
  return content;
}

Deno.test("downgradeCatalog() gives back the very catalog of version 2 that was upgraded", () =>
  inCatalogFolder(60, ({ path, keep }) => {
    const original = contentOf(path);
    openCatalog(path)[Symbol.dispose]();
    assertEquals([readCatalogVersion(path), checkDowngrade(path, 2)], [4, 4]);
    downgradeCatalog(path, { version: 2, keep });
    assertEquals(contentOf(path), original);
    assertEquals([readCatalogVersion(path), readCatalogVersion(keep), checkDowngrade(path, 2)], [2, 4, null]);
    using catalog = openCatalog(path, { check: true });
    assertEquals(catalog.totals().byState.done.count, 60);
  }));

Deno.test("downgradeCatalog() converts to version 1, and restoreCatalog() puts the newer file back", () =>
  inCatalogFolder(5, ({ path, keep }) => {
    openCatalog(path)[Symbol.dispose]();
    downgradeCatalog(path, { version: 1, keep });
    using old = new DatabaseSync(path);
    assertEquals(readCatalogVersion(path), 1);
    assertThrows(() => old.prepare("SELECT * FROM answers"), Error, "no such table");
    // An older program leaves a log, which must not be applied to the newer file.
    old.exec("PRAGMA journal_mode = WAL; UPDATE items SET state = 'failed'");
    assertEquals(restoreCatalog(path, keep), true);
    assertEquals([readCatalogVersion(path), restoreCatalog(path, keep)], [4, false]);
    using catalog = openCatalog(path, { check: true });
    assertEquals(catalog.totals().byState.done.count, 5);
  }));

Deno.test("downgradeCatalog() converts to version 3 and back, with the name that a state has there", () =>
  inTempDir((folder) => {
    const path = join(folder, "catalog.db");
    const corrupted = { state: "corrupted", outcome: "corrupted", reason: 'it says "corrupted"' } as const;
    const memory = { "/name": "01234567" };
    {
      using catalog = openCatalog(path);
      catalog.plan(plannedItem(1), catalog.startRun({ command: "download", engine: "stable", targets: [] }));
      catalog.mark("file:1:1", corrupted);
      catalog.rememberSidecar("a.json", memory);
      catalog.endRun(1, { outcomes: { corrupted: 1 }, text: corrupted.reason });
    }
    downgradeCatalog(path, { version: 3, keep: `${path}.v4` });
    {
      using old = new DatabaseSync(path);
      const { state, outcome, reason } = old.prepare("SELECT state, outcome, reason FROM items").get()!;
      assertEquals([state, outcome, reason], ["quarantined", "quarantined", corrupted.reason]);
      const { summary } = old.prepare("SELECT summary FROM runs").get()!;
      assertEquals(JSON.parse(String(summary)), { outcomes: { quarantined: 1 }, text: corrupted.reason });
      assertEquals(old.prepare("SELECT count(*) AS count FROM search").get()!.count, 1);
    }
    using catalog = openCatalog(path, { check: true });
    const { state, outcome } = catalog.item("file:1:1")!;
    assertEquals([readCatalogVersion(path), state, outcome], [4, "corrupted", "corrupted"]);
    assertEquals(catalog.sidecarMemory("a.json"), memory);
    assertEquals(catalog.lastRuns(1)[0]!.summary, { outcomes: { corrupted: 1 }, text: corrupted.reason });
    assertEquals([...catalog.namedItems({ text: "models" })].length, 1);
  }));

Deno.test("checkDowngrade() refuses before anything changes where there is no path", () =>
  inCatalogFolder(2, async ({ path, keep }) => {
    openCatalog(path)[Symbol.dispose]();
    const before = await sha256Of(path);
    const refuse = (version: number | null, says: string) => {
      const error = assertThrows(() => checkDowngrade(path, version), KitError);
      assertEquals(error.code, "unsafe");
      assert(error.message.includes(says), error.message);
    };
    refuse(null, "do not say which catalogs it reads");
    refuse(0, "version 0 is unknown; there are 1, 2, 3");
    assertThrows(() => downgradeCatalog(path, { version: 0, keep }), KitError, "version 0 is unknown");
    assertEquals(await sha256Of(path), before);
    using raw = new DatabaseSync(path);
    raw.exec("PRAGMA user_version = 5");
    refuse(2, "it has version 5, and this program knows only up to 4");
    raw.exec("PRAGMA user_version = 2");
    refuse(1, "it has version 2, and only version 4 can be converted");
    assertEquals([checkDowngrade(path, 4), checkDowngrade(`${path}.missing`, 1)], [null, null]);
  }));

Deno.test("downgradeCatalog() leaves a catalog alone that another process has open", () =>
  inCatalogFolder(2, ({ path, keep }) => {
    using open = openCatalog(path);
    assertEquals(open.totals().byState.done.count, 2);
    const error = assertThrows(() => downgradeCatalog(path, { version: 2, keep }), KitError);
    assertEquals(error.code, "unsafe");
    assertEquals(readCatalogVersion(path), 4);
  }));

Deno.test("downgradeCatalog() leaves the newer or the older catalog, whole, when it is killed", () =>
  inCatalogFolder(3000, async ({ path, keep }) => {
    openCatalog(path)[Symbol.dispose]();
    const random = seededRandom(7);
    const seen = new Set<number>();
    for (let round = 0; round < 8; round++) {
      const child = new Deno.Command(Deno.execPath(), {
        args: ["run", "-q", "--allow-all", WORKER, path, keep],
        stdout: "piped",
        stderr: "null",
      }).spawn();
      const reader = child.stdout.getReader();
      await reader.read();
      await new Promise((wake) => setTimeout(wake, random() * 160));
      child.kill("SIGKILL");
      await reader.cancel();
      await child.status;
      const version = readCatalogVersion(path)!;
      seen.add(version);
      using db = new DatabaseSync(path);
      assertEquals(db.prepare("PRAGMA integrity_check").get()!.integrity_check, "ok");
      assertEquals(db.prepare("SELECT count(*) AS count FROM items").get()!.count, 3000);
      if (version === 2) restoreCatalog(path, keep);
    }
    assert(seen.has(4), `${[...seen]}`);
  }));
