import { assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { branch, inBranchProject, snapshot, workOn } from "../helpers/repository/branch_project.ts";
import { refsOf, type SharedRepository } from "../helpers/repository/shared_repository.ts";

/** Bring a feature into develop, as everybody does between phases and after the last one. */
async function finishFeature(shared: SharedRepository, name: string): Promise<string> {
  assertEquals((await branch(shared, "start", `feature/${name}`)).code, 0);
  const tip = await workOn(shared, `feature/${name}`, `${name}.txt`);
  const finished = await branch(shared, "finish", `feature/${name}`);
  assertEquals(finished.code, 0, finished.err);
  await shared.git("switch", "-q", "main");
  return tip;
}

/** Tag every phase as released, so that none is left that would carry develop to main. */
async function releasePhases({ git }: SharedRepository, ...versions: readonly string[]): Promise<void> {
  for (const version of versions) {
    await git("tag", "-a", "-m", version, `v${version}`);
    await git("push", "-q", "origin", `v${version}`);
  }
}

Deno.test("branch finish develop brings it into main through its gate, status proposes it after the last phase, and undo takes it back", () =>
  inBranchProject(async (shared) => {
    const { atRemote, root } = shared;
    const tip = await finishFeature(shared, "monitoring");
    const command = "civitai-dl branch finish develop";
    // The next phase carries develop along.
    assertEquals((await branch(shared, "status")).out.includes(command), false);
    await releasePhases(shared, "1.0.0", "1.1.0", "1.2.0", "1.3.0", "2.0.0");
    const status = (await branch(shared, "status")).out;
    assertStringIncludes(status, command);
    assertMatch(status, /2 commits for main, which no phase brings there any more/);
    const before = await snapshot(shared);
    const dry = await branch(shared, "finish", "develop", "--dry-run");
    assertStringIncludes(dry.out, "deno task gate --phase 4 --quick");
    assertEquals(await snapshot(shared), before);
    const finished = await branch(shared, "finish", "develop");
    assertEquals(finished.code, 0, finished.err);
    assertStringIncludes(finished.err, "Runs deno task gate --phase 4 --quick in a temporary tree");
    await atRemote("merge-base", "--is-ancestor", tip, "main");
    assertEquals((await atRemote("log", "-1", "--format=%s", "main")).trim(), "Merge develop into main");
    assertEquals((await branch(shared, "status")).out.includes(command), false);
    const again = await branch(shared, "finish", "develop");
    assertEquals(again.code, 4, again.err);
    assertStringIncludes(again.err, "Cannot finish develop: main has everything of it already");
    assertEquals((await branch(shared, "undo")).code, 0);
    assertEquals(await snapshot(shared), before);
    assertEquals((await refsOf(root))["refs/heads/main"], (await atRemote("rev-parse", "main")).trim());
  }));

Deno.test("branch finish develop changes nothing if the gate fails, and refuses commits that the remote lacks", () =>
  inBranchProject(async (shared) => {
    const { git, commit, write } = shared;
    await finishFeature(shared, "monitoring");
    // On develop alone it would not be seen: the merged tree is judged.
    await git("switch", "-q", "main");
    await write("broken", "");
    await commit("break the gate");
    await git("push", "-q", "origin", "main");
    const before = await snapshot(shared);
    const failed = await branch(shared, "finish", "develop");
    assertEquals(failed.code, 1, failed.err);
    assertEquals(await snapshot(shared), before);
    await git("switch", "-q", "develop");
    await git("pull", "-q", "--ff-only", "origin", "develop");
    await git("commit", "-q", "--allow-empty", "-m", "own");
    await git("switch", "-q", "main");
    const own = await branch(shared, "finish", "develop");
    assertEquals(own.code, 4, own.err);
    assertStringIncludes(own.err, "Cannot build on develop: it has a commit that origin does not have");
    assertStringIncludes(own.err, "feature/NAME");
  }));

Deno.test("branch finish develop has nothing to do after a hotfix, whose merge is all that main lacks", () =>
  inBranchProject(async (shared) => {
    await releasePhases(shared, "1.0.0", "1.1.0", "1.2.0", "1.3.0", "2.0.0");
    await branch(shared, "start", "feature/x");
    await branch(shared, "start-hotfix", "security");
    await workOn(shared, "hotfix/security");
    assertEquals((await branch(shared, "finish-hotfix")).code, 0);
    assertEquals((await branch(shared, "status")).out.includes("finish develop"), false);
    const finished = await branch(shared, "finish", "develop");
    assertEquals(finished.code, 4, finished.err);
    assertStringIncludes(finished.err, "main has everything of it already");
  }));
