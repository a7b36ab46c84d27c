import type { Repository } from "../open_repository.ts";
import { git } from "../git.ts";
import { runGit } from "../run_git.ts";

/**
 * Check whether a commit has all changes of another one, so that merging that one would change nothing.
 *
 * @param repository The repository, which contains both commits
 * @param commit Full hash of the commit that should have the changes
 * @param other Full hash of the other commit
 * @returns Whether merging `other` into `commit` would leave its files as they are; `false` if it would have conflicts
 */
export async function hasChanges(repository: Repository, commit: string, other: string): Promise<boolean> {
  const merged = await runGit(["merge-tree", "--write-tree", commit, other], { cwd: repository.root });
  return merged.code === 0 && merged.stdout.trim() === await treeOf(repository, commit);
}

async function treeOf({ root }: Repository, commit: string): Promise<string> {
  return (await git(["rev-parse", `${commit}^{tree}`], { cwd: root })).trim();
}
