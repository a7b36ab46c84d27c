import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { openRollbackStore, readInstallation } from "../../lib/installation/mod.ts";
import { productionEvidence } from "../helpers/evidence/production_evidence.ts";
import { footprint, makeMess } from "../helpers/repository/fixture_repository.ts";
import { readCommands } from "../helpers/pages/read_block.ts";
import { inReleaseRepository, type ReleaseRepository } from "../helpers/repository/release_repository.ts";
import type { ScriptRun } from "../helpers/script_process.ts";

/** Write a report of the production test of a tag. */
async function putReport(repository: ReleaseRepository, tag: string, verdict: "pass" | "fail"): Promise<void> {
  const sha = (await repository.git("rev-parse", `${tag}^{commit}`)).trim();
  await repository.write(`reports/production-${tag}.json`, productionEvidence(tag, sha, verdict));
}

/** Run the words of a page, which begin with `deno task`, in a repository. */
function runTask(repository: ReleaseRepository, [, , task, ...args]: readonly string[]): Promise<ScriptRun> {
  return repository.run(task!, args);
}

/** What must be as before after a rollback that failed or was taken back. */
async function stateOf(repository: ReleaseRepository): Promise<unknown> {
  return { ...await footprint(repository) as object, pointer: await pointerOf(repository) };
}

/** Make the last rollback one whose process was killed just before its end. */
async function interruptLast({ prefix }: ReleaseRepository): Promise<void> {
  const store = await openRollbackStore(prefix);
  const [last] = await store.readEnded();
  await Deno.remove(join(prefix, "rollbacks", `${last!.id}.json`));
  await store.write({ ...last!, state: "running", at: last!.at - 1, endedAt: null });
}

/** States of the rollbacks that have ended, the latest first. */
async function statesOf({ prefix }: ReleaseRepository): Promise<readonly string[]> {
  return (await (await openRollbackStore(prefix)).readEnded()).map(({ state }) => state);
}

async function pointerOf({ prefix }: ReleaseRepository): Promise<string | null> {
  return await Deno.readLink(join(prefix, "current")).catch(() => null);
}

Deno.test("rollback goes to the last stable version that passed its production test", () =>
  inReleaseRepository(async (repository) => {
    for (const tag of ["v1.0.0", "v1.0.1", "v1.1.0-rc.1", "v1.1.0", "v1.2.0"]) await repository.release(tag);
    const refused = await repository.run("rollback", []);
    assertEquals(refused.code, 3);
    assertMatch(refused.err, /none of 3 stable versions before 1\.2\.0 has passed/);
    assertMatch(refused.err, /v1\.1\.0 \(not tested\), v1\.0\.1 \(not tested\)/);
    await putReport(repository, "v1.0.0", "pass");
    await putReport(repository, "v1.0.1", "pass");
    await putReport(repository, "v1.1.0", "fail");
    const [list, back, status] = await readCommands("docs/rollback.md", "deno task rollback --list");
    const listed = await runTask(repository, list!);
    assertMatch(listed.out, /v1\.1\.0 .*FAILED 2026-01-01/);
    assertMatch(listed.out, /v1\.0\.1 .*passed 2026-01-01 +no +<- rollback goes here/);
    const went = await runTask(repository, back!);
    assertEquals(went.code, 0, went.err);
    assertMatch((await runTask(repository, status!)).out, /^Rollback from 1\.2\.0 to v1\.0\.1/);
    const { out } = await repository.run("rollback", ["--json"]);
    const result = JSON.parse(out);
    assertEquals([result.tag, result.mode, result.from], ["v1.0.1", "worktree", "1.2.0"]);
    assertEquals(result.checks.map(({ name }: { name: string }) => name), ["version", "works"]);
    assertEquals((await Deno.stat(join(result.place, "cli.ts"))).isFile, true);
  }));

