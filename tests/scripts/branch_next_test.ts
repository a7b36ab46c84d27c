import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { join } from "node:path";
import { openRepository, type OperationPlan, runOperation } from "../../lib/git/mod.ts";
import { command as release } from "../../scripts/release.ts";
import { callCommand } from "../helpers/call_command.ts";
import { branch, inBranchProject, snapshot, workOn } from "../helpers/repository/branch_project.ts";
import { gitIn, type SharedRepository } from "../helpers/repository/shared_repository.ts";

/** The commands that `branch status` says are next. */
async function nextOf(shared: SharedRepository): Promise<readonly string[]> {
  const { out } = await branch(shared, "status");
  const [, list = ""] = out.split("\nNext\n");
  return list.split("\n").filter((line) => /^ {2}\S/.test(line)).map((line) => line.trim());
}

Deno.test("branch finish refuses a branch without commits of its own, before the gate runs, and says what is missing", () =>
  inBranchProject(async (shared) => {
    for (const args of [["create-phase", "1"], ["start", "feature/x"], ["start-hotfix", "y"]]) {
      assertEquals((await branch(shared, ...args)).code, 0);
    }
    const before = await snapshot(shared);
    for (
      const [args, name, from] of [
        [["finish-phase", "1"], "performance/phase1", "main"],
        [["finish", "feature/x"], "feature/x", "develop"],
        [["finish-hotfix", "y"], "hotfix/y", "main"],
        [["finish-phase", "1", "--override", "no time"], "performance/phase1", "main"],
        [["finish-phase", "1", "--dry-run"], "performance/phase1", "main"],
      ] as const
    ) {
      const called = await branch(shared, ...args);
      assertEquals([args.join(" "), called.code], [args.join(" "), 4], called.err);
      assertStringIncludes(called.err, `Cannot finish ${name}: it has no commits of its own since it began at ${from}`);
      assertStringIncludes(called.err, `hint: Commit the work to it first: git switch ${name}`);
      assert(!called.err.includes("Runs "), called.err);
    }
    assertEquals(await snapshot(shared), before);
    // That main has moved on since does not make it the branch's own work.
    await shared.pushAsColleague("main", "theirs.txt");
    assertEquals((await branch(shared, "finish-phase", "1")).code, 4);
    await workOn(shared, "performance/phase1");
    assertEquals((await branch(shared, "finish-phase", "1")).code, 0);
  }));

Deno.test("branch finish says that a feature is merged already, and tags a phase that somebody merged by hand", () =>
  inBranchProject(async (shared) => {
    const { git, remote, root } = shared;
    await branch(shared, "start", "feature/x");
    await workOn(shared, "feature/x");
    assertEquals((await branch(shared, "finish", "feature/x")).code, 0);
    const again = await branch(shared, "finish", "feature/x");
    assertEquals(again.code, 4);
    assertStringIncludes(again.err, "develop contains it already");
    await branch(shared, "create-phase", "1");
    await workOn(shared, "performance/phase1", "phase.txt");
    await git("push", "-q", "origin", "performance/phase1");
    const server = join(root, "..", "server");
    await gitIn(root, "clone", "-q", remote, server);
    const merge = ["-c", "user.name=S", "-c", "user.email=s@e", "merge", "-q", "--no-ff", "-m", "by hand"];
    for (const name of ["develop", "main"]) {
      await gitIn(server, "switch", "-q", name);
      await gitIn(server, ...merge, name === "main" ? "develop" : "origin/performance/phase1");
    }
    await gitIn(server, "push", "-q", "origin", "develop", "main");
    const tagged = await branch(shared, "finish-phase", "1");
    assertEquals(tagged.code, 0, tagged.err);
    assertStringIncludes(tagged.err, "judged: one");
    assertEquals(
      await shared.atRemote("rev-parse", "v1.1.0-phase1^{commit}"),
      await shared.atRemote("rev-parse", "main"),
    );
  }));

