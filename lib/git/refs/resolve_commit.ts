import { closest, KitError } from "../../base/mod.ts";
import type { Repository } from "../open_repository.ts";
import { git } from "../git.ts";
import { runGit } from "../run_git.ts";

/**
 * Find the commit that a branch, tag, hash or expression such as `HEAD~3` refers to. Nothing is fetched.
 *
 * @param repository The repository to search
 * @param ref The branch, tag, hash or expression that the user specified
 * @returns The full hash
 * @throws {KitError} `usage` if there is no such commit, with the closest branch or tag as a hint if there is a similar
 * one
 */
export async function resolveCommit(repository: Repository, ref: string): Promise<string> {
  const cwd = repository.root;
  const args = ["rev-parse", "--verify", "--quiet", "--end-of-options", `${ref}^{commit}`];
  const { code, stdout } = await runGit(args, { cwd });
  if (code === 0 && ref !== "") return stdout.trim();
  const names = await git(["for-each-ref", "--format=%(refname:short)"], { cwd });
  const near = closest(ref, names.split("\n").filter(Boolean));
  throw new KitError("usage", `Cannot find "${ref}": no such branch, tag or commit in this repository`, {
    hint: near === undefined ? await whereToLook(cwd) : `Did you mean ${near}?`,
  });
}

async function whereToLook(cwd: string): Promise<string> {
  const tag = await git(["for-each-ref", "--count=1", "refs/tags"], { cwd });
  if (tag !== "") return "See git branch --all and git tag";
  return "No tag is here: see git branch --all, or fetch the tags of the remote, if it has any: git fetch --tags";
}