Deno.test("rollback ignores a report of a failed test, and reads one in the message of a tag", () =>
  inReleaseRepository(async (repository) => {
    await repository.release("v1.0.0");
    await repository.release("v1.1.0");
    await putReport(repository, "v1.0.0", "fail");
    const path = join(repository.root, "reports/production-v1.0.0.json");
    assertEquals((await repository.run("rollback", ["--dry-run"])).code, 3);
    await Deno.remove(path);
    await putReport(repository, "v1.0.0", "pass");
    const message = `The first release\n\n${await Deno.readTextFile(path)}\n`;
    await Deno.remove(path);
    const sha = (await repository.git("rev-parse", "v1.0.0^{commit}")).trim();
    await repository.git("tag", "-d", "v1.0.0");
    await repository.git("tag", "-a", "v1.0.0", sha, "-m", message);
    const { code, out } = await repository.run("rollback", ["--dry-run"]);
    assertEquals(code, 0);
    assertMatch(out, /^From 1\.1\.0 to v1\.0\.0 \(worktree\), nothing is changed:/);
  }));

Deno.test("rollback accepts the test of a candidate for the release with the same program", () =>
  inReleaseRepository(async (repository) => {
    await repository.release("v1.1.0-rc.1", { says: "1.1.0" });
    await repository.write("CHANGELOG.md", "1.1.0\n");
    await repository.release("v1.1.0", { says: "1.1.0" });
    await repository.release("v1.2.0");
    await putReport(repository, "v1.1.0-rc.1", "pass");
    const accepted = await repository.run("rollback", ["--dry-run", "--json"]);
    assertEquals([accepted.code, JSON.parse(accepted.out).tag], [0, "v1.1.0"]);
    await repository.git("tag", "-d", "v1.1.0");
    await repository.write("lib/more.ts", "export const more = 1;\n");
    await repository.release("v1.1.0", { says: "1.1.0" });
    assertEquals((await repository.run("rollback", ["--dry-run"])).code, 3);
  }));

Deno.test("rollback leaves a user's mess alone, and undo removes only what it made", () =>
  inReleaseRepository(async (repository) => {
    await repository.release("v1.0.0");
    await repository.release("v1.1.0");
    await makeMess(repository);
    await repository.git("checkout", "-q", "--detach");
    const before = await footprint(repository);
    const { code, err } = await repository.run("rollback", ["v1.0.0"]);
    assertEquals(code, 0, err);
    assertEquals(await repository.listDangers(), []);
    assert(await repository.countGitCalls() > 3);
    // The same again uses that folder, and one that fails is forgotten: undo takes back the first.
    assertEquals((await repository.run("rollback", ["v1.0.0"])).code, 0);
    const taken = join(repository.root, "..", "taken");
    await Deno.mkdir(join(taken, "by others"), { recursive: true });
    assertEquals((await repository.run("rollback", ["v1.0.0", "--folder", taken])).code, 4);
    const undone = await repository.run("rollback", ["undo"]);
    assertEquals(undone.code, 0, undone.err);
    assertStringIncludes(undone.out, "1.1.0 was in use");
    assertEquals(await footprint(repository), before);
    assertEquals((await repository.run("rollback", ["undo"])).code, 2);
  }));

