import { assertEquals } from "@std/assert";
import { join } from "node:path";
import { findTreeWork, openRepository } from "../../../lib/git/mod.ts";
import { inRepository } from "../../helpers/repository/fixture_repository.ts";

Deno.test("findTreeWork() takes what git knows for no work, also in a tree that git did not complete", () =>
  inRepository(async ({ root, git, write, commit }) => {
    await write("資料/b.txt", "b\n");
    const sha = await commit("two files");
    const repository = await openRepository(root);
    const path = join(root, "..", "kept");
    const find = (tree = sha) => findTreeWork(repository, path, { sha, tree });
    assertEquals(await find(), null);
    await git("worktree", "add", "-q", "--detach", path, sha);
    assertEquals(await find(), null);
    await Deno.writeTextFile(join(path, "a.txt"), "patched\n");
    await Deno.writeTextFile(join(path, "new.txt"), "of the patch\n");
    await git("-C", path, "add", "-A");
    const tree = (await git("-C", path, "write-tree")).trim();
    assertEquals(await find(tree), null);
    assertEquals(await find(), { type: "files", files: ["a.txt", "new.txt"] });
    // Cleaned up by git, it is made again from the index.
    await Deno.remove(join(root, ".git/objects", tree.slice(0, 2), tree.slice(2)));
    assertEquals(await find(tree), null);
    // Killed while files were written: some are missing, and there is no index.
    await Deno.remove(join(root, ".git/worktrees/kept/index"));
    await Deno.remove(join(path, "資料"), { recursive: true });
    assertEquals(await find(tree), null);
    await Deno.writeTextFile(join(path, "a.txt"), "mine\n");
    assertEquals(await find(tree), { type: "files", files: ["a.txt"] });
  }));

Deno.test("findTreeWork() finds a folder that is no tree of the repository any more, unless it is empty", () =>
  inRepository(async ({ root, git }) => {
    const sha = (await git("rev-parse", "HEAD")).trim();
    const repository = await openRepository(root);
    // Git takes a folder in a working tree for a part of it.
    const path = join(root, "kept");
    await Deno.mkdir(path);
    assertEquals(await findTreeWork(repository, path, { sha, tree: sha }), null);
    await Deno.writeTextFile(join(path, "a.txt"), "one\n");
    assertEquals(await findTreeWork(repository, path, { sha, tree: sha }), { type: "other" });
    const clone = join(root, "..", "clone");
    await git("clone", "-q", root, clone);
    assertEquals(await findTreeWork(repository, clone, { sha, tree: sha }), { type: "other" });
  }));
