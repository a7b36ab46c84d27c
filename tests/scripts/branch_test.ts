import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { join } from "node:path";
import { Interruption, MemoryIo } from "../../lib/cli/mod.ts";
import { call } from "../helpers/call.ts";
import { branch, GATE, inBranchProject as inProject, snapshot, workOn } from "../helpers/repository/branch_project.ts";
import { UNSAFE_CHECKOUTS } from "../helpers/repository/unsafe_checkouts.ts";
import { gitIn, inSharedRepository, introduce, refsOf } from "../helpers/repository/shared_repository.ts";

Deno.test("branch plays a phase: created, finished through the gate into develop and main, tagged, and undone", () =>
  inProject(async (shared) => {
    const { git, atRemote, root } = shared;
    const created = await branch(shared, "create-phase", "1");
    assertEquals([created.code, created.err], [0, ""]);
    assertEquals(
      await git("branch", "--list", "--format=%(refname:short)"),
      "benchmark/phase1-test\nmain\nperformance/phase1\n",
    );
    const tip = await workOn(shared, "performance/phase1");
    const before = await snapshot(shared);
    const finished = await branch(shared, "finish-phase", "1");
    assertEquals(finished.code, 0, finished.err);
    assertStringIncludes(finished.err, "judged: one\n  --phase 1\n");
    const main = (await atRemote("rev-parse", "main")).trim();
    assertEquals((await atRemote("rev-parse", "v1.1.0-phase1^{commit}")).trim(), main);
    assertEquals((await atRemote("cat-file", "-t", "v1.1.0-phase1")).trim(), "tag");
    assertEquals((await atRemote("log", "--format=%s", "--first-parent", "-2", "main")).trim().split("\n"), [
      "Merge develop into main",
      "gate",
    ]);
    assertEquals(
      (await atRemote("log", "--format=%s", "-1", "develop")).trim(),
      "Merge performance/phase1 into develop",
    );
    assertEquals((await atRemote("rev-parse", "performance/phase1")).trim(), tip);
    const status = await branch(shared, "status");
    assertStringIncludes(status.out, "finished");
    assertStringIncludes(status.out, "civitai-dl branch create-phase 2");
    assertEquals((await branch(shared, "undo")).code, 0);
    assertEquals(await snapshot(shared), before);
    const again = await branch(shared, "undo");
    assertEquals(again.code, 2);
    assertStringIncludes(again.err, "is undone already\nhint: Only the last operation can be taken back");
    assertEquals(await gitIn(root, "status", "--porcelain"), "");
  }));

Deno.test("branch names the folder of reports to the gate if there is one, and not in a fresh clone", () =>
  inProject(async (shared) => {
    await branch(shared, "create-phase", "1");
    await workOn(shared, "performance/phase1");
    const dry = () => branch(shared, "finish-phase", "1", "--dry-run");
    assertStringIncludes((await dry()).out, "deno task gate --phase 1)");
    const reports = join(shared.root, "reports");
    await Deno.mkdir(reports);
    assertStringIncludes((await dry()).out, `deno task gate --phase 1 --evidence '${reports}')`);
  }));

Deno.test("branch finishes nothing if the gate fails on the merged tree, and records an override", () =>
  inProject(async (shared) => {
    const { git, atRemote, pushAsColleague } = shared;
    await branch(shared, "create-phase", "1");
    await workOn(shared, "performance/phase1");
    // The fault is on main alone: only the merged tree has both.
    await pushAsColleague("main", "broken");
    await git("fetch", "-q");
    const before = await snapshot(shared);
    const failed = await branch(shared, "finish-phase", "1");
    assertEquals(failed.code, 1);
    assertStringIncludes(failed.err, "did not pass");
    assertEquals(await snapshot(shared), before);
    const overridden = await branch(shared, "finish-phase", "1", "--override", "the fault is known");
    assertEquals(overridden.code, 0, overridden.err);
    assertStringIncludes(await atRemote("log", "-1", "--format=%B", "main"), "Gate-Override: the fault is known");
    assertStringIncludes(
      await atRemote("tag", "-l", "--format=%(contents)", "v1.1.0-phase1"),
      "Gate-Override: the fault is known",
    );
    for (const reason of ["", "  ", "two\nlines"]) {
      assertEquals((await branch(shared, "finish-phase", "1", "--override", reason)).code, 2);
    }
  }));