Deno.test("rollback works in the middle of a rebase and of a merge", () =>
  inReleaseRepository(async (repository) => {
    const { git, write, commit } = repository;
    await repository.release("v1.0.0");
    await repository.release("v1.1.0");
    const strategy = await Deno.readTextFile(new URL("../../config/branches.yml", import.meta.url));
    const writeBoth = async (text: string) => {
      await write("a.txt", `${text}\n`);
      await write("config/branches.yml", `# ${text}\n${strategy}`);
    };
    for (const [verb, branch] of [["rebase", "one"], ["merge", "two"]] as const) {
      await git("checkout", "-q", "-b", branch, "main");
      await writeBoth(`this is ${branch}`);
      await commit(branch);
      await git("checkout", "-q", "main");
      await writeBoth(`not ${branch}`);
      await commit(`not ${branch}`);
      await git("checkout", "-q", branch);
      await git(verb, "main").catch(() => "a conflict, as wanted");
      assertMatch(await git("status"), /rebase in progress|unmerged paths/);
      const before = await git("status", "--porcelain=v2");
      const { code, err } = await repository.run("rollback", ["v1.0.0"]);
      assertEquals(code, 0, err);
      // The strategy of main is in force, so that the conflict in the file does not matter.
      assertEquals(err.includes("branches.yml"), false, err);
      assertEquals(await git("status", "--porcelain=v2"), before);
      assertEquals((await repository.run("rollback", ["undo"])).code, 0);
      await git(verb, "--abort");
      await git("checkout", "-q", "main");
    }
    await write("config/branches.yml", "remote: [\n");
    await commit("a strategy that cannot be read");
    const list = await repository.run("rollback", ["--list"]);
    assertEquals(list.code, 0, list.err);
    assertMatch(list.out, /note: Cannot use .*; the built-in strategy is used$/m);
  }));

Deno.test("rollback switches the installed version, keeps the previous one, and comes back if the self-test fails", () =>
  inReleaseRepository(async (repository) => {
    await repository.release("v1.0.0");
    await repository.release("v1.0.1", { selfTest: 1 });
    await repository.release("v1.0.2", { says: "9.9.9" });
    await repository.release("v1.1.0");
    assertEquals((await repository.run("install", ["add", "v1.1.0"])).code, 0);
    const before = await stateOf(repository);
    for (
      const [tag, why] of [["v1.0.1", /self-test ended with 1/], ["v1.0.2", /it says "civitai-dl 9\.9\.9"/]] as const
    ) {
      const failed = await repository.run("rollback", [tag]);
      assertEquals(failed.code, 1, failed.err);
      assertMatch(failed.err, why);
      assertEquals(await stateOf(repository), before);
    }
    const unused = await repository.run("rollback", ["v1.0.0", "--folder", "elsewhere"]);
    assertEquals(unused.code, 2, unused.err);
    assertEquals(await stateOf(repository), before);
    const { code, out, err } = await repository.run("rollback", ["1.0.0", "--json"]);
    assertEquals(code, 0, err);
    assertEquals(JSON.parse(out).mode, "install");
    assertEquals(await pointerOf(repository), "versions/1.0.0");
    const program = new Deno.Command(join(repository.prefix, "bin/civitai-dl"), { args: ["--version"] });
    assertEquals(new TextDecoder().decode((await program.output()).stdout), "civitai-dl 1.0.0\n");
    const { versions } = JSON.parse((await repository.run("install", ["list", "--json"])).out);
    const uses = versions.map(({ name, use }: { name: string; use: string }) => [name, use]);
    assertEquals(uses, [["1.1.0", "previous"], ["1.0.0", "current"]]);
    // Neither the same again nor a rollback that fails takes away the way forward.
    const again = await repository.run("rollback", ["v1.0.0", "--json"]);
    assertMatch(again.err, /^Going to v1\.0\.0, the version in use: as asked$/m);
    const { wasInUse, forward } = JSON.parse(again.out);
    assertEquals([wasInUse, forward], [true, "1.1.0"]);
    const newer = await repository.run("rollback", ["v1.0.1"]);
    assertEquals(newer.code, 1);
    assertMatch(newer.err, /^Going forward from 1\.0\.0 to v1\.0\.1: as asked$/m);
    assertEquals((await repository.run("rollback", ["undo"])).code, 0);
    assertEquals(await pointerOf(repository), "versions/1.1.0");
    // Somebody has chosen a third version since, and then removed the one to return to.
    assertEquals((await repository.run("rollback", ["v1.0.0"])).code, 0);
    const install = async (...args: readonly string[]) => {
      const installed = await repository.run("install", args);
      assertEquals(installed.code, 0, installed.err);
    };
    const refuse = async (says: string, pointer: string) => {
      const { code, err } = await repository.run("rollback", ["undo"]);
      assertEquals([code, await pointerOf(repository)], [4, pointer], err);
      assertStringIncludes(err, says);
    };
    await install("add", "v1.0.2", "--switch");
    await refuse("Cannot return to 1.1.0: 1.0.2 is in use by now", "versions/1.0.2");
    await install("remove", "1.1.0");
    await install("switch", "1.0.0");
    await refuse("Cannot return to 1.1.0: it is not installed any more", "versions/1.0.0");
    await install("add", "v1.1.0");
    assertEquals((await repository.run("rollback", ["undo"])).code, 0);
    assertEquals(await pointerOf(repository), "versions/1.1.0");
  }));

