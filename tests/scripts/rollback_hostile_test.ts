import { assertEquals, assertMatch } from "@std/assert";
import { join } from "node:path";
import { inReleaseRepository, type ReleaseRepository } from "../helpers/repository/release_repository.ts";

/** Settings of git that break scripts which do not expect them. */
const HOSTILE = `[user]
	name = 山田 太郎
	email = taro@example.org
[commit]
	gpgsign = true
[tag]
	gpgsign = true
[gpg]
	program = /bin/false
[core]
	autocrlf = true
	editor = /bin/false
	pager = /bin/false
[color]
	ui = always
[diff]
	noprefix = true
	external = /bin/false
[log]
	showSignature = true
[apply]
	whitespace = error
[status]
	showUntrackedFiles = all
[rerere]
	enabled = true
`;

async function makeHome({ root }: ReleaseRepository, config: string): Promise<string> {
  const home = await Deno.makeTempDir({ dir: join(root, ".."), prefix: "家 " });
  await Deno.writeTextFile(join(home, ".gitconfig"), config);
  return home;
}

Deno.test("rollback works with hostile settings of git, failing hooks, Japanese paths and a Japanese locale", () =>
  inReleaseRepository(async (repository) => {
    const { root, git, write } = repository;
    await write("資料/読んで ください.txt", "一\n");
    await repository.release("v1.0.0");
    await write("資料/読んで ください.txt", "二\n");
    await repository.release("v1.1.0");
    for (const hook of ["post-checkout", "pre-commit", "commit-msg", "reference-transaction", "post-merge"]) {
      const path = join(root, ".git/hooks", hook);
      await Deno.writeTextFile(path, "#!/bin/sh\nexit 1\n", { mode: 0o755 });
    }
    await write("patches/emergency.patch", "--- a/a.txt\n+++ b/a.txt\n@@ -1 +1 @@\n-one\n+直した  \n");
    const env = {
      HOME: await makeHome(repository, HOSTILE),
      LC_ALL: "ja_JP.UTF-8",
      LANGUAGE: "ja",
      LANG: "ja_JP.UTF-8",
    };
    for (const mode of ["install", "worktree"]) {
      const { code, out, err } = await repository.run("rollback", ["v1.0.0", "--mode", mode, "--json"], { env });
      assertEquals(code, 0, `${mode}: ${err}`);
      const { place, isPatched } = JSON.parse(out);
      assertEquals(isPatched, true);
      if (mode === "worktree") {
        assertEquals(await Deno.readTextFile(join(place, "資料/読んで ください.txt")), "一\n");
        assertEquals(await Deno.readTextFile(join(place, "a.txt")), "直した  \n");
      }
      assertEquals((await repository.run("rollback", ["undo"], { env })).code, 0);
    }
    assertEquals((await git("for-each-ref", "refs/heads", "--format=%(refname:short)")).trim(), "main");
  }));

Deno.test("rollback needs no identity for commits", () =>
  inReleaseRepository(async (repository) => {
    await repository.release("v1.0.0");
    await repository.release("v1.1.0");
    const env = { HOME: await makeHome(repository, ""), GIT_CONFIG_NOSYSTEM: "1" };
    assertEquals((await repository.run("rollback", ["v1.0.0"], { env })).code, 0);
  }));

Deno.test("rollback names an unknown tag, and works where main is called otherwise and the clone is shallow", () =>
  inReleaseRepository(async (repository) => {
    const { root, git } = repository;
    await repository.release("v1.0.0");
    await repository.release("v1.1.0");
    const typo = await repository.run("rollback", ["v1.0.1"]);
    assertEquals(typo.code, 2);
    assertMatch(typo.err, /no such tag of a version\nhint: Did you mean v1\.[01]\.0\?/);
    await git("branch", "-m", "main", "幹");
    const clone = join(root, "..", "shallow");
    await git("clone", "-q", "--depth", "1", "--branch", "v1.1.0", `file://${root}`, clone);
    const shallow = await repository.run("rollback", ["v1.0.0"], { cwd: clone });
    assertEquals(shallow.code, 2, shallow.err);
    assertEquals((await repository.run("rollback", ["v1.1.0"], { cwd: clone })).code, 0);
  }));

Deno.test("rollback shows a damaged journal, puts it aside before the next, and refuses to run twice at once", () =>
  inReleaseRepository(async (repository) => {
    await repository.release("v1.0.0");
    await repository.release("v1.1.0");
    await Deno.mkdir(repository.prefix);
    await Deno.writeTextFile(join(repository.prefix, "rollback.json"), '{"version":1,"req');
    const status = await repository.run("rollback", ["status"]);
    assertEquals([status.code, status.err], [0, ""]);
    assertMatch(status.out, /^The record of the last rollback is damaged: .*rollback\.json\nIt is not known/);
    const undo = await repository.run("rollback", ["undo"]);
    assertEquals(undo.code, 4, undo.err);
    assertMatch(undo.err, /Cannot read ".*rollback\.json": .*; moved to ".*rollback\.json\.corrupt"/);
    assertMatch((await repository.run("rollback", ["status"])).out, /is damaged: .*rollback\.json\.corrupt\n/);
    await Deno.writeTextFile(join(repository.prefix, "rollback.json"), "[");
    const { code, err } = await repository.run("rollback", ["v1.0.0"]);
    assertEquals(code, 0, err);
    assertMatch(err, /warning: Cannot read ".*rollback\.json": .*; moved to ".*rollback\.json\.corrupt-2"/);
    const lock = await Deno.open(join(repository.prefix, "rollback.lock"), { read: true, write: true });
    await lock.lock(true);
    const second = await repository.run("rollback", ["undo"]);
    lock.close();
    assertEquals(second.code, 4);
    assertMatch(second.err, /rollback status shows where it stands/);
  }));
