import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { join } from "node:path";
import type { Called } from "../helpers/call.ts";
import { branch, inBranchProject, snapshot, workOn } from "../helpers/repository/branch_project.ts";
import {
  gitIn,
  inSharedRepository,
  introduce,
  refsOf,
  type SharedRepository,
} from "../helpers/repository/shared_repository.ts";

/** Passes once two gates have begun, so that both people have fetched before either pushes. */
const MEETING = `touch "$1/$$"
for _ in $(seq 600); do
  [ "$(ls "$1" | wc -l)" -ge 2 ] && exit 0
  sleep 0.05
done
exit 1
`;

/** Two clones of one remote whose gates wait for each other. */
function withTwoPeople(
  use: (
    shared: SharedRepository,
    people: readonly Pick<SharedRepository, "root" | "git" | "write" | "commit">[],
  ) => Promise<void>,
): Promise<void> {
  return inSharedRepository(async (shared) => {
    const { root, remote } = shared;
    const meeting = join(root, "..", "meeting");
    await Deno.mkdir(meeting);
    await shared.write("gate.sh", MEETING);
    await shared.write("deno.json", JSON.stringify({ tasks: { gate: `sh gate.sh '${meeting}'` } }));
    await shared.commit("gate");
    await shared.git("push", "-q", "origin", "main");
    const other = join(root, "..", "second clone");
    await gitIn(root, "clone", "-q", remote, other);
    await introduce(other, "second");
    const second = {
      root: other,
      git: (...args: readonly string[]) => gitIn(other, ...args),
      write: (path: string, text: string) => Deno.writeTextFile(join(other, path), text),
      commit: async (message: string) => {
        await gitIn(other, "add", "-A");
        await gitIn(other, "commit", "-q", "-m", message);
        return (await gitIn(other, "rev-parse", "HEAD")).trim();
      },
    };
    await use(shared, [shared, second]);
  });
}

/** Require that one call has ended well and the other was refused; returns which. */
function findLoser(called: readonly Called[]): number {
  assertEquals(called.map(({ code }) => code).toSorted(), [0, 4], called.map(({ err }) => err).join("\n"));
  const loser = called.findIndex(({ code }) => code === 4);
  assertStringIncludes(called[loser]!.err, "in the meantime");
  assertStringIncludes(called[loser]!.err, "Run the command again; it fetches first");
  return loser;
}

Deno.test("branch lets one of two people finish who try at once; the other changes nothing, and succeeds the next time", () =>
  withTwoPeople(async ({ atRemote, remote }, people) => {
    const names = ["feature/one", "feature/two"];
    for (const [index, person] of people.entries()) {
      assertEquals((await branch(person, "start", names[index]!, "--switch")).code, 0);
      await workOn(person, names[index]!, `work-${index}.txt`);
      await person.git("push", "-q", "origin", names[index]!);
    }
    const before = await Promise.all(people.map(({ root }) => refsOf(root)));
    const called = await Promise.all(people.map((person, index) => branch(person, "finish", names[index]!)));
    const loser = findLoser(called);
    assertEquals(await refsOf(people[loser]!.root), before[loser]);
    const [merged] = (await atRemote("log", "-1", "--format=%s", "develop")).split("\n");
    assertEquals(merged, `Merge ${names[1 - loser]} into develop`);
    const again = await branch(people[loser]!, "finish", names[loser]!);
    assertEquals(again.code, 0, again.err);
    const files = await atRemote("ls-tree", "--name-only", "develop");
    for (const index of [0, 1]) assertStringIncludes(files, `work-${index}.txt`);
    assertEquals((await atRemote("fsck", "--no-dangling")).trim(), "");
    // Both can still be taken back, the last first.
    assertEquals((await branch(people[1 - loser]!, "undo")).code, 4);
    assertEquals((await branch(people[loser]!, "undo")).code, 0);
    assertEquals((await branch(people[1 - loser]!, "undo")).code, 0);
    assertEquals((await refsOf(remote))["refs/heads/develop"], (await refsOf(remote))["refs/heads/main"]);
  }));

Deno.test("branch makes one tag if two people finish the same phase at once", () =>
  withTwoPeople(async ({ atRemote, remote }, people) => {
    const [first] = people;
    assertEquals((await branch(first!, "create-phase", "1", "--switch")).code, 0);
    await workOn(first!, "performance/phase1");
    await first!.git("push", "-q", "origin", "performance/phase1");
    const called = await Promise.all(people.map((person) => branch(person, "finish-phase", "1")));
    const loser = findLoser(called);
    const winner = people[1 - loser]!;
    const there = await refsOf(remote);
    assertEquals(there["refs/tags/v1.1.0-phase1"], (await refsOf(winner.root))["refs/tags/v1.1.0-phase1"]);
    assert(!("refs/tags/v1.1.0-phase1" in await refsOf(people[loser]!.root)));
    const again = await branch(people[loser]!, "finish-phase", "1");
    assertEquals(again.code, 4);
    assertStringIncludes(again.err, "the tag v1.1.0-phase1 exists");
    assertEquals(await refsOf(remote), there);
    assertEquals((await atRemote("log", "--format=%s", "--merges", "main")).trim().split("\n").length, 2);
    assertStringIncludes((await branch(people[loser]!, "status")).out, "civitai-dl branch create-phase 2");
  }));