Deno.test("branch says how to go on if it is stopped while the gate runs, and before it has begun anything", () =>
  inProject(async (shared) => {
    const { root, write, commit, git } = shared;
    await write("deno.json", JSON.stringify({ tasks: { gate: "echo judging && sleep 60 && echo" } }));
    await commit("a gate that takes a while");
    await git("push", "-q", "origin", "main");
    await branch(shared, "start-hotfix", "security");
    await workOn(shared, "hotfix/security");
    const before = await snapshot(shared);
    const argv = ["branch", "finish-hotfix", "--repo", root];
    const early = await call(argv, { signal: AbortSignal.abort(new Interruption("SIGINT")) });
    assertEquals(early.code, 130);
    assertStringIncludes(early.err, "Run again with");
    const stop = new AbortController();
    const io = new MemoryIo();
    const writeErr = io.writeErr.bind(io);
    io.writeErr = (text) => {
      writeErr(text);
      if (text.includes("judging\n")) stop.abort(new Interruption("SIGINT"));
    };
    const stopped = await call(argv, { signal: stop.signal, io });
    assertEquals(stopped.code, 130, stopped.err);
    assertMatch(stopped.err, /hint: Complete it with .* continue, or take it back with .* undo\n/);
    assertEquals(stopped.err.includes("Run again"), false, stopped.err);
    assertEquals((await branch(shared, "undo")).code, 0);
    assertEquals(await snapshot(shared), before);
  }));

Deno.test("branch finishes nothing if somebody pushes to main while the gate runs, and the next try succeeds", () =>
  inProject(async (shared) => {
    const { root, git, write, commit, atRemote } = shared;
    const colleague = join(root, "..", "colleague");
    const race = `test -e pushed || { touch pushed && git push -q origin HEAD:main; }`;
    await write("deno.json", JSON.stringify({ tasks: { gate: `cd '${colleague}' && sh race.sh && echo` } }));
    await commit("a gate that takes a while");
    await git("push", "-q", "origin", "main");
    await branch(shared, "create-phase", "1");
    await workOn(shared, "performance/phase1");
    await gitIn(root, "clone", "-q", shared.remote, colleague);
    await introduce(colleague, "colleague");
    await gitIn(colleague, "commit", "-q", "--allow-empty", "-m", "meanwhile");
    await Deno.writeTextFile(join(colleague, "race.sh"), race);
    const here = await refsOf(root);
    const late = await branch(shared, "finish-phase", "1");
    assertEquals(late.code, 4, late.err);
    assertStringIncludes(late.err, "main has moved on at origin in the meantime");
    assertEquals(await refsOf(root), here);
    assertEquals((await atRemote("log", "-1", "--format=%s", "main")).trim(), "meanwhile");
    assert(!("refs/heads/develop" in await refsOf(shared.remote)));
    const again = await branch(shared, "finish-phase", "1");
    assertEquals(again.code, 0, again.err);
    await atRemote("merge-base", "--is-ancestor", "main^{/meanwhile}", "main");
  }));