Deno.test("branch and release status know what somebody has merged by hand, and propose what is left of it", () =>
  inBranchProject(async (shared) => {
    const { git, remote, root } = shared;
    const server = join(root, "..", "server");
    await gitIn(root, "clone", "-q", remote, server);
    /** Merge a branch as a pull request does. */
    const mergeThere = async (name: string, into: string) => {
      await git("push", "-q", "origin", name);
      await gitIn(server, "fetch", "-q");
      await gitIn(server, "switch", "-q", "-C", into, `origin/${into}`);
      const author = ["-c", "user.name=S", "-c", "user.email=s@e"];
      await gitIn(server, ...author, "merge", "-q", "--no-ff", "-m", "by hand", `origin/${name}`);
      await gitIn(server, "push", "-q", "origin", into);
    };
    await branch(shared, "create-phase", "1");
    await branch(shared, "start", "feature/x");
    await branch(shared, "start-hotfix", "y");
    await workOn(shared, "performance/phase1", "phase.txt");
    await mergeThere("performance/phase1", "main");
    assertEquals((await nextOf(shared))[0], "civitai-dl branch finish-phase 1");
    assertStringIncludes(
      (await branch(shared)).out,
      "main has performance/phase1 already, by hand; this judges and tags",
    );
    const { out } = await callCommand(release, ["status", "--repo", root]);
    assert(!out.includes("has no commits yet"), out);
    assertEquals((await branch(shared, "finish-phase", "1")).code, 0);
    await workOn(shared, "feature/x", "x.txt");
    await mergeThere("feature/x", "develop");
    assert((await nextOf(shared)).includes("git switch develop"));
    assertStringIncludes((await branch(shared)).out, "feature/x is merged into develop");
    await workOn(shared, "hotfix/y", "y.txt");
    await mergeThere("hotfix/y", "main");
    assertEquals((await nextOf(shared))[0], "civitai-dl branch finish hotfix/y");
    assertEquals((await branch(shared, "finish", "hotfix/y")).code, 0);
    assert(!(await branch(shared)).out.includes("finish hotfix/y"));
  }));

Deno.test("branch status names the next command, and that command is never refused for where things stand", () =>
  inBranchProject(async (shared) => {
    const { git, write, commit, pushAsColleague, root } = shared;
    assertEquals(await nextOf(shared), ["civitai-dl branch create-phase 1"]);
    await branch(shared, "create-phase", "1");
    assertEquals(await nextOf(shared), ["git switch performance/phase1"]);
    await git("switch", "-q", "performance/phase1");
    assertEquals(await nextOf(shared), ["git commit"]);
    await workOn(shared, "performance/phase1");
    assertEquals(await nextOf(shared), ["civitai-dl branch finish-phase 1"]);
    await pushAsColleague("performance/phase1", "theirs.txt");
    assertEquals(await nextOf(shared), ["git pull --rebase"]);
    await git("branch", "-q", "--set-upstream-to=origin/performance/phase1");
    await git("pull", "-q", "--rebase");
    await branch(shared, "start", "feature/x", "--switch");
    assertEquals(await nextOf(shared), ["civitai-dl branch finish-phase 1", "git commit"]);
    await workOn(shared, "feature/x", "x.txt");
    assertEquals((await nextOf(shared)).at(-1), "civitai-dl branch finish feature/x");
    await git("switch", "-q", "main");
    await write("own.txt", "own\n");
    await commit("own");
    const move = "git switch --create hotfix/NAME && git branch --force main origin/main";
    assertEquals((await nextOf(shared))[0], move);
    await pushAsColleague("main", "theirs.txt");
    assertEquals((await nextOf(shared))[0], move);
    // By hand, as the hint was until now: what is left is to move main back.
    await git("branch", "hotfix/oops");
    const back = "git switch hotfix/oops && git branch --force main origin/main";
    assertStringIncludes((await branch(shared, "finish", "hotfix/oops")).err, `to a branch of its own: ${back}`);
    assertEquals((await nextOf(shared))[0], back);
    const { success } = await new Deno.Command("sh", { args: ["-c", `${back} 2>/dev/null`], cwd: root }).output();
    assertEquals(success, true);
    assertEquals((await nextOf(shared))[0], "civitai-dl branch finish hotfix/oops");
    const finished = await branch(shared, "finish", "hotfix/oops");
    assertEquals(finished.code, 0, finished.err);
    assertStringIncludes(await git("show", "origin/main:own.txt"), "own");
  }));