Deno.test("install builds a tag, shows what is installed, switches, and deletes what is not in use", () =>
  inReleaseRepository(async (repository) => {
    for (const tag of ["v1.0.1", "v1.0.3", "v1.0.2"]) {
      await repository.release(tag);
      assertEquals((await repository.run("install", ["add", tag, "--switch"])).code, 0);
    }
    await repository.release("v1.1.0");
    const [add, list, change, remove] = await readCommands("docs/rollback.md", "deno task install add");
    const run = async (words: readonly string[] | undefined) => {
      const { code, out, err } = await runTask(repository, words!);
      assertEquals(code, 0, err);
      return out;
    };
    await run(add);
    assertMatch(await run(list), /^1\.1\.0 [^]*^1\.0\.3 +previous[^]*^1\.0\.2 +current[^]*^1\.0\.1 /m);
    await run(change);
    assertEquals(await pointerOf(repository), "versions/1.0.3");
    await run(remove);
    const { versions } = await readInstallation(repository.prefix);
    assertEquals(versions.map(({ name }) => name), ["1.1.0", "1.0.3", "1.0.2"]);
  }));

Deno.test("rollback that is interrupted by Ctrl-C puts everything back and exits with 130", () =>
  inReleaseRepository(async (repository) => {
    const { root, prefix, git, write, commit } = repository;
    await repository.release("v1.0.0");
    await repository.release("v1.1.0");
    assertEquals((await repository.run("install", ["add", "v1.1.0"])).code, 0);
    await write("deno.json", JSON.stringify({ version: "1.2.0", tasks: { bundle: "sleep 60" } }));
    await commit("a build that takes a minute");
    await git("tag", "-a", "v1.2.0", "-m", "v1.2.0");
    const before = await stateOf(repository);
    const script = fileURLToPath(new URL("../../scripts/rollback.ts", import.meta.url));
    const child = new Deno.Command(Deno.execPath(), {
      args: ["run", "-q", "--allow-all", script, "v1.2.0", "--prefix", prefix],
      cwd: root,
      stdin: "null",
      stdout: "null",
      stderr: "piped",
    }).spawn();
    const journal = join(prefix, "rollback.json");
    while (!await Deno.stat(journal).then(() => true, () => false)) await new Promise((wake) => setTimeout(wake, 10));
    child.kill("SIGINT");
    const { code, stderr } = await child.output();
    assertEquals(code, 130, new TextDecoder().decode(stderr));
    assertEquals(await statesOf(repository), ["undone"]);
    assertEquals(await stateOf(repository), before);
  }));

Deno.test("rollback needs no repository for a version that is installed", () =>
  inReleaseRepository(async (repository) => {
    await repository.release("v1.0.0");
    await repository.release("v1.1.0");
    for (const tag of ["v1.0.0", "v1.1.0"]) await repository.run("install", ["add", tag, "--switch"]);
    const place = { cwd: repository.prefix };
    const { code, err } = await repository.run("rollback", ["--repo", "/"], place);
    assertEquals(code, 2, err);
    await Deno.rename(join(repository.root, ".git"), join(repository.root, "git-is-gone"));
    // The launcher needs two programs; git is not there.
    const tools = join(repository.prefix, "tools");
    await Deno.mkdir(tools);
    for (const name of ["dirname", "readlink"]) await Deno.symlink(`/usr/bin/${name}`, join(tools, name));
    const gone = await repository.run("rollback", ["v1.0.0"], { ...place, env: { PATH: tools } });
    assertEquals(gone.code, 0, gone.err);
    assertMatch(gone.err, /no repository here, so only installed versions/);
    assertEquals(await pointerOf(repository), "versions/1.0.0");
  }));

