import { assertEquals } from "@std/assert";
import { openRepository } from "../../../lib/git/mod.ts";
import { listUnlistedCommits, parseConventionalCommit } from "../../../lib/release/mod.ts";
import { isNamedByEntry, wordsOfEntries } from "../../../lib/release/notes/_named_commit.ts";
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

Deno.test("listUnlistedCommits() lists what users notice since the last release and what brought no file of changes", () =>
  inSharedRepository(async ({ root, git, write, commit }) => {
    const repository = await openRepository(root);
    const since = (await git("rev-parse", "v1.0.3^{commit}")).trim();
    await write("b.txt", "1");
    await commit("feat(library): forget the line\n\nWith a body.");
    await write("changes/b.md", "---\nkind: fixed\n---\n\nB.\n");
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
    assertEquals(found.map(({ isNamed }) => isNamed), [false, false]);
    // A break is shown whatever the entries say.
    const entries = "### Added\n\n- Forgets a line of the catalog.\n- The old flag `--x` is dropped.\n";
    const compared = await listUnlistedCommits(repository, tip, { since, entries });
    assertEquals(compared.map(({ type, isNamed }) => [type, isNamed]), [["chore", false], ["feat", true]]);
    assertEquals((await listUnlistedCommits(repository, tip, { since: null })).length, 2);
    assertEquals(await listUnlistedCommits(repository, tip, { since: tip }), []);
  }));

Deno.test("isNamedByEntry() finds the scope, or half of the words of the subject, in one entry", () => {
  const entries = wordsOfEntries(
    "### Rollback\n\n- `self-update` verifies the signature\n  of each file.\n- 監視ページを日本語で表示します。\n",
  );
  const names = (subject: string, scope: string | null = null) => isNamedByEntry(entries, { scope, subject });
  assertEquals(names("refuse what nobody signed", "self-update"), true);
  assertEquals(names("refuse what nobody signed", "update-self-test"), false);
  assertEquals(names("verify signatures of a file"), true);
  assertEquals(names("verify the whole library twice"), false);
  assertEquals(names("監視ページの色"), true);
  assertEquals(names("設定ファイルを読む"), false);
  // A heading is no entry, and fillers say nothing.
  assertEquals(names("say more", "rollback"), false);
  assertEquals(names("the of each"), false);
});
