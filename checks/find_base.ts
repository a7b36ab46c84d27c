import { askGit } from "./ask_git.ts";

/** The branch that work is merged into by default. */
export const TARGET_BRANCH = "main";

/**
 * Find the commit to compare the project with: the merge base with the branch that it is merged into, as `origin` has
 * that branch, if it does. If that is HEAD, it is HEAD if there are uncommitted changes, otherwise the commit before HEAD.
 *
 * @param target The branch, such as `main`
 * @param cwd Folder in which git runs; the working directory by default
 * @returns The commit's full hash
 * @throws {Error} If there is no git, or no common commit
 */
export async function findBase(target: string, signal: AbortSignal, cwd?: string): Promise<string> {
  const ask = async (...args: readonly string[]) => (await askGit(args, signal, cwd))?.trim();
  const head = await ask("rev-parse", "--verify", "-q", "HEAD");
  const base = await ask("merge-base", `refs/remotes/origin/${target}`, "HEAD") ??
    await ask("merge-base", `refs/heads/${target}`, "HEAD");
  if (head === undefined || base === undefined) {
    throw new Error(`there is no git here, or no commit shared with ${target}`);
  }
  if (base !== head) return base;
  const isChanged = await ask("status", "--porcelain") !== "";
  return isChanged ? base : await ask("rev-parse", "--verify", "-q", "HEAD~1") ?? head;
}
