import { assert, assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import { join } from "node:path";
import { ensurePrivateFolder, KitError } from "../../lib/base/mod.ts";
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

Deno.test("openLibrary() creates nothing that must exist, and says what is not there", () =>
  inTempDir(async (folder) => {
    const refused = async (root: string) => {
      const error = await assertRejects(() => openLibrary(root, { command: "list", mustExist: true }), KitError);
      return [error.code, error.message.replace(/^.*": /, ""), /download --user NAME/.test(error.hint!)];
    };
    assertEquals(await refused(join(folder, "none")), ["usage", "it does not exist", true]);
    const root = join(folder, "library");
    await Deno.mkdir(root);
    assertEquals(await refused(root), ["usage", "it has no .civitai-dl", true]);
    assertEquals(await Array.fromAsync(Deno.readDir(root)), []);
    // A monitor was there before the first run.
    await putState(root, "monitor.json");
    await Deno.writeTextFile(join(root, "old.safetensors"), "of an earlier tool");
    assertEquals(await refused(root), ["usage", "it has no catalog yet", true]);
    assertEquals(await Array.fromAsync(Deno.readDir(join(root, ".civitai-dl")), ({ name }) => name), ["state"]);
  }));

/** Create a file in the folder of the library's state, as a monitor or a run does. */
async function putState(root: string, name: string): Promise<void> {
  const state = join(root, ".civitai-dl", "state");
  ensurePrivateFolder(state);
  await Deno.writeTextFile(join(state, name), "{}");
}

/** Open a library in each way; return why it fails, or `null`. */
async function openEachWay(root: string, mustExist: boolean): Promise<readonly (string | null)[]> {
  const ways = [...mustExist ? [{ readOnly: true }] : [], { scratch: true }, {}];
  const found = [];
  for (const way of ways) {
    try {
      (await openLibrary(root, { command: "test", mustExist, ...way }))[Symbol.dispose]();
      found.push(null);
    } catch (error) {
      if (!(error instanceof KitError)) throw error;
      if (error.code === "integrity") assertStringIncludes(error.hint!, "verify --rebuild");
      found.push(`${error.code}: ${error.message.replace(/^.*": /, "")}`);
    }
  }
  return found;
}

Deno.test("openLibrary() does not treat a library that lost its catalog, or the content of it, as empty", () =>
  inTempDir(async (folder) => {
    for (const [lost, reason] of [["gone", "its catalog is gone"], ["empty", "its catalog is empty"]] as const) {
      const root = join(folder, lost);
      (await openLibrary(root, { command: "download" }))[Symbol.dispose]();
      const catalog = join(root, ".civitai-dl", "catalog.db");
      if (lost === "gone") await Deno.remove(catalog);
      else await Deno.truncate(catalog);
      const refused = `integrity: ${reason}`;
      // Nothing was fetched: the first run was killed while it created the library.
      assertEquals(await openEachWay(root, true), Array(3).fill("usage: it has no catalog yet"));
      await Deno.writeTextFile(join(root, "a.civitai.info"), "{}");
      assertEquals(await openEachWay(root, true), Array(3).fill(refused));
      await Deno.remove(join(root, "a.civitai.info"));
      await putState(root, "failsafe.json.corrupt");
      assertEquals(await openEachWay(root, true), Array(3).fill(refused));
      // A run would start a new catalog, and later runs would not know the files of the lost one.
      assertEquals(await openEachWay(root, false), Array(2).fill(refused));
      assertEquals((await Deno.stat(catalog).catch(() => null))?.size ?? 0, 0);
      assertEquals((await startRebuild(root)) !== null, lost === "empty");
      assertEquals(await openEachWay(root, false), [null, null]);
    }
  }));

Deno.test("openLibrary() creates a library whose first run was killed, beside files of an earlier tool", () =>
  inTempDir(async (root) => {
    await Deno.writeTextFile(join(root, "old.safetensors"), "of an earlier tool");
    await putState(root, "monitor.json");
    await Deno.writeTextFile(join(root, ".civitai-dl", "lock"), "");
    await Deno.writeTextFile(join(root, ".civitai-dl", "catalog.db"), "");
    using library = await openLibrary(root, { command: "download" });
    assertEquals(library.catalog.totals().count, 0);
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

Deno.test("openLibrary() copies a whole catalog while another run writes to it", () =>
  inTempDir(async (root) => {
    using library = await openLibrary(root, { command: "download" });
    const { catalog } = library;
    let rows = 0;
    const write = (): void => {
      const source = "x".repeat(500);
      catalog.transaction(() => {
        for (let row = 0; row < 400; row++) catalog.plan(plannedFile(++rows, { source }), 0);
      });
    };
    for (let round = 0; round < 10; round++) write();
    for (let round = 0; round < 12; round++) {
      const before = rows;
      const opening = openLibrary(root, { command: "download", scratch: true, check: true });
      const writing = new AbortController();
      const writer = (async () => {
        while (!writing.signal.aborted) {
          write();
          await new Promise((resolve) => setTimeout(resolve));
        }
      })();
      try {
        using scratch = await opening;
        const { count } = scratch.catalog.totals();
        assert(count >= before && count <= rows && count % 400 === 0, `${before} ${count} ${rows}`);
      } finally {
        writing.abort();
        await writer;
      }
    }
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
