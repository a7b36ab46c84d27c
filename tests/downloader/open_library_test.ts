import { assert, assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import { join } from "node:path";
import { KitError } from "../../lib/base/mod.ts";
import { openLibrary } from "../../lib/downloader/mod.ts";
import { startRebuild } from "../../lib/downloader/rebuild/start_rebuild.ts";
import type { UnfinishedRebuild } from "../../lib/downloader/rebuild/unfinished_rebuild.ts";
import { inTempDir } from "../helpers/temp_dir.ts";
import { plannedFile } from "../helpers/library/kept_library.ts";

Deno.test("openLibrary() creates folder, lock and catalog, and keeps what was written", () =>
  inTempDir(async (folder) => {
    const root = join(folder, "new", "library");
    {
      using library = await openLibrary(root, { command: "download" });
      assertEquals(library.root, root);
      library.catalog.plan(plannedFile(1), 0);
    }
    using again = await openLibrary(root, { command: "download", mustExist: true });
    assertEquals(again.catalog.totals().count, 1);
  }));

Deno.test("openLibrary() names the holder of the library and reports the wait", () =>
  inTempDir(async (root) => {
    using _first = await openLibrary(root, { command: "download" });
    const holders: (string | undefined)[] = [];
    const second = () =>
      openLibrary(root, { command: "update", waitMs: 1, onWait: (holder) => holders.push(holder?.command) });
    const error = await assertRejects(second, KitError, `held by "download" (process ${Deno.pid}`);
    assertEquals([error.code, holders], ["unsafe", ["download"]]);
  }));

Deno.test("openLibrary() waits until the holder releases the lock", () =>
  inTempDir(async (root) => {
    const first = await openLibrary(root, { command: "download" });
    const onWait = () => first[Symbol.dispose]();
    using second = await openLibrary(root, { command: "update", waitMs: 10_000, onWait });
    assertEquals(second.catalog.totals().count, 0);
  }));

Deno.test("openLibrary() stops waiting when its signal aborts", () =>
  inTempDir(async (root) => {
    using _first = await openLibrary(root, { command: "download" });
    const stop = new AbortController();
    const reason = new KitError("interrupted", "enough");
    const options = { command: "x", waitMs: 60_000, signal: stop.signal, onWait: () => stop.abort(reason) };
    assertEquals(await openLibrary(root, options).catch((error) => error), reason);
  }));

Deno.test("openLibrary() creates nothing that must exist", () =>
  inTempDir(async (root) => {
    const error = await assertRejects(() => openLibrary(root, { command: "list", mustExist: true }), KitError);
    assertEquals([error.code, error.message.endsWith("it does not exist")], ["usage", true]);
    assertEquals(await Array.fromAsync(Deno.readDir(root)), []);
  }));

Deno.test("openLibrary() does not treat a library without its catalog as empty", () =>
  inTempDir(async (root) => {
    (await openLibrary(root, { command: "download" }))[Symbol.dispose]();
    const catalog = join(root, ".civitai-dl", "catalog.db");
    await Deno.remove(catalog);
    for (const readOnly of [true, false]) {
      const error = await assertRejects(
        () => openLibrary(root, { command: "list", mustExist: true, readOnly }),
        KitError,
      );
      assertEquals([error.code, error.message.endsWith("its catalog is gone")], ["integrity", true]);
      assertStringIncludes(error.hint!, "verify --rebuild");
    }
    assertEquals(await Deno.stat(catalog).catch(() => null), null);
  }));

Deno.test("openLibrary() refuses a catalog with an unfinished rebuild, unless its caller can do without the rest", () =>
  inTempDir(async (root) => {
    await startRebuild(root);
    const mustExist = true;
    for (const scratch of [true, false]) {
      const error = await assertRejects(() => openLibrary(root, { command: "update", mustExist, scratch }), KitError);
      assertEquals(error.code, "integrity");
      assertStringIncludes(error.message, "the rebuild of the catalog is unfinished");
      assertStringIncludes(error.hint!, "verify --rebuild (with --offline");
    }
    (await openLibrary(root, { command: "monitor", mustExist, readOnly: true }))[Symbol.dispose]();
    const seen: UnfinishedRebuild[] = [];
    const onUnfinished = (rebuild: UnfinishedRebuild) => void seen.push(rebuild);
    using _library = await openLibrary(root, { command: "verify", mustExist, onUnfinished });
    assertEquals(seen.map(({ notLookedUp }) => notLookedUp), [null]);
  }));

Deno.test("openLibrary() is read-only while another run is active", () =>
  inTempDir(async (root) => {
    using writer = await openLibrary(root, { command: "download" });
    writer.catalog.plan(plannedFile(1), 0);
    using reader = await openLibrary(root, { command: "list", readOnly: true, mustExist: true });
    assertEquals(reader.catalog.totals().count, 1);
  }));

Deno.test("openLibrary() works on a copy that leaves no trace", () =>
  inTempDir(async (root) => {
    using library = await openLibrary(root, { command: "download" });
    library.catalog.plan(plannedFile(1), 0);
    let copy: string;
    {
      using scratch = await openLibrary(root, { command: "download", scratch: true });
      assertEquals([scratch.root, scratch.catalog.totals().count], [root, 1]);
      scratch.catalog.plan(plannedFile(2), 0);
      copy = scratch.catalog.path;
    }
    assertEquals(library.catalog.totals().count, 1);
    assertEquals(await Deno.stat(copy).catch(() => null), null);
  }));

Deno.test("openLibrary() plans in memory if there is no library yet", () =>
  inTempDir(async (folder) => {
    const root = join(folder, "not-yet");
    {
      using scratch = await openLibrary(root, { command: "download", scratch: true });
      assert(scratch.root !== root);
    }
    assertEquals(await Deno.stat(root).catch(() => null), null);
  }));

Deno.test("openLibrary() leaves no copy of an unreadable catalog", () =>
  inTempDir(async (root) => {
    await Deno.mkdir(join(root, ".civitai-dl"));
    await Deno.writeTextFile(join(root, ".civitai-dl", "catalog.db"), "no database at all");
    for (const scratch of [true, false]) {
      await assertRejects(() => openLibrary(root, { command: "download", scratch }), KitError, "catalog");
    }
    // The lock was released.
    await Deno.remove(join(root, ".civitai-dl", "catalog.db"));
    using _library = await openLibrary(root, { command: "download" });
  }));

Deno.test("openLibrary() reports that the folder is a file", () =>
  inTempDir(async (folder) => {
    const path = join(folder, "file");
    await Deno.writeTextFile(path, "");
    const error = await assertRejects(() => openLibrary(path, { command: "download" }), KitError);
    assertEquals(error.code, "usage");
    assertStringIncludes(error.message, `Cannot use output folder "${path}": it or a part of its path is a file`);
    await assertRejects(() => openLibrary(path, { command: "list", mustExist: true }), KitError);
  }));
