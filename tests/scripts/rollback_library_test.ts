import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { acquireLock } from "../../lib/base/mod.ts";
import { CATALOG_VERSION, openCatalog, readCatalogVersion } from "../../lib/library/mod.ts";
import { removeKeptCatalogs } from "../helpers/library/remove_kept_catalogs.ts";
import { makeOldCatalog } from "../library/_old_catalog.ts";
import { readCommands } from "../helpers/pages/read_block.ts";
import { inReleaseRepository, type ReleaseRepository } from "../helpers/repository/release_repository.ts";

/** Create a library whose catalog is up to date. */
async function makeLibrary({ root }: ReleaseRepository): Promise<string> {
  const library = join(root, "..", "library");
  const home = join(library, ".civitai-dl");
  await Deno.mkdir(join(home, "state"), { recursive: true });
  makeOldCatalog(join(home, "catalog.db"), 3);
  openCatalog(join(home, "catalog.db"))[Symbol.dispose]();
  return library;
}

function versionIn(library: string): number | null {
  return readCatalogVersion(join(library, ".civitai-dl", "catalog.db"));
}

async function namesIn(folder: string): Promise<readonly string[]> {
  return (await Array.fromAsync(Deno.readDir(folder))).map(({ name }) => name).toSorted();
}

Deno.test("rollback --library converts the catalog, and everything comes back if the version does not work", () =>
  inReleaseRepository(async (repository) => {
    await repository.release("v1.0.0", { catalog: 2, selfTest: 1 });
    await repository.release("v1.0.3", { catalog: 2 });
    await repository.release("v1.1.0");
    assertEquals((await repository.run("install", ["add", "v1.1.0"])).code, 0);
    const library = await makeLibrary(repository);
    const state = join(library, ".civitai-dl", "state");
    await Deno.writeTextFile(join(state, "failsafe.json"), '{"version":1}');
    await Deno.writeTextFile(join(state, "rollout.json"), '{"version":2}');
    const failed = await repository.run("rollback", ["v1.0.0", "--library", library]);
    assertEquals(failed.code, 1, failed.err);
    assertMatch(failed.err, /Converting the catalog from version 4 to 2/);
    assertEquals([versionIn(library), await namesIn(state)], [4, ["failsafe.json", "rollout.json"]]);
    assertEquals(await Deno.readLink(join(repository.prefix, "current")), "versions/1.1.0");
    const own = { from: "downloads", to: `'${library}'`, because: "the library is not in the repository" };
    const [words] = await readCommands("docs/rollback.md", "deno task rollback v1.0.3", [own]);
    const { code, out, err } = await repository.run("rollback", [...words!.slice(3), "--json"]);
    assertEquals(code, 0, err);
    assertEquals(JSON.parse(out).checks.map(({ name }: { name: string }) => name), ["version", "works", "library"]);
    assertEquals(versionIn(library), 2);
    const [kept] = (await namesIn(join(library, ".civitai-dl"))).filter((name) => name.startsWith("catalog.db."));
    assertMatch(kept!, /^catalog\.db\.v4-\d{8}T\d{6}Z$/);
    assertMatch((await namesIn(state)).join(), /^failsafe\.json,rollout\.json\.v2-\d{8}T\d{6}Z$/);
    // Forward again: the newer program upgrades the catalog, which may have new files by now.
    assertEquals((await repository.run("rollback", ["undo"])).code, 0);
    assertEquals(versionIn(library), 2);
    openCatalog(join(library, ".civitai-dl", "catalog.db"))[Symbol.dispose]();
    assertEquals(versionIn(library), 4);
  }));

