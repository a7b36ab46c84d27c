import { assertEquals, assertStringIncludes } from "@std/assert";
import { join } from "node:path";
import { Interruption, MemoryIo } from "../../lib/cli/mod.ts";
import { call } from "../helpers/call.ts";
import { branch, inBranchProject, snapshot, workOn } from "../helpers/repository/branch_project.ts";
import { gitIn } from "../helpers/repository/shared_repository.ts";

Deno.test("branch undo of a new branch that the remote keeps speaks of no merge", () =>
  inBranchProject(async (shared) => {
    const { atRemote } = shared;
    await atRemote("config", "receive.denyDeletes", "true");
    assertEquals((await branch(shared, "start-release", "1.1.0")).code, 0);
    const before = await snapshot(shared);
    const refused = await branch(shared, "undo");
    assertEquals(refused.code, 4, refused.err);
    assertStringIncludes(refused.err, "What was pushed stays; it merged nothing, so no other branch has it\n");
    assertEquals(refused.err.includes("revert"), false, refused.err);
    assertEquals(await snapshot(shared), before);
  }));

Deno.test("branch undo of a branch that somebody has checked out names a command after which it works", () =>
  inBranchProject(async (shared) => {
    const { git, root } = shared;
    assertEquals((await branch(shared, "start-hotfix", "x")).code, 0);
    await git("switch", "-q", "hotfix/x");
    const refused = await branch(shared, "undo");
    assertEquals(refused.code, 4, refused.err);
    assertStringIncludes(refused.err, `Cannot take hotfix/x back: it is checked out in ${root}`);
    const [, command] = /Leave it first: (.*)\n/.exec(refused.err)!;
    const { success } = await new Deno.Command("sh", { args: ["-c", command!], stderr: "null", stdout: "null" })
      .output();
    assertEquals(success, true, command);
    assertEquals((await git("branch", "--show-current")).trim(), "main");
    assertEquals((await branch(shared, "undo")).code, 0);
  }));

Deno.test("branch undo after a command that failed takes back the last one that succeeded, and says so; after an undo it stops", () =>
  inBranchProject(async (shared) => {
    const { git, write, commit } = shared;
    assertEquals((await branch(shared, "start", "feature/first")).code, 0);
    const first = await snapshot(shared);
    assertEquals((await branch(shared, "start", "feature/good")).code, 0);
    await git("switch", "-q", "feature/first");
    await write("broken", "");
    await commit("break the gate");
    const failed = await branch(shared, "finish", "feature/first");
    assertEquals(failed.code, 1, failed.err);
    await git("reset", "-q", "--hard", "HEAD~1");
    await git("switch", "-q", "main");
    const dry = await branch(shared, "undo", "--dry-run");
    assertStringIncludes(dry.out, 'Takes "branch start feature/good" back');
    const undone = await branch(shared, "undo");
    assertEquals(undone.code, 0, undone.err);
    assertStringIncludes(undone.out, "Undone: branch start feature/good\n");
    assertStringIncludes(
      undone.out,
      '"branch finish feature/first" was not completed since, and is taken back already',
    );
    assertStringIncludes(undone.out, 'Undo goes one step back: "branch start feature/first" before it stays');
    assertEquals(await snapshot(shared), first);
    const again = await branch(shared, "undo");
    assertEquals(again.code, 2, again.err);
    assertStringIncludes(again.err, '"branch start feature/good" is undone already');
    assertEquals(await snapshot(shared), first);
  }));

Deno.test("branch undo of a command that was interrupted before it pushed anything leaves the one before it for another undo", () =>
  inBranchProject(async (shared) => {
    const { root, write, commit, git } = shared;
    await write("deno.json", JSON.stringify({ tasks: { gate: "echo judging && sleep 60 && echo" } }));
    await commit("a gate that takes a while");
    await git("push", "-q", "origin", "main");
    const before = await snapshot(shared);
    await branch(shared, "start-hotfix", "security");
    const started = await snapshot(shared);
    await git("switch", "-q", "hotfix/security");
    await write("fix.txt", "fix\n");
    await commit("fix");
    await git("switch", "-q", "main");
    const stop = new AbortController();
    const io = new MemoryIo();
    const writeErr = io.writeErr.bind(io);
    io.writeErr = (text) => {
      writeErr(text);
      if (text.includes("judging\n")) stop.abort(new Interruption("SIGINT"));
    };
    const stopped = await call(["branch", "finish-hotfix", "--repo", root], { signal: stop.signal, io });
    assertEquals(stopped.code, 130, stopped.err);
    const again = 'It had pushed nothing yet; civitai-dl branch undo again takes back "branch start-hotfix security"';
    assertStringIncludes((await branch(shared, "undo", "--dry-run")).out, again);
    const first = await branch(shared, "undo");
    assertEquals(first.code, 0, first.err);
    assertStringIncludes(first.out, again);
    const refused = await branch(shared, "undo");
    assertEquals(refused.code, 4);
    assertStringIncludes(refused.err, "Cannot change hotfix/security: it has moved on here since then");
    await git("branch", "-qf", "hotfix/security", "main");
    assertEquals(await snapshot(shared), started);
    assertEquals((await branch(shared, "undo")).code, 0);
    assertEquals(await snapshot(shared), before);
    assertEquals((await branch(shared, "undo")).code, 2);
  }));

Deno.test("branch finish-hotfix names untracked files and its override also if it stops at a conflict, and when it is continued", () =>
  inBranchProject(async (shared) => {
    const { git, root, pushAsColleague } = shared;
    await branch(shared, "start", "feature/x");
    await branch(shared, "start-hotfix", "y");
    await pushAsColleague("develop", "work.txt");
    await workOn(shared, "hotfix/y");
    await shared.write("forgotten.ts", "new\n");
    const stopped = await branch(shared, "finish-hotfix", "--override", "the storage host is down, incident 12");
    assertEquals(stopped.code, 4, stopped.err);
    const [, folder] = /Edit those files in (.*), run git add/.exec(stopped.err)!;
    await Deno.writeTextFile(join(folder!, "work.txt"), "both\n");
    await gitIn(folder!, "add", "work.txt");
    await git("switch", "-q", "main");
    await Deno.remove(join(root, "forgotten.ts"));
    const continued = await branch(shared, "continue");
    assertEquals(continued.code, 0, continued.err);
    for (const said of [stopped.err, continued.out]) {
      assertStringIncludes(said, "The gate was not asked: the storage host is down, incident 12\n");
      assertStringIncludes(said, "Untracked here, so in no commit: forgotten.ts\n");
    }
  }));

Deno.test("branch finish mentions files that are untracked, because no commit has them", () =>
  inBranchProject(async (shared) => {
    await branch(shared, "start", "feature/x");
    await workOn(shared, "feature/x");
    await shared.write("forgotten.ts", "new\n");
    const finished = await branch(shared, "finish", "feature/x");
    assertEquals(finished.code, 0, finished.err);
    assertStringIncludes(finished.out, "Untracked here, so in no commit: forgotten.ts\n");
    assertEquals(await gitIn(shared.root, "status", "--porcelain"), "?? forgotten.ts\n");
  }));