Deno.test("branch refuses a phase out of order, an unknown one, and what exists or is finished already", () =>
  inProject(async (shared) => {
    const before = await snapshot(shared);
    for (
      const [args, code, text] of [
        [["create-phase", "2"], 4, "phase 1 is not finished; there is no tag v1.1.0-phase1 or v1.1.0"],
        [["create-phase", "9"], 2, "there is no such phase"],
        [["create-phase", "one"], 2, "there is no such phase"],
        [["start", "performance/phase9"], 2, "there is no such phase"],
        [["finish", "performance/phase9"], 2, "there is no such phase"],
        [["create-phase"], 2, "it needs a name"],
        [["start", "develop"], 2, "it begins with the first branch that is made from it"],
        [["finish", "feature/none"], 2, "neither here nor on origin"],
        [["finish-phase", "1"], 2, "neither here nor on origin"],
        [["finish-hotfix"], 2, "none is checked out"],
        [["finish", "experimental/x"], 2, "never merged"],
        [["start-release", "one"], 2, "it is not a version"],
        [["continue"], 2, "no operation is under way\nhint: See what can be done: civitai-dl branch status"],
        [["undo"], 2, "no operation was recorded here\nhint: See what can be done: civitai-dl branch status"],
        [["status", "x"], 2, 'Cannot understand "x"'],
        [["create-phase", "1", "--offline"], 2, "offline"],
        [["create-phase", "1", "--remote", "upstream"], 2, "this repository has no such remote, it has origin"],
        [["status", "--remote", "upstream", "--offline"], 2, "this repository has no such remote, it has origin"],
      ] as const
    ) {
      const called = await branch(shared, ...args);
      assertEquals([args.join(" "), called.code], [args.join(" "), code], called.err);
      assertStringIncludes(called.err, text);
    }
    assertEquals(await snapshot(shared), before);
    await branch(shared, "create-phase", "1");
    assertStringIncludes((await branch(shared, "create-phase", "1")).err, "it exists already");
    await workOn(shared, "performance/phase1");
    await branch(shared, "finish-phase", "1");
    const again = await branch(shared, "finish-phase", "1");
    assertEquals(again.code, 4);
    assertStringIncludes(again.err, "the tag v1.1.0-phase1 exists");
  }));

for (const [name, [prepare, words]] of Object.entries(UNSAFE_CHECKOUTS)) {
  Deno.test(`branch changes nothing with ${name}: exit code 4 and the reason, for every command that changes`, () =>
    inProject(async (shared) => {
      await branch(shared, "create-phase", "1");
      await branch(shared, "start-hotfix", "x");
      await branch(shared, "start", "feature/x");
      await prepare(shared);
      const before = await snapshot(shared);
      const changes: readonly (readonly string[])[] = [
        ["create-phase", "2"],
        ["start", "feature/y"],
        ["start-hotfix", "y"],
        ["start-release", "1.1"],
        ["finish-phase", "1"],
        ["finish", "feature/x"],
        ["finish-hotfix", "x"],
      ];
      for (const args of changes) {
        const called = await branch(shared, ...args);
        assertEquals([args[0], called.code], [args[0], 4], called.err);
        assertStringIncludes(called.err, words);
      }
      assertEquals(await snapshot(shared), before);
      const [, first] = (await branch(shared, "status")).out.split("\nNext\n")[1]!.split("\n");
      assertStringIncludes(first!, `Nothing begins or ends yet: `);
      assertStringIncludes(first!, words);
    }));
}

Deno.test("branch refuses a shallow clone, a repository without commits and one without a remote", () =>
  inProject(async (shared) => {
    const shallow = join(shared.root, "..", "shallow");
    await gitIn(shared.root, "clone", "-q", "--depth", "1", `file://${shared.remote}`, shallow);
    assertStringIncludes((await branch({ root: shallow }, "create-phase", "1")).err, "git fetch --unshallow");
    const empty = join(shared.root, "..", "empty");
    await gitIn(shared.root, "init", "-q", "-b", "main", empty);
    const called = await branch({ root: empty }, "create-phase", "1");
    assertEquals(called.code, 2);
    assertStringIncludes(called.err, "it has none");
    assertEquals((await branch({ root: join(shared.root, "nowhere") })).code, 2);
  }));

Deno.test("branch refuses to overwrite an untracked file by --switch, and leaves it alone otherwise", () =>
  inProject(async (shared) => {
    const { git, write, commit } = shared;
    await git("switch", "-q", "-c", "old");
    await git("rm", "-q", "a.txt");
    await commit("without a.txt");
    await write("a.txt", "mine\n");
    const refused = await branch(shared, "create-phase", "1", "--switch");
    assertEquals(refused.code, 4);
    assertStringIncludes(refused.err, "a.txt would be overwritten");
    assertEquals((await branch(shared, "create-phase", "1")).code, 0);
    assertEquals(await Deno.readTextFile(join(shared.root, "a.txt")), "mine\n");
  }));