Deno.test("rollback --library refuses before any change: no path to that catalog, no library, a run that holds it", () =>
  inReleaseRepository(async (repository) => {
    await repository.release("v0.9.0", { catalog: 0 });
    await repository.release("v1.0.0", { catalog: 2 });
    await repository.release("v1.1.0");
    const library = await makeLibrary(repository);
    const refuse = async (args: readonly string[], code: number, says: string) => {
      const run = await repository.run("rollback", args);
      assertEquals(run.code, code, run.err);
      assertStringIncludes(run.err, says);
      assertEquals(versionIn(library), 4);
      const isTree = await Deno.stat(join(repository.prefix, "worktrees")).then(() => true, () => false);
      assertEquals(isTree, false);
    };
    await refuse(["v0.9.0", "--library", library], 4, "version 0 is unknown; there are 1, 2, 3");
    await refuse(["v1.0.0", "--library", repository.root], 2, "Cannot find a library");
    {
      using _lock = await acquireLock(join(library, ".civitai-dl", "lock"), { command: "download" });
      await refuse(["v1.0.0", "--library", library], 4, `process ${Deno.pid} is using it`);
      assertEquals((await repository.run("rollback", ["v1.1.0", "--library", library])).code, 0);
    }
  }));

Deno.test("rollback --catalog only converts a library, for a program of one's own", () =>
  inReleaseRepository(async (repository) => {
    const library = await makeLibrary(repository);
    const dry = await repository.run("rollback", ["--catalog", "2", "--library", library, "--dry-run"]);
    assertEquals([dry.code, versionIn(library)], [0, 4]);
    const { code, out } = await repository.run("rollback", ["--catalog", "2", "--library", library]);
    assertEquals([code, versionIn(library)], [0, 2]);
    assertMatch(out, /their names end with -\d{8}T\d{6}Z/);
    const again = await repository.run("rollback", ["--catalog", "2", "--library", library]);
    assertMatch(again.out, /reads it as it is/);
    assertEquals((await repository.run("rollback", ["--catalog", "2"])).code, 2);
    assert((await repository.run("rollback", ["--catalog", "zero"])).code === 2);
  }));

Deno.test("rollback undo of an interrupted one keeps a catalog that was written to since, or that a run holds", () =>
  inReleaseRepository(async (repository) => {
    await repository.release("v1.0.0", { catalog: 2 });
    await repository.release("v1.1.0");
    const library = await makeLibrary(repository);
    const home = join(library, ".civitai-dl");
    const catalog = join(home, "catalog.db");
    const rollout = join(home, "state", "rollout.json");
    await Deno.writeTextFile(rollout, '{"version":2}');
    // As if it had been killed at its end.
    const interrupt = async () => {
      await removeKeptCatalogs(home);
      const { code, err } = await repository.run("rollback", ["v1.0.0", "--mode", "worktree", "--library", library]);
      assertEquals([code, versionIn(library)], [0, 2], err);
      const path = join(repository.prefix, "rollback.json");
      const record = await Deno.readTextFile(path);
      await Deno.writeTextFile(path, record.replace('"state": "done"', '"state": "running"'));
    };
    const undo = async (says: string, version: number) => {
      const { code, out, err } = await repository.run("rollback", ["undo"]);
      assertEquals([code, versionIn(library)], [0, version], err);
      assertStringIncludes(out, `  the library ${library} ${says}`);
      openCatalog(catalog)[Symbol.dispose]();
    };
    await interrupt();
    await undo("has its newer catalog\n", CATALOG_VERSION);
    assertEquals(await Deno.readTextFile(rollout), '{"version":2}');
    await interrupt();
    {
      using older = new DatabaseSync(catalog);
      older.exec("INSERT INTO notes VALUES ('mine', '1')");
    }
    await Deno.writeTextFile(rollout, '{"version":1}');
    await undo("keeps what was written to it since: catalog.db, state/rollout.json; the newer version", 2);
    using newer = new DatabaseSync(catalog);
    assertEquals(newer.prepare("SELECT value FROM notes WHERE name = 'mine'").get()?.value, "1");
    newer.close();
    assertEquals(await Deno.readTextFile(rollout), '{"version":1}');
    await interrupt();
    using _lock = await acquireLock(join(home, "lock"), { command: "download" });
    await undo(`stays as it is: process ${Deno.pid} is using it; the newer version`, 2);
  }));
