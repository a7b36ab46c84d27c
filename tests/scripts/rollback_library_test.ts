import { assertEquals, assertStringIncludes } from "@std/assert";
import { join } from "node:path";
import { acquireLock } from "../../lib/base/mod.ts";
import { CATALOG_VERSION, openCatalog } from "../../lib/library/mod.ts";
import { plannedItem } from "../helpers/library/facts.ts";
import { readCommands } from "../helpers/pages/read_block.ts";
import { inReleaseRepository, type ReleaseRepository } from "../helpers/repository/release_repository.ts";

/** Create a library with an item. */
async function makeLibrary({ root }: ReleaseRepository): Promise<string> {
  const library = join(root, "..", "library");
  await Deno.mkdir(join(library, ".civitai-dl"), { recursive: true });
  using catalog = openCatalog(join(library, ".civitai-dl", "catalog.db"));
  catalog.plan(plannedItem(1), 1);
  return library;
}

Deno.test("rollback --library verifies that the version reads it, and everything comes back if it does not work", () =>
  inReleaseRepository(async (repository) => {
    await repository.release("v1.0.0", { selfTest: 1 });
    await repository.release("v1.0.3");
    await repository.release("v1.1.0");
    assertEquals((await repository.run("install", ["add", "v1.1.0"])).code, 0);
    const library = await makeLibrary(repository);
    const failed = await repository.run("rollback", ["v1.0.0", "--library", library]);
    assertEquals(failed.code, 1, failed.err);
    assertEquals(await Deno.readLink(join(repository.prefix, "current")), "versions/1.1.0");
    const own = { from: "downloads", to: `'${library}'`, because: "the library is not in the repository" };
    const [words] = await readCommands("docs/rollback.md", "deno task rollback v1.0.3", [own]);
    const { code, out, err } = await repository.run("rollback", [...words!.slice(3), "--json"]);
    assertEquals(code, 0, err);
    assertEquals(JSON.parse(out).checks.map(({ name }: { name: string }) => name), ["version", "works", "library"]);
  }));

Deno.test("rollback --library refuses before any change a version that reads other catalogs, and no library", () =>
  inReleaseRepository(async (repository) => {
    await repository.release("v0.9.0", { catalog: CATALOG_VERSION - 1 });
    await repository.release("v1.0.0", { catalog: CATALOG_VERSION + 1 });
    await repository.release("v1.1.0");
    const library = await makeLibrary(repository);
    const before = await Deno.readFile(join(library, ".civitai-dl", "catalog.db"));
    const refuse = async (args: readonly string[], code: number, says: string) => {
      const run = await repository.run("rollback", args);
      assertEquals(run.code, code, run.err);
      assertStringIncludes(run.err, says);
      assertEquals(await Deno.readFile(join(library, ".civitai-dl", "catalog.db")), before);
      const isTree = await Deno.stat(join(repository.prefix, "worktrees")).then(() => true, () => false);
      assertEquals(isTree, false);
    };
    await refuse(
      ["v0.9.0", "--library", library],
      4,
      `reads version ${CATALOG_VERSION - 1}\nhint: Choose a later version`,
    );
    await refuse(["v1.0.0", "--library", library], 4, `reads version ${CATALOG_VERSION + 1}`);
    await refuse(["v1.0.0", "--library", repository.root], 2, "Cannot find a library");
    // A run keeps its version until it ends.
    using _lock = await acquireLock(join(library, ".civitai-dl", "lock"), { command: "download" });
    assertEquals((await repository.run("rollback", ["v1.1.0", "--library", library])).code, 0);
    const stopping = await repository.run("rollback", ["v1.1.0", "--library", library, "--stop-run", "--dry-run"]);
    assertStringIncludes(stopping.out, `Stopping process ${Deno.pid} that holds the library`);
  }));
