import { assertEquals, assertStringIncludes } from "@std/assert";
import { command as branchCommand } from "../../scripts/branch.ts";
import { callCommand } from "../helpers/call_command.ts";
import { gitIn, refsOf, type SharedRepository } from "../helpers/repository/shared_repository.ts";
import { inReleaseProject, release, writeProductionTest } from "./_release_project.ts";

const SHIPPED = await Deno.readTextFile(new URL("../../config/branches.yml", import.meta.url));

/** The commands that the status proposes. */
async function nextOf(shared: SharedRepository, ...args: readonly string[]): Promise<readonly string[]> {
  const called = await release(shared, "status", "--json", ...args);
  assertEquals(called.code, 0, called.err);
  const { next } = JSON.parse(called.out) as { readonly next: readonly { readonly command: string }[] };
  return next.map(({ command }) => command);
}

async function follow(shared: SharedRepository, wanted: string): Promise<void> {
  assertEquals(await nextOf(shared), [`civitai-dl ${wanted}`]);
  const [verb, ...args] = wanted.split(" ");
  const called = verb === "release"
    ? await release(shared, ...args)
    : await callCommand(branchCommand, [...args, "--repo", shared.root]);
  assertEquals(called.code, 0, called.err);
}

async function change({ git, write, commit }: SharedRepository, branch: string, path: string): Promise<void> {
  await git("fetch", "-q");
  await git("switch", "-q", branch);
  await git("merge", "-q", "--ff-only", `origin/${branch}`);
  await write(path, "changed\n");
  await commit(`fix: ${path}`);
}

Deno.test("release status leads from a phase that has not begun to its release, one command after the other", () =>
  inReleaseProject({ strategy: SHIPPED, isPhaseFinished: false }, async (shared) => {
    const { git, atRemote, root } = shared;
    // What main has in changes/ could also be a fix of the line before.
    const fix = "civitai-dl release prepare 1.0.4";
    assertEquals(await nextOf(shared), ["civitai-dl branch create-phase 1", fix]);
    assertEquals(await nextOf(shared, "--offline"), ["civitai-dl branch create-phase 1", fix]);
    await callCommand(branchCommand, ["create-phase", "1", "--repo", root]);
    assertEquals(await nextOf(shared), ["git switch performance/phase1", fix]);
    await change(shared, "performance/phase1", "phase.txt");
    await git("switch", "-q", "main");
    assertEquals(await nextOf(shared), ["civitai-dl branch finish-phase 1", fix]);
    await callCommand(branchCommand, ["finish-phase", "1", "--repo", root]);
    await git("pull", "-q", "--ff-only");

    await follow(shared, "release prepare 1.1.0");
    assertEquals((await release(shared, "alpha", "1.1.0")).code, 0);
    await follow(shared, "release candidate 1.1.0");
    assertEquals(await nextOf(shared), ["civitai-dl production-test --version v1.1.0-rc.1"]);
    await writeProductionTest(shared, "v1.1.0-rc.1", "fail");
    assertEquals(await nextOf(shared), ["civitai-dl release candidate 1.1.0"]);
    assertStringIncludes((await release(shared)).out, "failed its production test");
    await writeProductionTest(shared, "v1.1.0-rc.1");
    assertEquals(await nextOf(shared), ["civitai-dl release stable 1.1.0"]);
    await follow(shared, "release stable 1.1.0");
    assertEquals(await nextOf(shared), ["civitai-dl branch create-phase 2"]);
    assertEquals((await atRemote("describe", "--exact-match", "main")).trim(), "v1.1.0");
  }));

Deno.test("release status shows tags made by hand, and says what is in the way: an operation", () =>
  inReleaseProject({ strategy: SHIPPED }, async (shared) => {
    const { git, write, commit, atRemote, root } = shared;
    await release(shared, "prepare", "1.1.0");
    const before = [await refsOf(root), await refsOf(shared.remote)];
    await git("tag", "-a", "-m", "mine", "v1.1.0-alpha");
    assertStringIncludes((await release(shared)).out, "only here");
    assertStringIncludes((await release(shared, "beta", "1.1.0")).err, "exists here, and is not on origin");
    await atRemote("-c", "user.name=S", "-c", "user.email=s@e", "tag", "-a", "-m", "theirs", "v1.1.0-alpha", "main");
    assertStringIncludes((await release(shared)).out, "here another one than there");
    assertStringIncludes((await release(shared, "beta", "1.1.0")).err, "exists here, and is not the one on origin");
    await git("tag", "-d", "v1.1.0-alpha");
    assertEquals(await nextOf(shared), ["civitai-dl release candidate 1.1.0"]);
    await atRemote("tag", "-d", "v1.1.0-alpha");
    await git("tag", "-d", "v1.1.0-alpha");
    assertEquals([await refsOf(root), await refsOf(shared.remote)], before);

    await write("a.txt", "release\n");
    await commit("fix: a");
    await git("push", "-q", "origin", "main");
    await shared.pushAsColleague("develop", "a.txt", "develop\n");
    assertEquals((await callCommand(branchCommand, ["finish", "develop", "--repo", root])).code, 4);
    assertEquals(await nextOf(shared), ["civitai-dl branch continue"]);
    assertStringIncludes((await release(shared)).out, "has conflicts in a.txt");
  }));

Deno.test("release status writes nothing, and says so if nothing waits to be released", () =>
  inReleaseProject({
    isPhaseFinished: false,
    strategy: SHIPPED.replace(/lines:\n[^]*?\n\n/, 'lines:\n  - { line: 1.0.x, title: Only, gate: ["true"] }\n\n')
      .replace(/( {4}into: \[main\]\n) {4}gate: .*\n/, "$1"),
  }, async (shared) => {
    const { git, commit, root } = shared;
    assertEquals(await nextOf(shared), ["civitai-dl release prepare 1.0.4"]);
    const objects = await gitIn(root, "count-objects", "-v");
    await release(shared);
    assertEquals(await gitIn(root, "count-objects", "-v"), objects);
    await git("rm", "-q", "changes/thing.md");
    await commit("docs: nothing new");
    await git("push", "-q", "origin", "main");
    assertEquals(await nextOf(shared), []);
    assertStringIncludes((await release(shared)).out, "Nothing waits to be released.");
  }));
