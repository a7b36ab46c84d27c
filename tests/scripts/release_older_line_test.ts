import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { command as branchCommand } from "../../scripts/branch.ts";
import { callCommand } from "../helpers/call_command.ts";
import { readCommands } from "../helpers/pages/read_block.ts";
import { gitIn, refsOf, type SharedRepository } from "../helpers/repository/shared_repository.ts";
import { inReleaseProject, readThere, release, writeProductionTest } from "./_release_project.ts";

const BRANCH = "release/v1.0.4-candidate";
const SHIPPED = await Deno.readTextFile(new URL("../../config/branches.yml", import.meta.url));

function branch({ root }: SharedRepository, ...args: readonly string[]) {
  return callCommand(branchCommand, [...args, "--repo", root]);
}

/** Release 1.1.0 and 2.0.0 by hand on main, so that 1.0.x is an older line. */
async function goOn({ git, write, commit }: SharedRepository): Promise<void> {
  // The fixture's commits after v1.0.3 belong to 1.1.0; 1.0.3 itself has the project's files.
  for (const version of ["1.1.0", "2.0.0"]) {
    await write("version.txt", `${version}\n`);
    await commit(`feat: ${version}`);
    await git("tag", "-a", "-m", version, `v${version}`);
  }
  await git("push", "-q", "--follow-tags", "origin", "main", "main:develop");
}

/** A project whose v1.0.3 has the files of a release, and whose main is at v2.0.0. */
function inOldProject(use: (shared: SharedRepository) => Promise<void>): Promise<void> {
  return inReleaseProject({ strategy: SHIPPED }, async (shared) => {
    const { git } = shared;
    await git("push", "-q", "origin", ":refs/tags/v1.0.3");
    await git("tag", "-d", "v1.0.3");
    await git("tag", "-a", "-m", "1.0.3", "v1.0.3");
    await git("push", "-q", "origin", "v1.0.3");
    await goOn(shared);
    await use(shared);
  });
}

async function fixOnBranch({ git, write, commit, root }: SharedRepository): Promise<void> {
  await git("switch", "-q", BRANCH);
  await write("fix.txt", "fixed\n");
  await commit("fix: an old mistake");
  await gitIn(root, "push", "-q", "origin", BRANCH);
  await git("switch", "-q", "main");
}

Deno.test("release brings a fix of an older line out from its last tag, and leaves main alone", () =>
  inOldProject(async (shared) => {
    const { remote, root, git, write, commit } = shared;
    await write("fix.txt", "fixed\n");
    const fix = { from: "COMMIT", to: await commit("fix: an old mistake"), because: "it is on main already" };
    await git("push", "-q", "origin", "main", "main:develop");
    const before = [await refsOf(root), await refsOf(remote)];
    const [start, pick, push, prepare] = await readCommands(
      "docs/releases.md",
      "deno task branch start-release",
      [fix],
    );
    const started = await branch(shared, ...start!.slice(3));
    assertEquals(started.code, 0, started.err);
    assertStringIncludes(started.out, "at v1.0.3");
    assertStringIncludes(started.out, "When its commits are pushed: civitai-dl release prepare 1.0.4");
    assertEquals((await git("rev-parse", BRANCH)).trim(), (await git("rev-parse", "v1.0.3^{}")).trim());
    for (const words of [pick, push]) await git(...words!.slice(1));
    assertStringIncludes((await release(shared)).out, "civitai-dl release prepare 1.0.4");
    const prepared = await release(shared, ...prepare!.slice(3));
    assertEquals(prepared.code, 0, prepared.err);
    assertStringIncludes(prepared.out, "since v1.0.3");
    assertEquals((await release(shared, "candidate", "1.0.4")).code, 0);
    await writeProductionTest(shared, "v1.0.4-rc.1");
    assertStringIncludes((await release(shared)).out, "civitai-dl release stable 1.0.4");
    const stable = await release(shared, "stable", "1.0.4");
    assertEquals(stable.code, 0, stable.err);
    assertStringIncludes(stable.out, `v1.0.4 is of an older line: the tag is on ${BRANCH}`);

    const there = await refsOf(remote);
    for (const name of ["refs/heads/main", "refs/heads/develop"]) assertEquals(there[name], before[1]![name]);
    assertEquals((await gitIn(remote, "rev-parse", "v1.0.4^{}")).trim(), there[`refs/heads/${BRANCH}`]);
    assertStringIncludes(await readThere(shared, "v1.0.4:deno.json"), '"version": "1.0.4"');
    assertEquals(await readThere(shared, "v1.0.4:fix.txt"), "fixed\n");
    const hasNew = await gitIn(remote, "cat-file", "-e", "v1.0.4:version.txt").then(() => true, () => false);
    assertEquals(hasNew, false);
    // It is released, so neither it nor the newest line waits for anything.
    const { out } = await release(shared, "status", "--json");
    const { lines } = JSON.parse(out) as { lines: { name: string; released: string | null; state: string }[] };
    assertEquals(lines.map(({ name, released }) => `${name} ${released}`).filter((line) => !line.endsWith("null")), [
      "1.0 1.0.4",
      "1.1 1.1.0",
      "2.0 2.0.0",
    ]);
    assert(!out.includes("release prepare 1.0.5"), out);

    assertEquals((await branch(shared, "undo")).code, 0);
    assertEquals((await refsOf(remote))["refs/tags/v1.0.4"], undefined);
  }));

