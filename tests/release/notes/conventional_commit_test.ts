import { assertEquals } from "@std/assert";
import { openRepository } from "../../../lib/git/mod.ts";
import { listUnlistedCommits, parseConventionalCommit } from "../../../lib/release/mod.ts";
import { inSharedRepository } from "../../helpers/repository/shared_repository.ts";

Deno.test("parseConventionalCommit() reads type, scope, subject and both marks of a breaking change", () => {
  assertEquals(parseConventionalCommit("feat(git): move a ref\n\nText."), {
    type: "feat",
    scope: "git",
    isBreaking: false,
    subject: "move a ref",
  });
  assertEquals(parseConventionalCommit("fix!: refuse")?.isBreaking, true);
  assertEquals(parseConventionalCommit("Fix(cli): x\n\nBREAKING CHANGE: y")?.isBreaking, true);
  assertEquals(parseConventionalCommit("Fix(cli): x\n\nBREAKING-CHANGE: y")?.type, "fix");
  for (const other of ["", "Merge branch develop", "feat:nothing", "feat(): x", "wip"]) {
    assertEquals(parseConventionalCommit(other), null, other);
  }
});

Deno.test("listUnlistedCommits() lists what users notice since the last release and what brought no changelog line", () =>
  inSharedRepository(async ({ root, git, write, commit }) => {
    const repository = await openRepository(root);
    const since = (await git("rev-parse", "v1.0.3^{commit}")).trim();
    await write("b.txt", "1");
    await commit("feat(library): forget the line\n\nWith a body.");
    await write("CHANGELOG.md", "# Changelog\n");
    await write("b.txt", "2");
    await commit("fix: with a line");
    await write("b.txt", "3");
    await commit("chore!: drop an old flag");
    await write("b.txt", "4");
    const tip = await commit("docs: say more");
    const found = await listUnlistedCommits(repository, tip, { since });
    assertEquals(found.map(({ type, scope, isBreaking, subject }) => [type, scope, isBreaking, subject]), [
      ["chore", null, true, "drop an old flag"],
      ["feat", "library", false, "forget the line"],
    ]);
    assertEquals((await listUnlistedCommits(repository, tip, { since: null })).length, 2);
    assertEquals(await listUnlistedCommits(repository, tip, { since: tip }), []);
  }));
