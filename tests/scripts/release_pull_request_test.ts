import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { join } from "node:path";
import { command as branchCommand } from "../../scripts/branch.ts";
import { callCommand } from "../helpers/call_command.ts";
import { gitIn, refsOf, type SharedRepository } from "../helpers/repository/shared_repository.ts";
import { inReleaseProject, prepareForStable, release } from "./_release_project.ts";

const SHIPPED = await Deno.readTextFile(new URL("../../config/branches.yml", import.meta.url));
/** Stands for the rule of a server: branches change by push, `main` only by what the server merges itself. */
const HOOK = `#!/bin/sh
while read -r old new ref; do
  if [ "$ref" = refs/heads/main ]; then echo "main changes by pull request only" >&2; exit 1; fi
done
`;

function branch({ root }: SharedRepository, ...args: readonly string[]) {
  return callCommand(branchCommand, [...args, "--repo", root]);
}

async function protectMain({ remote }: SharedRepository): Promise<void> {
  await Deno.writeTextFile(join(remote, "hooks/pre-receive"), HOOK, { mode: 0o755 });
}

/** Merge into main as the server does, which runs no hook; returns the merge. */
async function mergeOnServer({ remote }: SharedRepository, from: string): Promise<string> {
  const git = (...args: readonly string[]) =>
    gitIn(remote, "-c", "user.name=Server", "-c", "user.email=server@example.org", ...args);
  const tree = (await git("merge-tree", "--write-tree", "main", from)).trim();
  const message = `Merge pull request 7 from ${from}`;
  const merge = (await git("commit-tree", tree, "-p", "main", "-p", from, "-m", message)).trim();
  await git("update-ref", "refs/heads/main", merge);
  return merge;
}

Deno.test("release stable waits for the pull request where main is protected, then tags the merge and not what followed", () =>
  inReleaseProject({ strategy: SHIPPED.replace("mainBy: push", "mainBy: pull-request") }, async (shared) => {
    const { remote, root } = shared;
    await prepareForStable(shared);
    await protectMain(shared);
    const before = [await refsOf(root), await refsOf(remote)];
    const waiting = await release(shared, "stable", "1.1.0");
    assertEquals(waiting.code, 3, waiting.err);
    assertStringIncludes(waiting.err, "Open a pull request from release/v1.1-candidate into main");
    assertStringIncludes(waiting.err, "civitai-dl branch continue");
    assert(!("refs/tags/v1.1.0" in await refsOf(remote)) && !("refs/tags/v1.1.0" in await refsOf(root)));
    const offered = (await refsOf(remote))["refs/heads/release/v1.1-candidate"]!;
    assertStringIncludes(await gitIn(remote, "show", `${offered}:deno.json`), '"version": "1.1.0"');
    assertEquals((await refsOf(remote))["refs/heads/develop"], before[1]!["refs/heads/develop"]);
    assertEquals((await branch(shared, "continue")).code, 3);
    assertStringIncludes((await release(shared, "candidate", "1.1.0")).err, "has not ended");

    const merge = await mergeOnServer(shared, "release/v1.1-candidate");
    await gitIn(remote, "branch", "other", merge);
    await shared.pushAsColleague("other", "later.txt");
    await mergeOnServer(shared, "other");
    const done = await branch(shared, "continue");
    assertEquals(done.code, 0, done.err);
    const there = await refsOf(remote);
    assertEquals((await gitIn(remote, "rev-parse", "v1.1.0^{commit}")).trim(), merge);
    assert(there["refs/heads/main"] !== merge);
    await gitIn(remote, "merge-base", "--is-ancestor", merge, "develop");
    const isLaterInDevelop = await gitIn(remote, "cat-file", "-e", "develop:later.txt").then(() => true, () => false);
    assertEquals(isLaterInDevelop, false);

    const undone = await branch(shared, "undo");
    assertEquals(undone.code, 0, undone.err);
    const now = await refsOf(remote);
    assertEquals({ ...now, "refs/heads/main": "", "refs/heads/other": "" }, {
      ...before[1]!,
      "refs/heads/main": "",
      "refs/heads/other": "",
    });
    assertEquals(await refsOf(root), before[0]);
  }));

Deno.test("release stable tags nothing if the pull request brought other files than those that were judged", () =>
  inReleaseProject({ strategy: SHIPPED.replace("mainBy: push", "mainBy: pull-request") }, async (shared) => {
    const { remote, root } = shared;
    await prepareForStable(shared);
    await protectMain(shared);
    const before = [await refsOf(root), await refsOf(remote)];
    assertEquals((await release(shared, "stable", "1.1.0")).code, 3);
    await gitIn(remote, "branch", "other", "main");
    await shared.pushAsColleague("other", "hotfix.txt");
    await mergeOnServer(shared, "other");
    await mergeOnServer(shared, "release/v1.1-candidate");
    const refused = await branch(shared, "continue");
    assertEquals(refused.code, 4, refused.err);
    assertStringIncludes(refused.err, "what was merged there is not what was judged; it differs in hotfix.txt");
    const now = await refsOf(remote);
    assert(!("refs/tags/v1.1.0" in now) && !("refs/tags/v1.1.0" in await refsOf(root)));
    assertEquals(now["refs/heads/release/v1.1-candidate"], before[1]!["refs/heads/release/v1.1-candidate"]);
    assertStringIncludes((await release(shared, "stable", "1.1.0")).err, "main has commits that it lacks");
  }));

Deno.test("release stable takes everything back while the pull request is awaited, and if main refuses a push", () =>
  inReleaseProject({}, async (shared) => {
    const { remote, root, write } = shared;
    await prepareForStable(shared);
    await protectMain(shared);
    const before = [await refsOf(root), await refsOf(remote)];
    const refused = await release(shared, "stable", "1.1.0");
    assertEquals(refused.code, 4, refused.err);
    assertStringIncludes(refused.err, "main changes by pull request only");
    assertStringIncludes(refused.err, "mainBy: pull-request");
    assertEquals([await refsOf(root), await refsOf(remote)], before);
    await write("config/branches.yml", SHIPPED.replace("mainBy: push", "mainBy: pull-request"));
    assertEquals((await release(shared, "stable", "1.1.0")).code, 3);
    assertEquals((await branch(shared, "undo")).code, 0);
    assertEquals([await refsOf(root), await refsOf(remote)], before);
  }));
