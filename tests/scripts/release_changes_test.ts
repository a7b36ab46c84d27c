import { assertEquals, assertStringIncludes } from "@std/assert";
import { join } from "node:path";
import { command as branchCommand } from "../../scripts/branch.ts";
import { callCommand } from "../helpers/call_command.ts";
import { readCommands } from "../helpers/pages/read_block.ts";
import { gitIn, refsOf, type SharedRepository } from "../helpers/repository/shared_repository.ts";
import {
  CHANGE,
  inReleaseProject,
  prepareForStable,
  readThere,
  release,
  writeProductionTest,
} from "./_release_project.ts";

/** Commit a change to a branch of the remote, with the file that tells users of it. */
async function changeThere({ git, write, commit }: SharedRepository, branch: string, name: string): Promise<void> {
  await git("fetch", "-q");
  await git("switch", "-q", "--detach", `origin/${branch}`);
  await write(`lib/${name}.ts`, `export const ${name} = 1;\n`);
  await write(`changes/${name}.md`, CHANGE.replace("A thing that users notice.", `What ${name} does.`));
  await commit(`feat: ${name}`);
  await git("push", "-q", "origin", `HEAD:${branch}`);
  await git("switch", "-q", "main");
}

async function changesOn({ remote }: SharedRepository, branch: string): Promise<readonly string[]> {
  return (await gitIn(remote, "ls-tree", "--name-only", branch, "changes/")).split("\n").filter(Boolean);
}

Deno.test("a release takes the changes of its branch, and those of develop wait for the next one", () =>
  inReleaseProject({}, async (shared) => {
    await changeThere(shared, "develop", "waiting");
    await prepareForStable(shared);
    await changeThere(shared, "develop", "later");
    const stable = await release(shared, "stable", "1.1.0");
    assertEquals(stable.code, 0, stable.err);
    for (const branch of ["main", "develop"]) {
      const changelog = await readThere(shared, `${branch}:CHANGELOG.md`);
      const [, section] = changelog.split("## [1.1.0]");
      assertStringIncludes(section!, "### Added\n\n- A thing that users notice.\n");
      assertEquals(/waiting|later/.test(changelog), false, branch);
    }
    assertEquals(await changesOn(shared, "main"), []);
    assertEquals(await changesOn(shared, "develop"), ["changes/later.md", "changes/waiting.md"]);
  }));

Deno.test("release prepare again adds what came since to the same section, and a stage waits until then", () =>
  inReleaseProject({}, async (shared) => {
    assertEquals((await release(shared, "prepare", "1.1.0")).code, 0);
    await changeThere(shared, "release/v1.1-candidate", "more");
    const early = await release(shared, "alpha", "1.1.0");
    assertEquals(early.code, 4, early.err);
    assertStringIncludes(early.err, "changes/more.md would not be in the notes of 1.1.0");
    assertStringIncludes(early.err, "civitai-dl release prepare 1.1.0");
    assertEquals((await release(shared, "prepare", "1.1.0")).code, 0);
    const changelog = await readThere(shared, "release/v1.1-candidate:CHANGELOG.md");
    assertStringIncludes(changelog, "### Added\n\n- A thing that users notice.\n- What more does.\n");
    assertEquals(await changesOn(shared, "release/v1.1-candidate"), []);
  }));

Deno.test("release prepare refuses a bad file of changes/ with its line, a section that nobody reads, and a release of nothing", () =>
  inReleaseProject({}, async (shared) => {
    const { git, write, commit, root, remote } = shared;
    const refuses = async (said: readonly string[]) => {
      await git("push", "-q", "origin", "main");
      const before = [await refsOf(root), await refsOf(remote)];
      const refused = await release(shared, "prepare", "1.1.0");
      assertEquals(refused.code, 2, refused.err);
      for (const text of said) assertStringIncludes(refused.err, text);
      assertEquals([await refsOf(root), await refsOf(remote)], before);
    };
    await write("changes/bad.md", "---\nkind: fix\n---\n\nA bug.\n");
    await commit("fix: a bug");
    await refuses([
      "changes/bad.md:2:7:",
      'Did you mean "fixed"? Mend it on a branch from there: civitai-dl branch start-hotfix NAME --switch',
    ]);
    await git("rm", "-q", "changes/bad.md");
    await write("CHANGELOG.md", "# Changelog\n\n## [Unreleased]\n\n- Lost.\n");
    await commit("docs: in the wrong place");
    await refuses(["line 3 begins a section [Unreleased]", "a file of its own in changes/"]);
    await write("CHANGELOG.md", "# Changelog\n");
    await git("rm", "-q", "changes/thing.md");
    await commit("chore: nothing");
    await refuses([
      "Cannot prepare 1.1.0: changes/ has no change on origin/main",
      "civitai-dl branch start-hotfix NAME --switch, write changes/NAME.md",
    ]);
  }));

