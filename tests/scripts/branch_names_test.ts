import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { MemoryIo } from "../../lib/cli/mod.ts";
import { call } from "../helpers/call.ts";
import { branch, inBranchProject, snapshot, workOn } from "../helpers/repository/branch_project.ts";
import { refsOf } from "../helpers/repository/shared_repository.ts";

/** Names of which no letter is ASCII, two of them alike to anything that only knows ASCII. */
const STRATEGY = `version: 1
main: 幹
develop: 枝
lines:
  - { line: 1.0.x, title: Only, gate: ["true"] }
stages:
  - { stage: candidate, tag: "v{version}-rc.{number}" }
  - { stage: stable, tag: "v{version}" }
branches:
  - { kind: hotfix, name: "修正/{name}", from: 幹, into: [幹, 枝] }
`;

Deno.test("branch starts, shows and finishes branches of any name that git allows, and prints a script that does the same", () =>
  inBranchProject(async (shared) => {
    const { git, write, commit, root, remote } = shared;
    await git("branch", "-m", "main", "幹");
    await write("config/branches.yml", STRATEGY);
    await commit("strategy");
    await git("push", "-q", "origin", "幹", "幹:枝");
    const started = await branch(shared, "start", "修正/認証", "--switch");
    assertEquals(started.code, 0, started.err);
    await write("fix.txt", "fix\n");
    await commit("fix");
    const status = await branch(shared, "status");
    assertStringIncludes(status.out, "civitai-dl branch finish 修正/認証");
    assertStringIncludes((await branch(shared)).out, "civitai-dl branch finish 修正/認証");
    const { out: script } = await branch(shared, "finish-hotfix", "--dry-run");
    const finished = await branch(shared, "finish-hotfix");
    assertEquals(finished.code, 0, finished.err);
    const tree = async (name: string) => (await git("rev-parse", `origin/${name}^{tree}`)).trim();
    assertStringIncludes(finished.out, `幹 is now ${(await git("rev-parse", "origin/幹")).slice(0, 12)}`);
    assertStringIncludes(finished.out, `枝 is now ${(await git("rev-parse", "origin/枝")).slice(0, 12)}`);
    const real = [await tree("幹"), await tree("枝")];
    assertEquals((await branch(shared, "undo")).code, 0);
    const { success, stderr } = await new Deno.Command("sh", { args: ["-c", script], cwd: root }).output();
    assertEquals([success, new TextDecoder().decode(stderr)], [true, ""]);
    assertEquals([await tree("幹"), await tree("枝")], real);
    assertEquals((await refsOf(remote))["refs/heads/枝"], (await git("rev-parse", "origin/枝")).trim());
    const refused = await branch(shared, "start", "修正/認 証");
    assertEquals(refused.code, 2, refused.err);
    assertStringIncludes(refused.err, "its name must not contain a space");
  }));

/** What a shell makes of the words of a printed command, without its program. */
async function wordsOf(command: string, cwd: string): Promise<readonly string[]> {
  const script = command.replace("civitai-dl", "printf '%s\\n'");
  const { stdout } = await new Deno.Command("sh", { args: ["-c", script], cwd }).output();
  return new TextDecoder().decode(stdout).trimEnd().split("\n");
}