Deno.test("branch finish-hotfix pushes nothing until a conflict with develop is resolved and judged, and undo takes all back", () =>
  inProject(async (shared) => {
    const { git, atRemote, pushAsColleague, root, remote } = shared;
    await branch(shared, "start", "feature/x");
    await branch(shared, "start-hotfix", "security");
    await pushAsColleague("develop", "work.txt", "develop\n");
    const tip = await workOn(shared, "hotfix/security");
    const before = [await refsOf(root), await refsOf(remote)];
    const waiting = await branch(shared, "finish-hotfix");
    assertEquals(waiting.code, 4);
    assertStringIncludes(waiting.err, '"Merge main into develop" has conflicts in work.txt');
    assertEquals([await refsOf(root), await refsOf(remote)], before);
    assertStringIncludes((await branch(shared)).out, "Not ended: branch finish-hotfix");
    assertStringIncludes((await branch(shared, "start", "feature/y")).err, "has not ended");
    assertEquals((await branch(shared, "undo")).code, 0);
    assertEquals([await refsOf(root), await refsOf(remote)], before);
    const resolve = async (...more: readonly string[]) => {
      const again = await branch(shared, "finish-hotfix");
      const folder = /Edit those files in (.*), run git add/.exec(again.err)![1]!;
      await Deno.writeTextFile(join(folder, "work.txt"), "both\n");
      for (const path of more) await Deno.writeTextFile(join(folder, path), "by the resolution\n");
      await gitIn(folder, "add", "--all");
      return await branch(shared, "continue");
    };
    // What a person has resolved is judged too, and is not lost if it does not pass.
    const broken = await resolve("broken");
    assertEquals(broken.code, 1, broken.err);
    assertStringIncludes(broken.err, "The conflicts that you resolved are kept in");
    assertEquals([await refsOf(root), await refsOf(remote)], before);
    const continued = await resolve();
    assertEquals(continued.code, 0, continued.err);
    assertStringIncludes(continued.err, "judged: one");
    for (const name of ["main", "develop"]) await atRemote("merge-base", "--is-ancestor", tip, name);
    assertEquals([await atRemote("show", "main:work.txt"), await atRemote("show", "develop:work.txt")], [
      "hotfix/security\n",
      "both\n",
    ]);
    assertEquals(await git("status", "--porcelain"), "");
    assertEquals((await branch(shared, "undo")).code, 0);
    assertEquals([await refsOf(root), await refsOf(remote)], before);
  }));

Deno.test("branch undo takes main back here too after the pull that finish advises, and first asks to leave it", () =>
  inProject(async (shared) => {
    const { root, git } = shared;
    await branch(shared, "start-hotfix", "x");
    await workOn(shared, "hotfix/x");
    await git("switch", "-q", "main");
    const main = (await git("rev-parse", "main")).trim();
    const finished = await branch(shared, "finish-hotfix", "x");
    assertStringIncludes(
      finished.out,
      "main is checked out, so it stays where it is here; afterwards: git pull --ff-only origin main",
    );
    await git("pull", "-q", "--ff-only", "origin", "main");
    const merged = await snapshot(shared);
    const refused = await branch(shared, "undo");
    assertEquals(refused.code, 4, refused.err);
    assertStringIncludes(refused.err, "Cannot take main back: it is checked out in ");
    assertEquals(await snapshot(shared), merged);
    const [, leave] = /Leave it first: (git .*)\n/.exec(refused.err)!;
    assertEquals((await new Deno.Command("sh", { args: ["-c", leave!], stderr: "null" }).output()).code, 0);
    assertEquals((await branch(shared, "undo")).code, 0);
    await git("switch", "-q", "main");
    assertEquals((await refsOf(root))["refs/heads/main"], main);
    const status = await branch(shared, "status");
    assertStringIncludes(status.out, "civitai-dl branch finish hotfix/x");
    assertEquals((await branch(shared, "finish-hotfix", "x")).code, 0);
    // Somebody who has built on it here is not rewound.
    await git("pull", "-q", "--ff-only", "origin", "main");
    await git("commit", "-q", "--allow-empty", "-m", "own");
    const built = await branch(shared, "undo");
    assertEquals(built.code, 4, built.err);
    assertStringIncludes(built.err, "main: it has moved on here since then");
  }));

