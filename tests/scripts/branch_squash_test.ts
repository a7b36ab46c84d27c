import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { join } from "node:path";
import { command as branchCommand } from "../../scripts/branch.ts";
import { callCommand } from "../helpers/call_command.ts";
import { branch, inBranchProject, workOn } from "../helpers/repository/branch_project.ts";
import { gitIn, refsOf, type SharedRepository } from "../helpers/repository/shared_repository.ts";
import { inReleaseProject, prepareForStable, release } from "./_release_project.ts";

const SHIPPED = await Deno.readTextFile(new URL("../../config/branches.yml", import.meta.url));
const BY_PULL_REQUEST = SHIPPED.replace("mainBy: push", "mainBy: pull-request");
const SERVER = ["-c", "user.name=Server", "-c", "user.email=server@example.org"];

/** Squash a branch into main as a server does; returns the commit. */
async function squashOnServer({ remote }: SharedRepository, from: string): Promise<string> {
  const tree = (await gitIn(remote, "merge-tree", "--write-tree", "main", from)).trim();
  const commit = (await gitIn(remote, ...SERVER, "commit-tree", tree, "-p", "main", "-m", `${from} (#7)`)).trim();
  await gitIn(remote, "update-ref", "refs/heads/main", commit);
  return commit;
}

/** Rebase a branch onto main as a server does, commit by commit; returns the last one. */
async function rebaseOnServer(shared: SharedRepository, from: string): Promise<string> {
  const { remote } = shared;
  const folder = join(remote, "..", "rebase");
  await gitIn(remote, "worktree", "add", "-q", "--detach", folder, from);
  await gitIn(folder, ...SERVER, "rebase", "-q", "main");
  const last = (await gitIn(folder, "rev-parse", "HEAD")).trim();
  await gitIn(remote, "worktree", "remove", folder);
  await gitIn(remote, "update-ref", "refs/heads/main", last);
  return last;
}

/** Commit a strategy whose main changes by pull request, and a hotfix of two commits. */
async function beginHotfix(shared: SharedRepository): Promise<void> {
  const { git, write, commit } = shared;
  await write("config/branches.yml", BY_PULL_REQUEST);
  await commit("strategy");
  await git("push", "-q", "origin", "main", "main:develop");
  assertEquals((await branch(shared, "start-hotfix", "security")).code, 0);
  await workOn(shared, "hotfix/security", "one.txt");
  await workOn(shared, "hotfix/security", "two.txt");
  await git("switch", "-q", "main");
}

for (const [form, merge] of [["squash", squashOnServer], ["rebase", rebaseOnServer]] as const) {
  Deno.test(`branch finish-hotfix goes on with a ${form} merge of the server, and names its commit`, () =>
    inBranchProject(async (shared) => {
      const { remote, pushAsColleague } = shared;
      await beginHotfix(shared);
      const waiting = await branch(shared, "finish-hotfix", "security");
      assertEquals(waiting.code, 3, waiting.err);
      // Phase 2 would also have to wait for phase 1, which is not the first thing to say.
      assertStringIncludes(
        (await branch(shared, "create-phase", "2")).err,
        '"branch finish-hotfix security" has not ended',
      );
      // Main moves on before the merge, which alone changes nothing of the wait, and after it.
      await pushAsColleague("main", "before.txt");
      const still = await branch(shared, "continue");
      assertEquals(still.code, 3, still.err);
      assertStringIncludes(still.err, "none of its 1 newer commits has just these changes");
      const merged = await merge(shared, "hotfix/security");
      await pushAsColleague("main", "one.txt", "changed again\n");
      const done = await branch(shared, "continue");
      assertEquals(done.code, 0, done.err);
      assertStringIncludes(done.out, `main is now ${merged.slice(0, 12)}`);
      assertStringIncludes(done.out, "main of origin got the changes by a squash or a rebase");
      await gitIn(remote, "merge-base", "--is-ancestor", merged, "develop");
      assertEquals(await gitIn(remote, "show", "develop:one.txt"), "hotfix/security\n");
      // What main did later comes with the next release, not with this.
      assertStringIncludes(
        (await gitIn(remote, "log", "-1", "--format=%s", "develop")).trim(),
        "Merge main into develop",
      );
    }));
}

Deno.test("branch status does not propose to finish a hotfix again that was squashed", () =>
  inBranchProject(async (shared) => {
    await beginHotfix(shared);
    assertEquals((await branch(shared, "finish-hotfix", "security")).code, 3);
    await squashOnServer(shared, "hotfix/security");
    assertEquals((await branch(shared, "continue")).code, 0);
    const { out } = await branch(shared);
    assert(!out.includes("finish hotfix/security"), out);
    assertStringIncludes(out, "2 since main, which has their changes");
    const squashed = (await gitIn(shared.remote, "rev-parse", "--short=12", "main")).trim();
    assertStringIncludes((await branch(shared, "undo")).out, `, then git revert ${squashed} (after a rebase`);
  }));

Deno.test("branch continue says what to do about a squash with other changes, and undo takes the rest back", () =>
  inBranchProject(async (shared) => {
    const { remote, root, git } = shared;
    await beginHotfix(shared);
    const before = [await refsOf(root), await refsOf(remote)];
    assertEquals((await branch(shared, "finish-hotfix", "security")).code, 3);
    await shared.pushAsColleague("main", "one.txt", "a conflict, resolved in another way\n");
    await shared.pushAsColleague("main", "two.txt", "hotfix/security\n");
    const still = await branch(shared, "continue");
    assertEquals(still.code, 3, still.err);
    assertStringIncludes(still.err, "civitai-dl branch undo, merge origin/main into your branch");
    assertEquals((await branch(shared, "undo")).code, 0);
    assertEquals(await refsOf(root), before[0]);
    const there = await refsOf(remote);
    assertEquals(there["refs/heads/hotfix/security"], before[1]!["refs/heads/hotfix/security"]);
    assertEquals(there["refs/heads/develop"], before[1]!["refs/heads/develop"]);
    assertEquals((await git("status", "--porcelain")).trim(), "");
  }));

Deno.test("release stable tags the squashed commit if it is what was judged, whatever main got since", () =>
  inReleaseProject({ strategy: BY_PULL_REQUEST }, async (shared) => {
    const { remote, root } = shared;
    const again = () => callCommand(branchCommand, ["continue", "--repo", root]);
    await prepareForStable(shared);
    assertEquals((await release(shared, "stable", "1.1.0")).code, 3);
    const squashed = await squashOnServer(shared, "release/v1.1-candidate");
    await shared.pushAsColleague("main", "later.txt");
    const done = await again();
    assertEquals(done.code, 0, done.err);
    assertStringIncludes(done.out, `as ${squashed.slice(0, 12)} "release/v1.1-candidate (#7)"`);
    assertEquals((await gitIn(remote, "rev-parse", "v1.1.0^{commit}")).trim(), squashed);
    await gitIn(remote, "merge-base", "--is-ancestor", squashed, "develop");
  }));
