import { join } from "node:path";
import { command } from "../../../scripts/branch.ts";
import type { Called } from "../call.ts";
import { callCommand } from "../call_command.ts";
import { gitIn, inSharedRepository, refsOf, type SharedRepository } from "./shared_repository.ts";

/** A `gate` task that writes where it ran, and passes unless the tree has a file `broken`. */
export const GATE = `{ "tasks": { "gate": "test ! -e broken && echo judged: $(cat a.txt) && echo" } }`;

/** Run `branch` in a repository. */
export function branch({ root }: Pick<SharedRepository, "root">, ...args: readonly string[]): Promise<Called> {
  return callCommand(command, [...args, "--repo", root]);
}

/** Create a clone and its remote, with a gate. */
export function inBranchProject(use: (shared: SharedRepository) => Promise<void>): Promise<void> {
  return inSharedRepository(use, {
    name: "gate",
    async add({ write, commit, git }) {
      await write("deno.json", GATE);
      await commit("gate");
      await git("push", "-q", "origin", "main");
    },
  });
}

/** Commit a file to a branch, in the clone. */
export async function workOn(
  { git, write, commit }: Pick<SharedRepository, "git" | "write" | "commit">,
  name: string,
  file = "work.txt",
): Promise<string> {
  await git("switch", "-q", name);
  await write(file, `${name}\n`);
  return await commit(`work on ${name}`);
}

/** Refs of the clone and the remote, the index and the files. */
export async function snapshot({ root, remote }: Pick<SharedRepository, "root" | "remote">): Promise<unknown> {
  const index = await Deno.readFile(join(root, ".git/index"));
  return {
    here: await refsOf(root),
    there: await refsOf(remote),
    index: new Uint8Array(await crypto.subtle.digest("SHA-256", index)).toHex(),
    status: await gitIn(root, "--no-optional-locks", "status", "--porcelain=v2", "--untracked-files=all"),
    stash: await gitIn(root, "stash", "list"),
    worktrees: await gitIn(root, "worktree", "list"),
  };
}