Deno.test("branch continue and undo --dry-run change nothing, and their commands lead to the same branches and tags", () =>
  inProject(async (shared) => {
    const { root, remote } = shared;
    await branch(shared, "create-phase", "1", "--switch");
    await workOn(shared, "performance/phase1");
    await shared.git("push", "-q", "origin", "performance/phase1");
    await branch(shared, "finish-phase", "1");
    /** Print the commands, run them in a copy of clone and remote, and compare that with what the command does. */
    const compare = async (action: string): Promise<string> => {
      const here = await snapshot(shared);
      const dry = await branch(shared, action, "--dry-run");
      assertEquals(dry.code, 0, dry.err);
      const offline = await branch(shared, action, "--dry-run", "--offline");
      assertEquals([offline.code, offline.out], [0, dry.out]);
      assertEquals(await snapshot(shared), here);
      const copies = await Deno.makeTempDir({ dir: join(root, "..") });
      const copy = join(copies, "copy");
      const there = join(copies, "copy.git");
      await new Deno.Command("cp", { args: ["-a", root, copy] }).output();
      await new Deno.Command("cp", { args: ["-a", remote, there] }).output();
      await gitIn(copy, "remote", "set-url", "origin", there);
      const script = await new Deno.Command("sh", { args: ["-c", dry.out], cwd: copy }).output();
      assertEquals(new TextDecoder().decode(script.stderr).replaceAll(/^Task gate.*\n/gm, ""), "");
      assertEquals(script.code, 0);
      const done = await branch(shared, action);
      assertEquals(done.code, 0, done.err);
      assertEquals([await treesOf(copy), await treesOf(there)], [await treesOf(root), await treesOf(remote)]);
      return dry.out;
    };
    assertStringIncludes(await compare("undo"), '# branch undo: Takes "branch finish-phase 1" back\n');
    await branch(shared, "start-hotfix", "x");
    await workOn(shared, "hotfix/x");
    await branch(shared, "start", "feature/x");
    await shared.pushAsColleague("develop", "work.txt", "develop\n");
    const waiting = await branch(shared, "finish-hotfix");
    const folder = /Edit those files in (.*), run git add/.exec(waiting.err)![1]!;
    const unresolved = await branch(shared, "continue", "--dry-run");
    assertEquals([unresolved.code, unresolved.err], [4, waiting.err.split("\n").slice(-3).join("\n")]);
    await Deno.writeTextFile(join(folder, "work.txt"), "both\n");
    await gitIn(folder, "add", "work.txt");
    assertStringIncludes((await branch(shared, "continue", "--dry-run")).out, "Merge main into develop");
    // The script commits in that tree too, so that the copy takes the merge that is committed.
    await gitIn(folder, "commit", "-q", "-m", "resolved");
    assertStringIncludes(await compare("continue"), '# branch continue: Completes "branch finish-hotfix": ');
    await compare("undo");
  }));

Deno.test("branch refuses each flag that an action does not use", () =>
  inProject(async (shared) => {
    await branch(shared, "start-hotfix", "x");
    const before = await snapshot(shared);
    const starts = ["create-phase 2", "start feature/y", "start-hotfix y", "start-release 1.1"];
    const finishes = ["finish-phase 1", "finish hotfix/x", "finish-hotfix x"];
    const bare = ["status", "continue", "undo"];
    const unused: Readonly<Record<string, readonly string[]>> = {
      "--dry-run": ["status"],
      "--switch": [...finishes, ...bare],
      "--override=why": [...starts, ...bare],
      "--remote=origin": ["continue", "undo"],
      "--offline": [...starts, ...finishes, "continue", "undo"],
    };
    for (const [flag, actions] of Object.entries(unused)) {
      for (const action of actions) {
        const called = await branch(shared, ...action.split(" "), flag);
        assertEquals([action, flag, called.code], [action, flag, 2], called.err);
        assertMatch(called.err, /Cannot use --\S+ with |Cannot change branches offline/);
      }
    }
    assertEquals(await snapshot(shared), before);
  }));

/** Names of branches and tags with their trees: commits that were made at another moment have other hashes. */
async function treesOf(cwd: string): Promise<unknown> {
  const format = "--format=%(refname) %(objecttype) %(tree)%(*tree) %(subject)";
  const head = await gitIn(cwd, "symbolic-ref", "HEAD");
  return [await gitIn(cwd, "for-each-ref", format, "refs/heads", "refs/tags"), head];
}

