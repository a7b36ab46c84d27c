import { assert, assertEquals, assertRejects } from "@std/assert";
import { join } from "node:path";
import { KitError } from "../../../lib/base/mod.ts";
import { type Catalog, copyCatalog, openCatalog } from "../../../lib/library/mod.ts";
import { plannedItem } from "../../helpers/library/facts.ts";
import { inTempDir } from "../../helpers/temp_dir.ts";

/** A note so long that a thread copies the catalog. */
const LONG = "n".repeat(9 << 20);

function planItems(catalog: Catalog, from: number, to: number): void {
  catalog.transaction(() => {
    for (let id = from; id <= to; id++) catalog.plan(plannedItem(id), 1);
  });
}

for (const size of ["small", "large"]) {
  Deno.test(`copyCatalog() copies a ${size} catalog as it is at one moment, while it is written to`, () =>
    inTempDir(async (folder) => {
      const path = join(folder, "catalog.db");
      const copy = join(folder, "copy.db");
      using catalog = openCatalog(path);
      planItems(catalog, 1, 10);
      if (size === "large") catalog.setNote("note", LONG);
      let isCopied = false;
      const copying = copyCatalog(path, copy).finally(() => isCopied = true);
      let last = 10;
      while (!isCopied) {
        // Two rows at a time, so that a copy of half a transaction shows.
        planItems(catalog, last + 1, last + 2);
        last += 2;
        await new Promise((resolve) => setTimeout(resolve));
      }
      await copying;
      using copied = openCatalog(copy, { check: true });
      const found = copied.totals().count;
      assert(found >= 10 && found <= last, `${found} of ${last}`);
      assertEquals(found % 2, 0);
    }));
}

Deno.test("copyCatalog() lets the event loop turn while a large catalog is copied", () =>
  inTempDir(async (folder) => {
    const path = join(folder, "catalog.db");
    using catalog = openCatalog(path);
    catalog.setNote("note", LONG);
    let turns = 0;
    const timer = setInterval(() => turns++, 0);
    await copyCatalog(path, join(folder, "copy.db"));
    clearInterval(timer);
    assert(turns > 0);
  }));

Deno.test("copyCatalog() says that a large catalog is damaged", () =>
  inTempDir(async (folder) => {
    const path = join(folder, "catalog.db");
    {
      using catalog = openCatalog(path);
      catalog.setNote("note", LONG);
    }
    using holder = openCatalog(path, { readOnly: true });
    assertEquals(holder.note("note")?.length, LONG.length);
    await Deno.truncate(path, 8192 * 3 + 100);
    const error = await assertRejects(() => copyCatalog(path, join(folder, "copy.db")), KitError);
    assertEquals(error.code, "integrity");
  }));