Deno.test("rollback stops before any change if the emergency patch does not fit, and applies one that does", () =>
  inReleaseRepository(async (repository) => {
    const { root, write } = repository;
    await repository.release("v1.0.0");
    await repository.release("v1.1.0");
    assertEquals((await repository.run("install", ["add", "v1.1.0"])).code, 0);
    await write("patches/emergency.patch", "--- a/a.txt\n+++ b/a.txt\n@@ -1 +1 @@\n-three\n+four\n");
    const before = await stateOf(repository);
    for (const mode of ["install", "worktree"]) {
      const refused = await repository.run("rollback", ["v1.0.0", "--mode", mode]);
      assertEquals(refused.code, 4, refused.err);
      assertStringIncludes(refused.err, 'Cannot apply "patches/emergency.patch": patch failed: a.txt:1');
      assertEquals(await stateOf(repository), before);
    }
    await write("patches/emergency.patch", "--- a/a.txt\n+++ b/a.txt\n@@ -1 +1 @@\n-one\n+mended\n");
    const tree = await repository.run("rollback", ["v1.0.0", "--mode", "worktree", "--json"]);
    assertEquals(tree.code, 0, tree.err);
    const { place, isPatched } = JSON.parse(tree.out);
    assertEquals([await Deno.readTextFile(join(place, "a.txt")), isPatched], ["mended\n", true]);
    assertEquals((await repository.run("rollback", ["undo"])).code, 0);
    assertEquals(await Deno.readTextFile(join(root, "a.txt")), "one\n");
    const installed = await repository.run("rollback", ["v1.0.0", "--mode", "install"]);
    assertEquals(installed.code, 0, installed.err);
    assertMatch(String(await pointerOf(repository)), /^versions\/1\.0\.0\+emergency\.[0-9a-f]{8}$/);
  }));

Deno.test("rollback --dry-run changes nothing in any mode, not even a journal", () =>
  inReleaseRepository(async (repository) => {
    await repository.release("v1.0.0");
    await repository.release("v1.1.0");
    const before = await stateOf(repository);
    for (
      const [mode, first] of [["install", "Building v1.0.0 in"], ["worktree", "Checking v1.0.0 out into"]] as const
    ) {
      const { code, out } = await repository.run("rollback", ["v1.0.0", "--mode", mode, "--dry-run"]);
      assertEquals(code, 0);
      assertStringIncludes(out, `(${mode}), nothing is changed:\n1. ${first} `);
    }
    assertEquals(await stateOf(repository), before);
    assertEquals(await Deno.stat(repository.prefix).then(() => true, () => false), false);
    assertMatch((await repository.run("rollback", ["status"])).out, /^There was no rollback/);
  }));