Deno.test("branch works with hostile settings of git, another remote and another main", () =>
  inSharedRepository(async (shared) => {
    const { root, git, write, commit, remote } = shared;
    await git("config", "core.autocrlf", "true");
    await git("config", "merge.ff", "only");
    await git("config", "push.default", "nothing");
    await git("config", "pull.rebase", "true");
    await git("config", "tag.sort", "-version:refname");
    await git("config", "core.quotePath", "true");
    await git("config", "push.followTags", "true");
    await git("config", "status.branch", "true");
    await git("config", "status.short", "true");
    await git("config", "core.hooksPath", join(root, "hooks"));
    await write("hooks/pre-push", "#!/bin/sh\nexit 1\n");
    await write("hooks/pre-commit", "#!/bin/sh\nexit 1\n");
    await write("hooks/commit-msg", "#!/bin/sh\nexit 1\n");
    await Deno.chmod(join(root, "hooks/pre-push"), 0o755);
    await git("config", "core.hooksPath", "/dev/null");
    await write("日本語 ファイル.txt", "一\r\n二\r\n");
    await write("deno.json", GATE);
    await write(
      "config/branches.yml",
      (await Deno.readTextFile(new URL("../../config/branches.yml", import.meta.url)))
        .replace("remote: origin", "remote: upstream").replaceAll(/\bmain\b(?=[\],\n])/g, "trunk"),
    );
    await git("branch", "-m", "main", "trunk");
    await git("remote", "rename", "origin", "upstream");
    await commit("日本語のコミット");
    await git("push", "-q", "upstream", "trunk");
    await git("tag", "private-note");
    await git("config", "core.hooksPath", join(root, "hooks"));
    assertEquals((await branch(shared, "create-phase", "1", "--switch")).err, "");
    await git("-c", "core.hooksPath=/dev/null", "commit", "-q", "--allow-empty", "-m", "空のコミット");
    const finished = await branch(shared, "finish-phase", "1");
    assertEquals(finished.code, 0, finished.err);
    const there = await refsOf(remote);
    assert("refs/tags/v1.1.0-phase1" in there && !("refs/tags/private-note" in there));
    assertEquals((await gitIn(remote, "log", "-1", "--format=%s", "trunk")).trim(), "Merge develop into trunk");
    assertEquals((await branch(shared, "undo")).code, 0);
  }));

Deno.test("branch merges work with a submodule, leaves its files alone, and refuses a change in it", () =>
  inProject(async (shared) => {
    const { root, git, commit } = shared;
    const library = join(root, "..", "library 部品");
    await gitIn(root, "clone", "-q", shared.remote, library);
    await branch(shared, "create-phase", "1", "--switch");
    await git("-c", "protocol.file.allow=always", "submodule", "--quiet", "add", library, "vendor/部品");
    await commit("a submodule");
    const inside = join(root, "vendor/部品");
    await Deno.writeTextFile(join(inside, "a.txt"), "mine\n");
    const dirty = await branch(shared, "finish-phase", "1");
    assertEquals(dirty.code, 4, dirty.err);
    assertStringIncludes(dirty.err, "uncommitted changes: vendor/部品");
    await Deno.writeTextFile(join(inside, "a.txt"), "one\n");
    const finished = await branch(shared, "finish-phase", "1");
    assertEquals(finished.code, 0, finished.err);
    const entry = await shared.atRemote("ls-tree", "-z", "main", "vendor/部品");
    assertStringIncludes(entry, `160000 commit ${(await gitIn(inside, "rev-parse", "HEAD")).trim()}`);
    assertEquals((await branch(shared, "undo")).code, 0);
    assertEquals(await git("status", "--porcelain"), "");
  }));

