import { assert, assertEquals, assertRejects, assertThrows } from "@std/assert";
import { join } from "node:path";
import { KitError } from "../../../lib/base/mod.ts";
import { openLibrary } from "../../../lib/downloader/open_library.ts";
import { startRebuild } from "../../../lib/downloader/rebuild/start_rebuild.ts";
import { unfinishedRebuild } from "../../../lib/downloader/rebuild/unfinished_rebuild.ts";
import { openCatalog } from "../../../lib/library/mod.ts";
import { FakeClock } from "../../helpers/fake_clock.ts";
import { plannedFile } from "../../helpers/library/kept_library.ts";
import { inTempDir } from "../../helpers/temp_dir.ts";

const clock = new FakeClock(Date.UTC(2026, 10, 25, 12, 30, 5));

function isMarked(root: string): boolean {
  using catalog = openCatalog(join(root, ".civitai-dl", "catalog.db"));
  return unfinishedRebuild(catalog) !== null;
}

Deno.test("startRebuild() puts a marked catalog in place of a damaged one, of which nothing is lost", () =>
  inTempDir(async (root) => {
    const state = join(root, ".civitai-dl");
    await Deno.mkdir(state);
    const catalog = join(state, "catalog.db");
    for (const number of ["", "-2"]) {
      for (const [ending, text] of [["", "no database, only a text that is long enough"], ["-wal", "log"]]) {
        await Deno.writeTextFile(`${catalog}${ending}`, text!);
      }
      // A process that was killed left this one.
      await Deno.writeTextFile(`${catalog}.rebuild`, "half");
      assertThrows(() => openCatalog(catalog), KitError);
      const aside = await startRebuild(root, { clock });
      assertEquals(aside, join(state, `catalog.db.corrupt-2026-11-25T12-30-05${number}`));
      assertEquals(await Deno.readTextFile(`${aside}-wal`), "log");
      assert(isMarked(root));
    }
    const left = (await Array.fromAsync(Deno.readDir(state), ({ name }) => name)).toSorted();
    assertEquals(left.filter((name) => !name.includes("corrupt")), ["catalog.db", "lock"]);
  }));

Deno.test("startRebuild() marks a new catalog where there was none", () =>
  inTempDir(async (root) => {
    assertEquals([await startRebuild(root, { clock }), isMarked(root)], [null, true]);
  }));

Deno.test("startRebuild() refuses a catalog that a run has open", () =>
  inTempDir(async (root) => {
    using _library = await openLibrary(root, { command: "download" });
    const error = await assertRejects(() => startRebuild(root, { clock }), KitError);
    assertEquals(error.code, "unsafe");
  }));

Deno.test("startRebuild() keeps an intact catalog, and marks it only if it is empty", () =>
  inTempDir(async (root) => {
    {
      using library = await openLibrary(root, { command: "test" });
      library.catalog.plan(plannedFile(1), 0);
    }
    assertEquals([await startRebuild(root, { clock }), isMarked(root)], [null, false]);
    {
      using library = await openLibrary(root, { command: "test" });
      library.catalog.remove(plannedFile(1).key);
    }
    assertEquals([await startRebuild(root, { clock }), isMarked(root)], [null, true]);
  }));
