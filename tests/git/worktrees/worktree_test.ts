import { assert, assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import { exists } from "@std/fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { KitError, listIfExists, seededRandom, systemClock } from "../../../lib/base/mod.ts";
import { addWorktree, listWorktrees, openRepository, removeLeftovers, resolveCommit } from "../../../lib/git/mod.ts";
import { findWorktree } from "../../../lib/git/worktrees/add_worktree.ts";
import { FakeClock } from "../../helpers/fake_clock.ts";
import { footprint, inRepository, makeMess } from "../../helpers/repository/fixture_repository.ts";

const DAY_MS = 86_400_000;
const WORKER = fileURLToPath(new URL("./_dying_worker.ts", import.meta.url));

Deno.test("addWorktree() checks a commit out elsewhere and leaves nothing behind", () =>
  inRepository(async (fixture) => {
    const { registry, write, commit, root } = fixture;
    const first = await resolveCommit(await openRepository(root), "HEAD");
    await write("a.txt", "two\n");
    await commit("two");
    await makeMess(fixture);
    const before = await footprint(fixture);
    const repository = await openRepository(join(root));
    {
      await using tree = await addWorktree(repository, first, { registry, command: "test" });
      assertEquals(await Deno.readTextFile(join(tree.path, "a.txt")), "one\n");
      // What a run writes into its tree is removed with it.
      await Deno.writeTextFile(join(tree.path, "a.txt"), "changed by a benchmark");
      assertEquals((await listWorktrees(repository)).length, 3);
    }
    assertEquals(await footprint(fixture), before);
    assertEquals(await exists(registry), false);
  }));

Deno.test("addWorktree() and findWorktree() name the command that holds a tree", () =>
  inRepository(async ({ root, registry, git }) => {
    const repository = await openRepository(root);
    const sha = (await git("rev-parse", "HEAD")).trim();
    await using _held = await addWorktree(repository, sha, { registry, name: "one", command: "branch finish-phase 1" });
    for (
      const take of [
        () => findWorktree(repository, "one", { registry, command: "branch continue" }),
        () => addWorktree(repository, sha, { registry, name: "one", command: "rollback v1.0.3" }),
      ]
    ) {
      const error = await assertRejects(take, KitError);
      assertEquals(error.code, "unsafe");
      assertStringIncludes(error.message, '"branch finish-phase 1" (process');
    }
  }));

Deno.test("addWorktree() keeps trees of one name apart if they belong to two repositories", () =>
  inRepository(async ({ root, registry, git }) => {
    const sha = (await git("rev-parse", "HEAD")).trim();
    const clone = join(root, "..", "second clone");
    await git("clone", "-q", root, clone);
    const repositories = await Promise.all([root, clone].map((folder) => openRepository(folder)));
    const options = { registry, name: "one", command: "test" };
    const trees = await Promise.all(repositories.map((repository) => addWorktree(repository, sha, options)));
    assertEquals(new Set(trees.map(({ path }) => path)).size, 2);
    for (const [index, tree] of trees.entries()) {
      tree.keep();
      await using found = await findWorktree(repositories[index]!, "one", options);
      assertEquals(found?.path, tree.path);
    }
    assertEquals(await names(registry), []);
  }));

Deno.test("removeLeftovers() removes only recorded trees that no process holds", () =>
  inRepository(async ({ root, registry, git }) => {
    const repository = await openRepository(root);
    const sha = await resolveCommit(repository, "main");
    await using held = await addWorktree(repository, sha, { registry, command: "test" });
    const dead = join(registry, "dead");
    await Deno.mkdir(dead, { recursive: true });
    const path = join(await Deno.realPath(dead), "tree");
    await Deno.writeTextFile(join(dead, "lock"), "");
    await Deno.writeTextFile(join(dead, "record.json"), JSON.stringify({ version: 1, repository: root, path }));
    await git("worktree", "add", "-q", "--detach", "--lock", path);
    await Deno.mkdir(join(registry, "died-at-once"));
    assertEquals(await removeLeftovers({ registry }), [path]);
    // It may belong to a live process that created it a moment ago.
    assert((await names(registry)).includes("died-at-once"));
    assertEquals(await removeLeftovers({ registry, clock: new FakeClock(Date.now() + DAY_MS) }), []);
    assert(!(await names(registry)).includes("died-at-once"));
    assertEquals((await listWorktrees(repository)).map((tree) => tree.path), [root, held.path]);
    assert((await Deno.stat(held.path)).isDirectory);
    assertEquals(await removeLeftovers({ registry: join(registry, "nowhere") }), []);
  }));

Deno.test("removeLeftovers() and addWorktree() do not interfere across concurrent runs", () =>
  inRepository(async ({ root, registry }) => {
    const repository = await openRepository(root);
    const sha = await resolveCommit(repository, "main");
    let working = 4;
    const work = async () => {
      for (let round = 0; round < 8; round++) {
        await using tree = await addWorktree(repository, sha, { registry, command: "test" });
        assertEquals(await Deno.readTextFile(join(tree.path, "a.txt")), "one\n");
      }
      working -= 1;
    };
    const cleanUp = async () => {
      while (working > 0) assertEquals(await removeLeftovers({ registry }), []);
    };
    await Promise.all([work(), work(), work(), work(), cleanUp(), cleanUp(), cleanUp()]);
    assertEquals(await names(registry), []);
    assertEquals((await listWorktrees(repository)).length, 1);
  }));

Deno.test("removeLeftovers() leaves a tree alone that is removed and made again under its name", () =>
  inRepository(async ({ root, registry }) => {
    const repository = await openRepository(root);
    const sha = await resolveCommit(repository, "main");
    let isWorking = true;
    const work = async () => {
      // The lock of the last round is removed while a cleanup waits for it.
      for (let round = 0; round < 15; round++) {
        await using tree = await addWorktree(repository, sha, { registry, name: "one", command: "test" });
        assertEquals(await Deno.readTextFile(join(tree.path, "a.txt")), "one\n");
      }
      isWorking = false;
    };
    const cleanUp = async () => {
      while (isWorking) assertEquals(await removeLeftovers({ registry }), []);
    };
    await Promise.all([work(), cleanUp(), cleanUp(), cleanUp()]);
    assertEquals(await names(registry), []);
  }));

Deno.test("removeLeftovers() tolerates a deleted repository", () =>
  inRepository(async ({ root, registry }) => {
    const dead = join(registry, "dead");
    await Deno.mkdir(dead, { recursive: true });
    const record = { version: 1, repository: join(root, "gone"), path: join(dead, "tree") };
    await Deno.writeTextFile(join(dead, "lock"), "");
    await Deno.writeTextFile(join(dead, "record.json"), JSON.stringify(record));
    assertEquals(await removeLeftovers({ registry }), [record.path]);
    assertEquals(await names(registry), []);
  }));

Deno.test("addWorktree() leaves the user's checkout unchanged after 20 kills at random moments", () =>
  inRepository(async (fixture) => {
    const { root, registry } = fixture;
    await makeMess(fixture);
    const before = await footprint(fixture);
    const random = seededRandom(8);
    let leftovers = 0;
    for (let kill = 0; kill < 20; kill++) {
      const child = new Deno.Command(Deno.execPath(), {
        args: ["run", "-q", "--no-prompt", "-A", WORKER, root, registry],
        stdin: "null",
        stdout: "piped",
        stderr: "null",
      }).spawn();
      const reader = child.stdout.getReader();
      await reader.read();
      await systemClock.sleep(random() * 120);
      child.kill("SIGKILL");
      await child.status;
      await reader.cancel();
      // A git process that it started ends by itself.
      await settle(root);
      leftovers += (await removeLeftovers({ registry })).length;
      assertEquals(await footprint(fixture), before, `kill ${kill}`);
    }
    assert(leftovers > 0, "no kill ever struck while a tree was there");
    await removeLeftovers({ registry, clock: new FakeClock(Date.now() + DAY_MS) });
    assertEquals(await names(registry), []);
  }));

/** Wait until no git process works in the repository, like a user's next run. */
async function settle(root: string): Promise<void> {
  let quiet = 0;
  let last = "";
  while (quiet < 3) {
    const now = (await names(join(root, ".git/worktrees"))).join();
    quiet = now === last ? quiet + 1 : 0;
    last = now;
    await systemClock.sleep(20);
  }
}

/** Leftover folders; the registry goes with the last one. */
async function names(folder: string): Promise<readonly string[]> {
  return (await listIfExists(folder)).map((entry) => entry.name).sort();
}