Deno.test("release prepare of a version whose section was written by hand dates it, with or without further changes", () =>
  inReleaseProject({}, async (shared) => {
    const { git, write, commit } = shared;
    await write("CHANGELOG.md", "# Changelog\n\n## [1.1.0]\n\n### Added\n\n#### Library\n\n- Everything.\n");
    await git("rm", "-q", "changes/thing.md");
    await commit("docs: the first section");
    await git("push", "-q", "origin", "main");
    const prepared = await release(shared, "prepare", "1.1.0");
    assertEquals(prepared.code, 0, prepared.err);
    const changelog = await readThere(shared, "release/v1.1-candidate:CHANGELOG.md");
    assertEquals(
      /^# Changelog\n\n## \[1\.1\.0\] - [\d-]{10}\n\n### Added\n\n#### Library\n\n- Every/.test(changelog),
      true,
    );
  }));

Deno.test("docs/releases.md: a patch release goes from a hotfix to its tag, with every command that the page says", () =>
  inReleaseProject({}, async (shared) => {
    const { git, write, root } = shared;
    await prepareForStable(shared);
    assertEquals((await release(shared, "stable", "1.1.0")).code, 0);
    const name = { from: "NAME", to: "quick", because: "the reader names the fix" };
    for (const words of await readCommands("docs/releases.md", "deno task branch start-hotfix", [name])) {
      const [program, , task, ...args] = words;
      if (words[1] === "add") {
        await write("lib/a.ts", "export const a = 2;\n");
        await write("changes/a.md", CHANGE.replace("A thing that", "What"));
      }
      if (program === "git") await git(...words.slice(1));
      else if (task === "production-test") await writeProductionTest(shared, args[1]!);
      else if (task === "release") assertEquals((await release(shared, ...args)).code, 0, words.join(" "));
      else assertEquals((await callCommand(branchCommand, [...args, "--repo", root])).code, 0, words.join(" "));
    }
    assertStringIncludes(await readThere(shared, "v1.1.1:CHANGELOG.md"), "- What users notice.\n");
  }));

Deno.test("release stable says what main and develop became", () =>
  inReleaseProject({}, async (shared) => {
    await prepareForStable(shared);
    const stable = await release(shared, "stable", "1.1.0");
    assertEquals(stable.code, 0, stable.err);
    const short = async (name: string) => (await shared.atRemote("rev-parse", name)).slice(0, 12);
    assertStringIncludes(stable.out, `main is now ${await short("main")}, develop is now ${await short("develop")}\n`);
  }));

Deno.test("release alpha without reports names in its tag the gate that it ran", () =>
  inReleaseProject({}, async (shared) => {
    assertEquals((await release(shared, "prepare", "1.1.0")).code, 0);
    await Deno.remove(join(shared.root, "reports"), { recursive: true });
    assertEquals((await release(shared, "alpha", "1.1.0")).code, 0);
    const tag = await shared.atRemote("tag", "--list", "--format=%(contents)", "v1.1.0-alpha");
    assertStringIncludes(tag, "Gate: deno task gate --phase 1 --quick passed\n");
  }));

Deno.test("release stable pushes nothing until a conflict with develop is resolved, and undo takes all of it back", () =>
  inReleaseProject({}, async (shared) => {
    const { git, write, commit, root, remote, pushAsColleague, atRemote } = shared;
    await write("b.txt", "main\n");
    await commit("fix: b");
    await git("push", "-q", "origin", "main");
    await pushAsColleague("develop", "b.txt", "develop\n");
    await prepareForStable(shared);
    const before = [await refsOf(root), await refsOf(remote)];
    const waiting = await release(shared, "stable", "1.1.0");
    assertEquals(waiting.code, 4, waiting.err);
    assertStringIncludes(waiting.err, '"Merge v1.1.0 into develop" has conflicts in b.txt');
    assertEquals([await refsOf(root), await refsOf(remote)], before);
    assertStringIncludes((await release(shared)).out, "civitai-dl branch continue");
    const folder = /Edit those files in (.*), run git add/.exec(waiting.err)![1]!;
    await Deno.writeTextFile(join(folder, "b.txt"), "both\n");
    await gitIn(folder, "add", "b.txt");
    const continued = await callCommand(branchCommand, ["continue", "--repo", root]);
    assertEquals(continued.code, 0, continued.err);
    await atRemote("merge-base", "--is-ancestor", "main", "develop");
    assertEquals(await atRemote("rev-parse", "v1.1.0^{commit}"), await atRemote("rev-parse", "main"));
    assertEquals(await atRemote("show", "develop:b.txt"), "both\n");
    const undone = await callCommand(branchCommand, ["undo", "--repo", root]);
    assertEquals(undone.code, 0, undone.err);
    assertEquals([await refsOf(root), await refsOf(remote)], before);
  }));