Deno.test("branch status says that the remote has no main, and propose nothing that needs it", () =>
  inBranchProject(async (shared) => {
    const { git, atRemote } = shared;
    await atRemote("branch", "-m", "main", "trunk");
    assertEquals(await nextOf(shared), ["git push origin main"]);
    await git("switch", "-q", "-c", "feature/x");
    await git("branch", "-q", "-D", "main");
    assertEquals(await nextOf(shared), ["git ls-remote --heads origin"]);
  }));

Deno.test("branch status counts a feature's commits since main, where develop begins, if there is none yet", () =>
  inBranchProject(async (shared) => {
    const { git, write, commit } = shared;
    await git("switch", "-q", "-c", "feature/x");
    assertStringIncludes((await branch(shared)).out, "feature/x has no commits of its own yet");
    await write("work.txt", "new\n");
    await commit("work");
    const { out } = await branch(shared);
    assertStringIncludes(out, "1 since main");
    assertStringIncludes(out, "  civitai-dl branch finish feature/x\n    1 commit for develop, once its gate passes\n");
    assertEquals((await branch(shared, "finish", "feature/x")).code, 0);
    assertStringIncludes((await branch(shared)).out, "feature/x is merged into develop");
  }));

Deno.test("branch status lists nothing but the way out of an operation, and the folder of its conflicts", () =>
  inBranchProject(async (shared) => {
    const { pushAsColleague } = shared;
    await branch(shared, "start", "feature/x");
    await branch(shared, "start-hotfix", "y");
    await pushAsColleague("develop", "work.txt", "develop\n");
    await workOn(shared, "hotfix/y");
    const stopped = await branch(shared, "finish-hotfix");
    const folder = /Edit those files in (.*), run git add/.exec(stopped.err)![1]!;
    assertEquals(await nextOf(shared), ["civitai-dl branch continue", "civitai-dl branch undo"]);
    assertStringIncludes((await branch(shared, "status")).out, `edit those files in ${folder}, run git add there`);
    assertEquals((await branch(shared, "undo")).code, 0);
  }));

Deno.test("branch and release status say that an operation is running while its process lives", () =>
  inBranchProject(async (shared) => {
    const { git, root, registry } = shared;
    const sha = (await git("rev-parse", "main")).trim();
    const plan: OperationPlan = {
      command: "branch finish-phase 1",
      summary: "Asks the gate",
      steps: [{ type: "check", id: "gate-1", on: { sha }, command: ["gate"] }],
    };
    const seen: string[] = [];
    const runCheck = async () => {
      seen.push((await branch(shared, "status")).out, (await callCommand(release, ["--repo", root])).out);
      return null;
    };
    await runOperation(await openRepository(root), plan, { runCheck, registry });
    const [status, released] = seen;
    assertStringIncludes(status!, `Running: branch finish-phase 1, 0 of 1 steps (process ${Deno.pid}, since `);
    const wait = `Wait for the end of "branch finish-phase 1": process ${Deno.pid} is running it`;
    assertStringIncludes(status!, `\nNext\n  civitai-dl branch status\n    ${wait}\n`);
    assertStringIncludes(released!, `\nNext\n  ${wait}\n`);
    assert(!seen.join("").includes("interrupted"), seen.join(""));
    assertEquals(await nextOf(shared), ["civitai-dl branch create-phase 1"]);
  }));

