import { assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import { KitError } from "../../../lib/base/mod.ts";
import { addWorktree, git, openRepository } from "../../../lib/git/mod.ts";
import { listReverts, revertCommits } from "../../../lib/release/rollback/revert_commits.ts";
import { inRepository } from "../../helpers/repository/fixture_repository.ts";

Deno.test("revertCommits() skips a commit that changed nothing", () =>
  inRepository(async (fixture) => {
    const repository = await openRepository(fixture.root);
    await fixture.git("config", "user.name", "T");
    await fixture.git("config", "user.email", "t@example.org");
    const target = (await fixture.git("rev-parse", "HEAD")).trim();
    await fixture.git("commit", "-q", "--allow-empty", "-m", "nothing");
    await fixture.write("a.txt", "two\n");
    const tip = await fixture.commit("two");
    const commits = await listReverts(repository, { target, tip, tag: "v1.0.0", branch: "main" });
    assertEquals(commits.map(({ subject, isMerge }) => [subject, isMerge]), [["two", false], ["nothing", false]]);
    await using tree = await addWorktree(repository, tip, { registry: fixture.registry, command: "test" });
    await revertCommits({ tree: tree.path, commits });
    assertEquals(await git(["diff", "--stat", target, "HEAD"], { cwd: tree.path }), "");
  }));

Deno.test("revertCommits() names the files that conflict, and nothing is left", () =>
  inRepository(async (fixture) => {
    const repository = await openRepository(fixture.root);
    await fixture.git("config", "user.name", "T");
    await fixture.git("config", "user.email", "t@example.org");
    await fixture.write("資料 a.txt", "one\n");
    const sha = await fixture.commit("one");
    await fixture.write("資料 a.txt", "two\n");
    const tip = await fixture.commit("two");
    {
      await using tree = await addWorktree(repository, tip, { registry: fixture.registry, command: "test" });
      const commits = [{ sha, subject: "one", isMerge: false }];
      const error = await assertRejects(() => revertCommits({ tree: tree.path, commits }), KitError);
      assertEquals(error.code, "failed");
      assertStringIncludes(error.message, '"one": conflicts in 資料 a.txt');
    }
    assertEquals((await fixture.git("worktree", "list")).trim().split("\n").length, 1);
    assertEquals((await fixture.git("branch", "--list")).trim(), "* main");
  }));