Deno.test("rollback undo keeps a working tree with work in it, and says what would be lost", () =>
  inReleaseRepository(async (repository) => {
    const { root, git, write, commit } = repository;
    await write(".gitignore", "/downloads/\n");
    await commit("ignore downloads");
    await repository.release("v1.0.0");
    await repository.release("v1.1.0");
    await write("patches/emergency.patch", "--- a/a.txt\n+++ b/a.txt\n@@ -1 +1 @@\n-one\n+mended\n");
    const done = await repository.run("rollback", ["v1.0.0", "--json"]);
    assertEquals(done.code, 0, done.err);
    const { place } = JSON.parse(done.out);
    const refuse = async (says: string) => {
      const { code, err } = await repository.run("rollback", ["undo"]);
      assertEquals(code, 4, err);
      assertStringIncludes(err, says);
      assertEquals((await Deno.stat(join(place, "a.txt"))).isFile, true);
      assertEquals(await statesOf(repository), ["done"]);
    };
    // Git would remove an ignored file without a word.
    await Deno.mkdir(join(place, "downloads"));
    await Deno.writeTextFile(join(place, "downloads/model.safetensors"), "bytes");
    await refuse("it has a file of yours: downloads/model.safetensors");
    await Deno.remove(join(place, "downloads"), { recursive: true });
    await Deno.writeTextFile(join(place, "a.txt"), "mended better\n");
    await refuse("it has a file of yours: a.txt");
    await Deno.writeTextFile(join(place, "staged.txt"), "staged\n");
    await git("-C", place, "add", "staged.txt");
    await Deno.remove(join(place, "staged.txt"));
    await refuse("it has 2 files of yours: a.txt, staged.txt");
    await git("-C", place, "commit", "-q", "-a", "-m", "better");
    await refuse("a commit is checked out there that is not the one of v1.0.0");
    // Without the patch, its files are those of the tag: nothing can be lost.
    await git("-C", place, "checkout", "-q", "v1.0.0");
    await git("worktree", "lock", place);
    await refuse("it is locked");
    await git("worktree", "unlock", place);
    const undone = await repository.run("rollback", ["undo"]);
    assertEquals(undone.code, 0, undone.err);
    assertStringIncludes(undone.out, `  the working tree ${place} is removed\n`);
    assertEquals((await git("worktree", "list", "--porcelain")).match(/^worktree /gm)?.length, 1);
    assertEquals(await Deno.readTextFile(join(root, "a.txt")), "one\n");
  }));

Deno.test("rollback status, undo and continue name another repository, and undo leaves it alone", () =>
  inReleaseRepository(async (repository) => {
    const { root, git } = repository;
    await repository.release("v1.0.0");
    await repository.release("v1.1.0");
    const other = { cwd: join(root, "..", "clone 甲") };
    await git("clone", "-q", root, other.cwd);
    assertEquals((await repository.run("rollback", ["v1.0.0"])).code, 0);
    const place = join(repository.prefix, "worktrees", "v1.0.0");
    assertStringIncludes((await repository.run("rollback", ["status"])).out, "to v1.0.0 (worktree), begun");
    const status = await repository.run("rollback", ["status"], other);
    assertStringIncludes(status.out, `to v1.0.0 (worktree) in another repository, ${root}, begun`);
    assertStringIncludes(status.out, `\nThere: cd '${root}'\nRun it with: deno task`);
    const refused = await repository.run("rollback", ["undo"], other);
    assertEquals(refused.code, 4, refused.err);
    assertStringIncludes(refused.err, `Cannot undo from here: the rollback to v1.0.0 is in repository "${root}"`);
    assertStringIncludes(refused.err, `rollback undo --repo '${root}'`);
    assertEquals((await Deno.stat(place)).isDirectory, true);
    await interruptLast(repository);
    const remaining = await repository.run("rollback", ["continue", "--dry-run"]);
    assertEquals(remaining.code, 0, remaining.err);
    assertMatch(
      remaining.out,
      /^From 1\.1\.0 to v1\.0\.0 \(worktree\), nothing is changed:\n1\. Verifying version.*\n$/,
    );
    const continued = await repository.run("rollback", ["continue"], other);
    assertEquals(continued.code, 4, continued.err);
    assertStringIncludes(continued.err, "Cannot continue from here");
    const next = await repository.run("rollback", ["v1.0.0", "--dry-run"], other);
    assertEquals(next.code, 0, next.err);
    assertStringIncludes(next.err, `note: The rollback to v1.0.0 in ${root} of `);
    const outside = await repository.run("rollback", ["undo"], { cwd: repository.prefix });
    assertEquals(outside.code, 0, outside.err);
    assertStringIncludes(outside.out, `The rollback to v1.0.0 in ${root} is taken back`);
    assertEquals(await Deno.stat(place).then(() => true, () => false), false);
  }));