Deno.test("branch status proposes no release that waits for the first stable one of the line before", () =>
  inBranchProject(async (shared) => {
    const { git, atRemote } = shared;
    await git("tag", "-d", "v1.0.3");
    await atRemote("tag", "-d", "v1.0.3");
    await atRemote("tag", "v1.0.3-alpha", "main");
    assertEquals(await nextOf(shared), ["civitai-dl branch create-phase 1", "civitai-dl release"]);
    await branch(shared, "create-phase", "1");
    await workOn(shared, "performance/phase1");
    assertEquals((await branch(shared, "finish-phase", "1")).code, 0);
    assertEquals(await nextOf(shared), ["civitai-dl release", "civitai-dl branch create-phase 2"]);
    assertStringIncludes((await branch(shared)).out, "Phase 1 is finished; 1.1.0 waits for the first release of 1.0.x");
    await atRemote("tag", "v1.0.3", "main");
    assertEquals((await nextOf(shared))[0], "civitai-dl release prepare 1.1.0");
  }));

Deno.test("branch names the phase that another waits for, and the command that begins or finishes it", () =>
  inBranchProject(async (shared) => {
    assertStringIncludes((await branch(shared)).out, "waits for phase 1 ");
    const begin = await branch(shared, "create-phase", "2");
    assertStringIncludes(begin.err, "hint: Begin it first: civitai-dl branch create-phase 1");
    await branch(shared, "create-phase", "1");
    const finish = await branch(shared, "create-phase", "2");
    assertStringIncludes(finish.err, "hint: Finish it first: civitai-dl branch finish-phase 1");
    // A tag that is only here was made by hand, and finishes nothing.
    await shared.git("tag", "v1.1.0-phase1");
    const byHand = await branch(shared, "create-phase", "2");
    assertEquals(byHand.code, 4, byHand.err);
    assertStringIncludes(byHand.err, "the tag v1.1.0-phase1 exists only here, and not on origin");
    assertStringIncludes((await branch(shared, "finish-phase", "1")).err, "git tag --delete v1.1.0-phase1");
    assertEquals(await nextOf(shared), ["git show v1.1.0-phase1", "git switch performance/phase1"]);
  }));

Deno.test("branch says where develop begins, and what a merge made of each branch", () =>
  inBranchProject(async (shared) => {
    const started = await branch(shared, "start", "feature/x");
    assertStringIncludes(started.out, "Creates develop, feature/x at main (");
    await workOn(shared, "feature/x");
    const { out } = await branch(shared, "finish", "feature/x");
    const develop = (await shared.atRemote("rev-parse", "develop")).slice(0, 12);
    assertStringIncludes(out, `Merges feature/x into develop: done\ndevelop is now ${develop}\n`);
  }));

Deno.test("branch undo of what a protected remote keeps is refused, and leaves everything as it was", () =>
  inBranchProject(async (shared) => {
    const { atRemote, pushAsColleague } = shared;
    await branch(shared, "start", "feature/x");
    await branch(shared, "create-phase", "1");
    await workOn(shared, "performance/phase1");
    // What the rules "deletion" and "non_fast_forward" of GitHub do.
    await atRemote("config", "receive.denyDeletes", "true");
    await atRemote("config", "receive.denyNonFastForwards", "true");
    assertEquals((await branch(shared, "finish-phase", "1")).code, 0);
    const before = await snapshot(shared);
    for (const _ of [1, 2]) {
      const refused = await branch(shared, "undo");
      assertEquals(refused.code, 4, refused.err);
      assertStringIncludes(refused.err, "origin refuses: non-fast-forward");
      assertStringIncludes(refused.err, "What was pushed stays; take it back by new commits");
      assertEquals(await snapshot(shared), before);
    }
    assertEquals((await nextOf(shared))[0], "civitai-dl release prepare 1.1.0");
    assertEquals((await branch(shared, "create-phase", "2")).code, 0);
    // A branch that was only created can be removed nowhere: the remote here forbids to delete any.
    assertStringIncludes((await branch(shared, "undo")).err, "deletion prohibited");
    await atRemote("config", "receive.denyDeletes", "false");
    assertEquals((await branch(shared, "undo")).code, 0);
    await pushAsColleague("main", "theirs.txt");
    assertEquals((await branch(shared, "create-phase", "2")).code, 0);
  }));
