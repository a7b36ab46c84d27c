import type { Repository } from "../open_repository.ts";
import { KitError } from "../../base/mod.ts";
import { git } from "../git.ts";
import { runGit } from "../run_git.ts";

/**
 * Check whether a commit is another commit or one of its ancestors.
 *
 * @param repository The repository, which contains both commits
 * @param commit Full hash of the commit that should contain the other one
 * @param ancestor Full hash of the other commit
 * @returns Whether `ancestor` is in the history of `commit`
 * @throws {KitError} `failed` if a commit is missing
 */
export async function containsCommit(repository: Repository, commit: string, ancestor: string): Promise<boolean> {
  // Branches that are equal are the rule, and each process takes milliseconds.
  if (commit === ancestor) return true;
  const { code, stderr } = await runGit(["merge-base", "--is-ancestor", ancestor, commit], { cwd: repository.root });
  if (code === 0 || code === 1) return code === 0;
  throw new KitError("failed", `Cannot compare ${ancestor.slice(0, 12)} and ${commit.slice(0, 12)}: ${stderr.trim()}`);
}

/**
 * Check whether a commit is on the line of another one: the commits that were its branch's latest, one after the other.
 * What a merge brought is not on it.
 *
 * @param repository The repository, which contains both commits
 * @param commit Full hash of the tip of the line
 * @param ancestor Full hash of the other commit
 * @returns Whether following first parents from `commit` leads to `ancestor`
 */
export async function isOnLine(repository: Repository, commit: string, ancestor: string): Promise<boolean> {
  if (commit === ancestor) return true;
  // Everything before the other commit is left out, so that long histories are not read.
  const args = ["rev-list", "--first-parent", commit, `^${ancestor}`, "--format=%P", "--no-commit-header"];
  const parents = (await git(args, { cwd: repository.root })).trimEnd().split("\n").at(-1)!;
  return parents.split(" ")[0] === ancestor;
}

/**
 * Count the commits of one history that another one lacks.
 *
 * @param repository The repository, which contains both commits
 * @param commit Full hash of the tip of the history to count
 * @param base Full hash of the tip of the other history
 * @returns Number of commits, merges included
 */
export async function countCommits(repository: Repository, commit: string, base: string): Promise<number> {
  if (commit === base) return 0;
  return Number(await git(["rev-list", "--count", commit, `^${base}`], { cwd: repository.root }));
}