Deno.test("a fix passes the quick gate at every stage, on its own evidence, and its tag says so", () =>
  inReleaseProject({}, async (shared) => {
    const { git } = shared;
    await prepareForStable(shared);
    const first = await release(shared, "stable", "1.1.0");
    assertStringIncludes(first.err, "Runs deno task gate --phase 1 --quick --evidence");
    await changeThere(shared, "main", "cure");
    assertEquals((await release(shared, "prepare", "1.1.1")).code, 0);
    const candidate = await release(shared, "candidate", "1.1.1");
    assertEquals(candidate.code, 0, candidate.err);
    assertStringIncludes(candidate.err, "Runs deno task gate --phase 1 --quick in a temporary tree");
    await writeProductionTest(shared, "v1.1.1-rc.1");
    const stable = await release(shared, "stable", "1.1.1");
    assertEquals(stable.code, 0, stable.err);
    assertStringIncludes(stable.err, "Runs deno task gate --phase 1 --quick in a temporary tree");
    assertStringIncludes(
      await git("tag", "--list", "--format=%(contents)", "v1.1.1"),
      "\nGate: deno task gate --phase 1 --quick passed\n",
    );
  }));

Deno.test("release prepare names the command that brings what waits on develop to main", () =>
  inReleaseProject({}, async (shared) => {
    const { git, commit, root } = shared;
    await changeThere(shared, "develop", "waiting");
    await git("rm", "-q", "changes/thing.md");
    await commit("chore: nothing");
    await git("push", "-q", "origin", "main");
    const refused = await release(shared, "prepare", "1.1.0");
    assertEquals(refused.code, 2, refused.err);
    const [, words] = /not there yet: civitai-dl (.*)\n/.exec(refused.err)!;
    const finished = await callCommand(branchCommand, [...words!.split(" ").slice(1), "--repo", root]);
    assertEquals(finished.code, 0, finished.err);
    assertEquals((await release(shared, "prepare", "1.1.0")).code, 0);
  }));

Deno.test("after the last phase, features come to main by branch finish develop and are released on a line of their own", async () => {
  const page = await Deno.readTextFile(new URL("../../docs/releases.md", import.meta.url));
  const line = /^ {2}- \{ line: 2\.1\.x.*$/m.exec(page)![0];
  const shipped = await Deno.readTextFile(new URL("../../config/branches.yml", import.meta.url));
  const strategy = shipped.replace(/^ {2}- \{ line: 2\.0\.x.*$/m, (last) => `${last}\n${line}`);
  const [finish, prepare] = await readCommands("docs/releases.md", "deno task branch finish develop");
  await inReleaseProject({ strategy }, async (shared) => {
    const { git, commit, root, atRemote } = shared;
    await git("rm", "-q", "changes/thing.md");
    await commit("chore: everything is released");
    for (const version of ["1.1.0", "1.2.0", "1.3.0", "2.0.0"]) await git("tag", "-a", "-m", version, `v${version}`);
    await git("push", "-q", "--follow-tags", "origin", "main", "main:develop");
    await changeThere(shared, "develop", "monitoring");
    const early = await release(shared, ...prepare!.slice(3));
    assertEquals(early.code, 2, early.err);
    const finished = await callCommand(branchCommand, [...finish!.slice(3), "--repo", root]);
    assertEquals(finished.code, 0, finished.err);
    assertStringIncludes(finished.err, "Runs deno task gate --phase 4 --quick");
    const prepared = await release(shared, ...prepare!.slice(3));
    assertEquals(prepared.code, 0, prepared.err);
    assertStringIncludes(await atRemote("show", "release/v2.1-candidate:CHANGELOG.md"), "- What monitoring does.");
    const candidate = await release(shared, "candidate", "2.1.0");
    assertEquals(candidate.code, 0, candidate.err);
    assertStringIncludes(candidate.err, "Runs deno task gate --phase 4 --quick");
  });
});
