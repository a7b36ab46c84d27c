import type { Repository } from "../open_repository.ts";
import { git } from "../git.ts";
import { runGit } from "../run_git.ts";

/**
 * Find the commit with which a branch got all changes of another commit without getting its history, as a squash merge
 * or a rebase merge on a server does: the oldest one into which merging the other commit would change nothing. It is
 * found whether or not the branch has moved on before it or since.
 *
 * @param repository The repository, which contains both commits
 * @param tip Full hash of the branch's latest commit
 * @param commit Full hash of a commit that is not in its history
 * @returns Full hash of a commit on the branch's own line (first parents); `null` if none has all of the changes, or if
 * there are no changes
 */
export async function findContentArrival(
  repository: Repository,
  tip: string,
  commit: string,
): Promise<string | null> {
  const cwd = repository.root;
  const base = await runGit(["merge-base", tip, commit], { cwd });
  if (base.code !== 0) return null;
  const [before, after] = await Promise.all([base.stdout.trim(), commit].map((one) => treeOf(repository, one)));
  // Without changes, every commit would have them.
  if (before === after) return null;
  const line = await git(["rev-list", "--first-parent", "--reverse", tip, `^${commit}`], { cwd });
  for (const candidate of line.split("\n").filter(Boolean)) {
    if (await hasChanges(repository, candidate, commit)) return candidate;
  }
  return null;
}

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