Deno.test("rollback uses a working tree again only if it has just what is wanted, also of the emergency patch", () =>
  inReleaseRepository(async (repository) => {
    const { root, write } = repository;
    await repository.release("v1.0.0");
    await repository.release("v1.1.0");
    const empty = join(root, "..", "empty");
    await Deno.mkdir(empty);
    const words = ["v1.0.0", "--mode", "worktree", "--folder", empty];
    assertEquals((await repository.run("rollback", words)).code, 0);
    await write("patches/emergency.patch", "--- a/a.txt\n+++ b/a.txt\n@@ -1 +1 @@\n-one\n+mended\n");
    for (const dryRun of [["--dry-run"], []]) {
      const unpatched = await repository.run("rollback", [...words, ...dryRun]);
      assertEquals(unpatched.code, 4, unpatched.err);
      assertStringIncludes(unpatched.err, "a.txt there is not as in v1.0.0 with patches/emergency.patch");
    }
    // The folder was empty, so the tree in it is of the rollback.
    assertEquals((await repository.run("rollback", ["undo"])).code, 0);
    assertEquals((await repository.run("rollback", words)).code, 0);
    const again = await repository.run("rollback", words);
    assertEquals(again.code, 0, again.err);
    assertStringIncludes(again.out, "v1.0.0 with the emergency patch is checked out and verified, in ");
    assertEquals(await Deno.readTextFile(join(empty, "a.txt")), "mended\n");
    assertMatch((await repository.run("rollback", [...words, "--dry-run"])).out, /^1\. Verifying version/m);
    await Deno.remove(join(root, "patches/emergency.patch"));
    const patched = await repository.run("rollback", words);
    assertEquals(patched.code, 4, patched.err);
    assertStringIncludes(patched.err, "a.txt there is not as in v1.0.0\n");
    assertEquals((await repository.run("rollback", ["undo"])).code, 0);
  }));

Deno.test("rollback goes on where an interrupted one left a working tree with work in it, which stays", () =>
  inReleaseRepository(async (repository) => {
    const { prefix, git } = repository;
    await repository.release("v1.0.0");
    await repository.release("v1.1.0");
    assertEquals((await repository.run("rollback", ["v1.0.0"])).code, 0);
    await interruptLast(repository);
    const place = join(prefix, "worktrees", "v1.0.0");
    await Deno.writeTextFile(join(place, "mine.txt"), "mine\n");
    const kept = `the working tree ${place} stays: it has a file of yours: mine.txt\n`;
    const plan = await repository.run("rollback", ["v1.0.0", "--mode", "install", "--dry-run"]);
    assertStringIncludes(plan.err, `was interrupted; first, it would be put back: ${kept}`);
    const { code, err } = await repository.run("rollback", ["v1.0.0", "--mode", "install"]);
    assertEquals(code, 0, err);
    assertStringIncludes(err, `was interrupted; what it did was put back first, but ${kept}`);
    assertEquals(await Deno.readTextFile(join(place, "mine.txt")), "mine\n");
    // Another clone, or the same after a tag was moved, must not replace the version that is installed.
    assertEquals((await repository.run("install", ["add", "v1.0.0", "--switch"])).code, 0);
    await git("tag", "-f", "-a", "v1.0.0", "-m", "moved", "v1.1.0");
    const moved = await repository.run("rollback", ["v1.0.0", "--mode", "install"]);
    assertEquals([moved.code, await pointerOf(repository)], [4, "versions/1.0.0"], moved.err);
    assertMatch(moved.err, /Cannot install v1\.0\.0 of [0-9a-f]{9}: version 1\.0\.0 is installed from [0-9a-f]{9}\n/);
  }));