Deno.test("release prepare begins the branch of an older line at its last tag, also without start-release", () =>
  inOldProject(async (shared) => {
    const prepared = await release(shared, "prepare", "1.0.4");
    assertEquals(prepared.code, 0, prepared.err);
    assertStringIncludes(prepared.out, `${BRANCH} is new, from v1.0.3`);
    assertEquals(
      (await gitIn(shared.remote, "rev-parse", `${BRANCH}^`)).trim(),
      (await gitIn(shared.remote, "rev-parse", "v1.0.3^{}")).trim(),
    );
  }));

Deno.test("release prepare says where to commit the fix if the last tag of an older line has nothing new", () =>
  inOldProject(async (shared) => {
    const { git, write, commit } = shared;
    await git("switch", "-q", "-c", BRANCH, "v1.0.3");
    await git("rm", "-q", "changes/thing.md");
    await write("CHANGELOG.md", "# Changelog\n\n## [1.0.4] - 2026-01-01\n\n- Fix.\n");
    await commit("1.0.4");
    await git("tag", "-a", "-m", "1.0.4", "v1.0.4");
    await git("push", "-q", "--follow-tags", "origin", BRANCH);
    await git("switch", "-q", "main");
    const refused = await release(shared, "prepare", "1.0.5");
    assertEquals(refused.code, 2, refused.err);
    assertStringIncludes(refused.err, "Cannot prepare 1.0.5: nothing has been mended since v1.0.4");
    assertStringIncludes(refused.err, "civitai-dl branch start-release 1.0.5 --switch");
  }));

Deno.test("release refuses a branch of an older line with later code, and versions that its line has passed", () =>
  inOldProject(async (shared) => {
    const { git } = shared;
    await git("branch", BRANCH, "main");
    await git("push", "-q", "origin", BRANCH);
    const mixed = await release(shared, "prepare", "1.0.4");
    assertEquals(mixed.code, 4, mixed.err);
    assertStringIncludes(mixed.err, "v1.1.0 is in its history, so it is no fix of 1.0.x");
    const finished = await branch(shared, "finish", BRANCH);
    assertEquals(finished.code, 4, finished.err);
    for (
      const [version, state] of [["1.0.2", "1.0.3 is released, which is higher"], ["1.2.0", "1.2.x has no release"]]
    ) {
      for (
        const called of [await release(shared, "prepare", version!), await branch(shared, "start-release", version!)]
      ) {
        assertEquals(called.code, 2, called.err);
        assertStringIncludes(called.err, state!);
      }
    }
    assertStringIncludes((await release(shared, "prepare", "1.0.2")).err, "civitai-dl release prepare 1.0.4");
  }));

Deno.test("branch finish refuses to merge a release of an older line into main", () =>
  inOldProject(async (shared) => {
    assertEquals((await branch(shared, "start-release", "1.0.4")).code, 0);
    await fixOnBranch(shared);
    const refused = await branch(shared, "finish", BRANCH);
    assertEquals(refused.code, 4, refused.err);
    assertStringIncludes(refused.err, "civitai-dl release stable 1.0.4");
    assertStringIncludes((await branch(shared)).out, `1.0.4 is on its way on ${BRANCH}`);
  }));
