import { assertEquals, assertRejects } from "@std/assert";
import { checkChanges } from "../../../checks/documents/check_changes.ts";
import { type FixtureRepository, inRepository } from "../../helpers/repository/fixture_repository.ts";

const { signal } = new AbortController();
const CHANGE = "---\nkind: fixed\n---\n\nA thing works again.\n";

/** A branch whose program differs from `main`, without a file that tells users of it. */
async function changeProgram({ write, git, commit }: FixtureRepository): Promise<void> {
  await write("CHANGELOG.md", "# Changelog\n");
  await write("changes/README.md", "# Changes\n");
  await write("lib/a.ts", "export const a = 1;\n");
  await commit("begin");
  await git("switch", "-q", "-c", "hotfix/a");
  await write("lib/a.ts", "export const a = 2;\n");
}

Deno.test("checkChanges() counts a file of changes/ once git has it, and says what an untracked one lacks", () =>
  inRepository(async (repository) => {
    await changeProgram(repository);
    const { root, write, git } = repository;
    const without = await assertRejects(
      () => checkChanges("main", signal, root),
      Error,
      "no file of changes/ tells users",
    );
    assertEquals(without.message.includes("untracked"), false, without.message);
    await write("changes/a-b.md", CHANGE);
    await git("commit", "-q", "-a", "-m", "fix: a");
    await assertRejects(
      () => checkChanges("main", signal, root),
      Error,
      "; changes/a-b.md is untracked, so no commit has it: git add changes/a-b.md",
    );
    await git("add", "-A");
    await checkChanges("main", signal, root);
    await git("commit", "-q", "-m", "docs: a");
    await checkChanges("main", signal, root);
  }));

Deno.test("checkChanges() asks a feature for a file of its own, whatever develop has, and a revert of one for none", () =>
  inRepository(async (repository) => {
    await changeProgram(repository);
    const { root, write, git, commit } = repository;
    await write("changes/a.md", CHANGE);
    const made = await commit("fix: a");
    await git("branch", "develop");
    await git("switch", "-q", "-c", "feature/b");
    await write("lib/b.ts", "export const b = 1;\n");
    await commit("feat: b");
    await assertRejects(() => checkChanges("develop", signal, root), Error, "but lib/b.ts changed");
    await git("switch", "-q", "-c", "hotfix/back", "develop");
    await git("revert", "--no-edit", made);
    await checkChanges("develop", signal, root);
  }));
