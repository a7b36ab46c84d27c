import { assertEquals, assertRejects, assertThrows } from "@std/assert";
import { join } from "node:path";
import { KitError } from "../../lib/base/mod.ts";
import { moveCatalogAside } from "../../lib/downloader/move_catalog_aside.ts";
import { openLibrary } from "../../lib/downloader/open_library.ts";
import { openCatalog } from "../../lib/library/mod.ts";
import { FakeClock } from "../helpers/fake_clock.ts";
import { inTempDir } from "../helpers/temp_dir.ts";

const clock = new FakeClock(Date.UTC(2026, 10, 25, 12, 30, 5));

Deno.test("moveCatalogAside() makes way for a new catalog and loses nothing of the old one", () =>
  inTempDir(async (root) => {
    const state = join(root, ".civitai-dl");
    await Deno.mkdir(state);
    const catalog = join(state, "catalog.db");
    for (const [ending, text] of [["", "no database, only a text that is long enough"], ["-wal", "log"]]) {
      await Deno.writeTextFile(`${catalog}${ending}`, text!);
    }
    assertThrows(() => openCatalog(catalog), KitError);
    const aside = await moveCatalogAside(root, { clock });
    assertEquals(aside, join(state, "catalog.db.corrupt-2026-11-25T12-30-05"));
    assertEquals(await Deno.readTextFile(`${aside}-wal`), "log");
    (await openLibrary(root, { command: "test" }))[Symbol.dispose]();
    assertEquals(await moveCatalogAside(root, { clock }), `${aside}-2`);
  }));

Deno.test("moveCatalogAside() does nothing without a catalog", () =>
  inTempDir(async (root) => {
    assertEquals(await moveCatalogAside(root), null);
    await Deno.mkdir(join(root, ".civitai-dl"));
    assertEquals(await moveCatalogAside(root), null);
  }));

Deno.test("moveCatalogAside() refuses a catalog that a run has open", () =>
  inTempDir(async (root) => {
    using _library = await openLibrary(root, { command: "download" });
    const error = await assertRejects(() => moveCatalogAside(root, { clock }), KitError);
    assertEquals(error.code, "unsafe");
  }));

Deno.test("moveCatalogAside() keeps an intact catalog if only a damaged one may be moved", () =>
  inTempDir(async (root) => {
    (await openLibrary(root, { command: "test" }))[Symbol.dispose]();
    assertEquals(await moveCatalogAside(root, { clock, onlyDamaged: true }), null);
    const catalog = join(root, ".civitai-dl", "catalog.db");
    await Deno.writeTextFile(catalog, "no database, only a text that is long enough");
    assertEquals(await moveCatalogAside(root, { clock, onlyDamaged: true }), `${catalog}.corrupt-2026-11-25T12-30-05`);
  }));