Deno.test("branch prints commands that run nothing of a branch's name, and takes no name that looks like another", () =>
  inBranchProject(async (shared) => {
    const { git, write, commit, root, pushAsColleague } = shared;
    const hostile = "hotfix/`id>ran`;id$(id>ran)";
    await git("push", "-q", "origin", `main:refs/heads/${hostile}`, "main:refs/heads/hotfix/\u200bx");
    await pushAsColleague(hostile, "theirs.txt");
    const status = await branch(shared, "status");
    const [, next] = /\nNext\n {2}(civitai-dl .*)\n/.exec(status.out)!;
    assertEquals(await wordsOf(next!, root), ["branch", "finish", hostile]);
    assert(!status.out.includes("hotfix/x"), status.out);
    const twin = await branch(shared, "finish", "hotfix/x");
    assertStringIncludes(twin.err, "There is one that looks the same, with an invisible character in its name");
    assertStringIncludes((await branch(shared, "start", "feature/a\u202egnp")).err, "invisible character U+202E");
    const started = await branch(shared, "start-hotfix", "a$(id>ran)");
    const [, finish] = /When its work is committed: (.*)/.exec(started.out)!;
    assertEquals(await wordsOf(finish!, root), ["branch", "finish", "hotfix/a$(id>ran)"]);
    assertStringIncludes(started.out, "To work on it: git switch 'hotfix/a$(id>ran)'\n");
    await git("switch", "-q", "hotfix/a$(id>ran)");
    await write("fix.txt", "fix\n");
    await commit("fix");
    assertEquals((await branch(shared, "finish-hotfix")).code, 0);
    assertEquals((await git("ls-files")).includes("ran"), false);
  }));

Deno.test("branch takes the name of a hotfix with its kind and without it", () =>
  inBranchProject(async (shared) => {
    const started = await branch(shared, "start-hotfix", "hotfix/z");
    assertEquals(started.code, 0, started.err);
    await workOn(shared, "hotfix/z");
    for (const name of ["z", "hotfix/z"]) {
      const dry = await branch(shared, "finish-hotfix", name, "--dry-run");
      assertStringIncludes(dry.out, "Merges hotfix/z into main", dry.err);
    }
    assertEquals((await branch(shared, "start-hotfix", "a/b")).code, 0);
    await workOn(shared, "hotfix/a/b", "b.txt");
    assertEquals((await branch(shared, "finish-hotfix", "a/b")).code, 0);
  }));

Deno.test("branch finish of a name without its kind names the branch that was probably meant", () =>
  inBranchProject(async (shared) => {
    await branch(shared, "start", "feature/my-change");
    const refused = await branch(shared, "finish", "my-change");
    assertEquals(refused.code, 2, refused.err);
    assertStringIncludes(refused.err, "hint: Did you mean feature/my-change?\n");
    const other = await branch(shared, "finish", "change");
    assertStringIncludes(other.err, "hint: Names: ");
  }));

Deno.test("branch refuses a name that is the folder of another branch, here or on the remote", () =>
  inBranchProject(async (shared) => {
    const { git, atRemote } = shared;
    await atRemote("branch", "feature/api", "main");
    await git("branch", "hotfix");
    await git("branch", "experimental/a/b");
    const before = await snapshot(shared);
    for (
      const [name, words] of [
        ["feature/api/v2", "there is a branch feature/api on origin, and git cannot have feature/api/v2 beside"],
        ["hotfix/x", "there is a branch hotfix here"],
        ["experimental/a", "there is a branch experimental/a/b here, and git cannot have experimental/a/b beside"],
      ] as const
    ) {
      const refused = await branch(shared, "start", name, "--offline", "--dry-run");
      const real = await branch(shared, "start", name);
      assertEquals([refused.code, real.code], [name.startsWith("feature") ? 0 : 4, 4], real.err);
      assertStringIncludes(real.err, words);
    }
    assertStringIncludes((await branch(shared, "start", "feature/api/v2")).err, "such as feature/api-v2");
    await git("update-ref", "-d", "refs/remotes/origin/feature/api");
    assertEquals(await snapshot(shared), before);
  }));

Deno.test("branch on a narrow terminal cuts other columns before the names of branches", () =>
  inBranchProject(async (shared) => {
    const names = ["feature/benchmark-one", "feature/benchmark-two"];
    for (const name of names) assertEquals((await branch(shared, "start", name)).code, 0);
    for (const width of [52, 60, 80]) {
      const io = new MemoryIo({ terminal: true, width });
      const { out } = await call(["branch", "--repo", shared.root], { io, env: { NO_COLOR: "1" } });
      const lines = out.split("\n").filter((line) => line.startsWith("feature/"));
      assertEquals(lines.map((line) => line.split(" ")[0]), names, out);
      assertEquals(lines.every((line) => line.length <= width), true, out);
    }
  }));