Deno.test("branch explains a missing identity and a key for signing that does not exist", () =>
  inProject(async (shared) => {
    await branch(shared, "create-phase", "1");
    await workOn(shared, "performance/phase1");
    const before = await snapshot(shared);
    await shared.git("config", "commit.gpgsign", "true");
    await shared.git("config", "user.signingkey", "0xDEADBEEF");
    const unsigned = await branch(shared, "finish-phase", "1");
    assertEquals(unsigned.code, 2, unsigned.err);
    assertStringIncludes(unsigned.err, "git cannot sign");
    await shared.git("config", "--unset", "user.signingkey");
    await shared.git("config", "gpg.format", "ssh");
    const keyless = await branch(shared, "finish-phase", "1");
    assertEquals(keyless.code, 2, keyless.err);
    assertStringIncludes(keyless.err, "git cannot sign");
    assertStringIncludes(keyless.err, "git config user.signingkey");
    await shared.git("config", "--unset", "gpg.format");
    await shared.git("config", "--unset", "commit.gpgsign");
    await shared.git("config", "user.useConfigOnly", "true");
    await shared.git("config", "user.name", "");
    const nameless = await branch(shared, "finish-phase", "1");
    assertEquals(nameless.code, 2, nameless.err);
    assertStringIncludes(nameless.err, "git config user.email");
    await shared.git("config", "user.name", "tester");
    assertEquals(await snapshot(shared), before);
  }));

Deno.test("branch ends with 6 if the remote is gone, and 4 if a rule of the remote refuses, with its words", () =>
  inProject(async (shared) => {
    const { git, remote } = shared;
    await branch(shared, "create-phase", "1");
    await workOn(shared, "performance/phase1");
    const before = await snapshot(shared);
    await Deno.writeTextFile(join(remote, "hooks/pre-receive"), "#!/bin/sh\necho 'main is protected' >&2\nexit 1\n", {
      mode: 0o755,
    });
    const refused = await branch(shared, "finish-phase", "1");
    assertEquals(refused.code, 4, refused.err);
    assertStringIncludes(refused.err, "main is protected");
    assertStringIncludes(refused.err, "Who manages origin can allow it");
    assertEquals(await snapshot(shared), before);
    // What has nothing to do with main gets no hint about it.
    const other = await branch(shared, "start", "feature/x");
    assertEquals(other.code, 4, other.err);
    assertStringIncludes(other.err, "hint: Nothing was pushed. Who manages origin can allow it\n");
    assertEquals(await snapshot(shared), before);
    await git("remote", "set-url", "origin", join(remote, "..", "gone.git"));
    const gone = await branch(shared, "finish-phase", "1");
    assertEquals(gone.code, 6, gone.err);
    assertStringIncludes(gone.err, "Cannot reach the remote");
    const offline = await branch(shared, "status", "--offline");
    assertEquals(offline.code, 0);
    assertStringIncludes(offline.out, "those of the last fetch");
  }));

Deno.test("branch refuses to build on a main with commits of its own, and on a branch that diverged", () =>
  inProject(async (shared) => {
    const { git, write, commit, pushAsColleague } = shared;
    await branch(shared, "create-phase", "1");
    await workOn(shared, "performance/phase1");
    await pushAsColleague("performance/phase1", "theirs.txt");
    const diverged = await branch(shared, "finish-phase", "1");
    assertEquals(diverged.code, 4);
    assertStringIncludes(diverged.err, "here it has 1 commit that origin lacks");
    await git("switch", "-q", "main");
    await write("own.txt", "own\n");
    await commit("own");
    const ahead = await branch(shared, "start-hotfix", "x");
    assertEquals(ahead.code, 4);
    assertStringIncludes(ahead.err, "it has a commit that origin does not have");
  }));

Deno.test("branch survives a damaged journal: the file is moved aside, and named until a later operation has ended", () =>
  inProject(async (shared) => {
    const folder = join(shared.root, ".git/civitai-dl");
    await Deno.mkdir(folder, { recursive: true });
    await Deno.writeTextFile(join(folder, "operation.json"), '{"version":1,');
    const damaged = await branch(shared, "create-phase", "1");
    assertEquals(damaged.code, 4, damaged.err);
    assertStringIncludes(damaged.err, "and what it did is not known");
    assertStringIncludes((await branch(shared, "status")).out, "Damaged:");
    const { damaged: path } = JSON.parse((await branch(shared, "status", "--json")).out);
    assertStringIncludes(damaged.err, path);
    assertEquals((await branch(shared, "undo")).code, 4);
    assertEquals((await branch(shared, "create-phase", "1")).code, 0);
    assert(!(await branch(shared, "status")).out.includes("Damaged:"));
    assertEquals((await branch(shared, "undo")).code, 0);
  }));
