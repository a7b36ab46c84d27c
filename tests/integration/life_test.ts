import { assert, assertEquals } from "@std/assert";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Command } from "../../lib/cli/mod.ts";
import { command as branch } from "../../scripts/branch.ts";
import { command as install } from "../../scripts/install.ts";
import { command as release } from "../../scripts/release.ts";
import { nameDanger } from "../helpers/repository/name_danger.ts";
import { AS_PERSON } from "../helpers/repository/shared_repository.ts";
import { writeWatchedGit } from "../helpers/repository/watched_git.ts";
import { inTempDir } from "../helpers/temp_dir.ts";
import { rehearseLife } from "./scenarios/life/rehearse_life.ts";

const WORKER = fileURLToPath(new URL("./scenarios/life/_life_worker.ts", import.meta.url));
/** Every step of every operation is killed in the acceptance script; here every so many, up to v1.1.1. */
const STRIDE = Number(Deno.env.get("KILL_STRIDE") ?? 6);

/** Play a life in a process with an environment of its own, and return what it prints. */
async function play(
  folder: string,
  words: readonly string[],
  env: Readonly<Record<string, string>> = {},
  // deno-lint-ignore no-explicit-any
): Promise<any> {
  const temporary = join(folder, "tmp");
  await Deno.mkdir(temporary);
  const { code, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["run", "-q", "-P=acceptance", WORKER, folder, ...words],
    env: { ...env, TMPDIR: temporary },
    stdin: "null",
  }).output();
  assertEquals(code, 0, new TextDecoder().decode(stderr));
  return JSON.parse(new TextDecoder().decode(stdout));
}

/** The actions that a command offers. */
function actionsOf({ name, args }: Command): readonly string[] {
  return args![0]!.choices!.map((action) => `${name} ${action}`);
}

Deno.test("the whole life from v1.0.3 to v2.0.1 follows the model, and no call of git could destroy work", () =>
  inTempDir(async (folder) => {
    const watched = await writeWatchedGit(join(folder, "watched"));
    const { lines, root } = await play(folder, [], watched.env);
    const calls = (await watched.calls()).filter(({ args }) => AS_PERSON.some((word, index) => args[index] !== word));
    const dangers = calls.flatMap((call) => {
      const danger = nameDanger(call, root);
      return danger === null ? [] : [`${danger}: git ${call.args.join(" ")}`];
    });
    assertEquals(dangers, []);
    assert(calls.length > 1000, `${calls.length} calls`);
    // What is not in the life would not have been watched.
    const played = new Set((lines as readonly string[]).map((line) => line.split(" ").slice(0, 2).join(" ")));
    const rollbacks = ["status", "undo", "continue", "--list", "--mode", "v1.3.0"].map((word) => `rollback ${word}`);
    const ofBranch = actionsOf(branch);
    const expected = [...ofBranch, ...actionsOf(release), ...rollbacks, "install add"];
    assertEquals(expected.filter((line) => !played.has(line)), []);
    assert(actionsOf(install).includes("install add"));
  }));

Deno.test(`a life whose processes are killed at steps of its operations ends like any other (every ${STRIDE})`, () =>
  inTempDir(async (folder) => {
    const { kills, problems } = await play(folder, [String(STRIDE), STRIDE === 1 ? "whole" : "short"]);
    assertEquals(problems, []);
    assert(kills >= 3, `${kills} kills`);
  }));

Deno.test("the commands that --dry-run prints lead to the same life, without the remote too; undo restores every hash", () =>
  inTempDir(async (folder) => {
    const { operations, conflicts } = await rehearseLife(folder);
    assert(operations > 12, `${operations} operations`);
    assertEquals(conflicts, 1);
  }));

Deno.test("nameDanger() names each call of git that could destroy work, and lets the others pass", () => {
  const root = "/home/me/repo";
  const tree = "/tmp/trees/1";
  const lease = `--force-with-lease=refs/heads/main:${"a".repeat(40)}`;
  const dangers: readonly (readonly [string, string])[] = [
    ["push origin main", root],
    ["push --force origin main", root],
    ["push -f origin main", root],
    ["push -qf origin main", root],
    ["push --atomic origin +a:refs/heads/main", root],
    [`push --atomic ${lease} origin a:refs/heads/main b:refs/heads/develop`, root],
    [`push ${lease} origin a:refs/heads/main`, root],
    ["push --atomic --force-with-lease origin a:refs/heads/main", root],
    [`push --atomic --tags ${lease} origin a:refs/heads/main`, root],
    ["push --mirror origin", root],
    ["fetch --prune origin", root],
    ["fetch origin +refs/heads/*:refs/heads/*", root],
    ["reset --hard", tree],
    ["-c gc.auto=0 clean -fd", tree],
    ["checkout -f main", tree],
    ["checkout main", root],
    [`-C ${root} checkout main`, tree],
    ["merge develop", root],
    ["commit --amend", tree],
    ["stash", root],
    ["switch -C main", root],
    ["switch --discard-changes main", root],
    ["worktree prune", root],
    ["worktree remove --force /tmp/trees/1", root],
    ["branch -D main", root],
    ["tag -d v1.0.0", root],
    ["tag -f v1.0.0", root],
    ["update-ref refs/heads/main a", root],
    ["update-ref -d refs/heads/main", root],
    ["gc", root],
    ["reflog expire --all", root],
    ["filter-repo", root],
  ];
  const harmless = dangers.filter(([line, cwd]) => nameDanger({ args: line.split(" "), cwd }, root) === null);
  assertEquals(harmless, []);
  const good: readonly (readonly [string, string])[] = [
    [`push --atomic ${lease} origin a:refs/heads/main`, root],
    ["push --atomic --force-with-lease=refs/heads/x: origin a:refs/heads/x", root],
    ["fetch --quiet origin +refs/heads/*:refs/remotes/origin/*", root],
    [`checkout --detach ${"a".repeat(40)}`, tree],
    ["merge --no-ff -m -f develop", tree],
    ["switch --quiet develop", root],
    ["worktree remove /tmp/trees/1", root],
    ["tag --annotate --message m v1.0.0 a", root],
    ["update-ref refs/heads/main a b", root],
    ["-c core.hooksPath=/dev/null status --porcelain", root],
  ];
  assertEquals(good.filter(([line, cwd]) => nameDanger({ args: line.split(" "), cwd }, root) !== null), []);
});