Deno.test("branch leaves other people's worktrees alone: one on develop, one locked, one whose folder is gone", () =>
  inBranchProject(async (shared) => {
    const { root, git, atRemote } = shared;
    await branch(shared, "start", "feature/x");
    await branch(shared, "start", "feature/gone");
    await branch(shared, "create-phase", "1");
    await workOn(shared, "performance/phase1");
    await workOn(shared, "feature/x", "x.txt");
    const place = (name: string) => join(root, "..", name);
    await git("worktree", "add", "-q", place("on develop"), "develop");
    await git("worktree", "add", "-q", "--lock", "--reason", "do not touch", place("locked"), "main");
    await git("worktree", "add", "-q", place("gone"), "feature/gone");
    await Deno.remove(place("gone"), { recursive: true });
    const listed = await git("worktree", "list", "--porcelain");
    const local = await refsOf(root);
    const finished = await branch(shared, "finish-phase", "1");
    assertEquals(finished.code, 0, finished.err);
    for (const name of ["develop", "main"]) {
      assertStringIncludes(
        finished.out,
        `${name} is checked out, so it stays where it is here; afterwards: git pull --ff-only`,
      );
      assertEquals((await refsOf(root))[`refs/heads/${name}`], local[`refs/heads/${name}`]);
    }
    assertEquals((await branch(shared, "finish", "feature/x")).code, 0);
    assertEquals(await git("worktree", "list", "--porcelain"), listed);
    for (const name of ["on develop", "locked"]) assertEquals(await gitIn(place(name), "status", "--porcelain"), "");
    // The advice works.
    await gitIn(place("on develop"), "pull", "-q", "--ff-only", "origin", "develop");
    assertEquals(await gitIn(place("on develop"), "rev-parse", "HEAD"), await atRemote("rev-parse", "develop"));
    // From a worktree of the repository, everything is as from its main one.
    const there = { root: place("on develop") };
    const hotfix = await branch(there, "start-hotfix", "y");
    assertEquals(hotfix.code, 0, hotfix.err);
    assertStringIncludes((await branch(shared, "status")).out, "hotfix/y");
    // A branch that is checked out elsewhere cannot be switched to, and nothing is left of the try.
    await gitIn(place("locked"), "switch", "-q", "hotfix/y");
    assertEquals((await branch(shared, "undo")).code, 4);
    await gitIn(place("locked"), "switch", "-q", "main");
    assertEquals((await branch(shared, "undo")).code, 0);
    assertEquals((await git("worktree", "list", "--porcelain")).match(/^worktree/gm)?.length, 4);
  }));

Deno.test("branch merges submodules by their commits, and its dry run works with them", () =>
  inBranchProject(async (shared) => {
    const { root, remote, git, commit } = shared;
    const allow = ["-c", "protocol.file.allow=always"];
    const library = join(root, "..", "library");
    await gitIn(join(root, ".."), "init", "-q", "-b", "main", library);
    await introduce(library, "library");
    await Deno.writeTextFile(join(library, "lib.txt"), "one\n");
    await gitIn(library, "add", "-A");
    await gitIn(library, "commit", "-q", "-m", "one");
    await git(...allow, "submodule", "--quiet", "add", library, "vendor/library");
    await commit("submodule");
    await git("push", "-q", "origin", "main");
    await branch(shared, "create-phase", "1", "--switch");
    await Deno.writeTextFile(join(library, "lib.txt"), "two\n");
    await gitIn(library, "commit", "-qam", "two");
    await gitIn(join(root, "vendor/library"), ...allow, "pull", "-q", "origin", "main");
    const dirty = await branch(shared, "finish-phase", "1");
    assertEquals(dirty.code, 4);
    assertStringIncludes(dirty.err, "uncommitted changes: vendor/library");
    await commit("newer library");
    const before = await snapshot(shared);
    const dry = await branch(shared, "finish-phase", "1", "--dry-run");
    assertEquals(dry.code, 0, dry.err);
    const copy = join(root, "..", "copy");
    await new Deno.Command("cp", { args: ["-a", root, copy] }).output();
    await new Deno.Command("cp", { args: ["-a", remote, `${copy}.git`] }).output();
    await gitIn(copy, "remote", "set-url", "origin", `${copy}.git`);
    const script = await new Deno.Command("sh", { args: ["-c", dry.out], cwd: copy }).output();
    assertEquals([script.code, new TextDecoder().decode(script.stderr).replaceAll(/^Task gate.*\n/gm, "")], [0, ""]);
    assertEquals((await gitIn(copy, "worktree", "list")).trim().split("\n").length, 1);
    const finished = await branch(shared, "finish-phase", "1");
    assertEquals(finished.code, 0, finished.err);
    const newer = (await gitIn(library, "rev-parse", "HEAD")).trim();
    assertStringIncludes(await gitIn(remote, "ls-tree", "main", "vendor/library"), newer);
    assertStringIncludes(await gitIn(`${copy}.git`, "ls-tree", "main", "vendor/library"), newer);
    assertEquals((await git("worktree", "list")).trim().split("\n").length, 1);
    assertEquals((await branch(shared, "undo")).code, 0);
    assertEquals(await snapshot(shared), before);
  }));
