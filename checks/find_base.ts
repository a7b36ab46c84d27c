import { askGit } from "./ask_git.ts";

/**
 * Find the commit to compare the project with: the merge base with another branch. On that branch itself, it is the
 * state that `origin` has of it. If that is HEAD, too, or there is none, it is HEAD if there are uncommitted changes,
 * otherwise the commit before HEAD.
 *
 * @param since The branch, such as `main`
 * @param signal Signal that stops git
 * @returns The commit's full hash
 * @throws {Error} If there is no git, or no common commit
 */
export async function findBase(since: string, signal: AbortSignal): Promise<string> {
  const head = (await askGit(["rev-parse", "--verify", "-q", "HEAD"], signal))?.trim();
  const base = (await askGit(["merge-base", since, "HEAD"], signal))?.trim();
  if (head === undefined || base === undefined) {
    throw new Error(`there is no git here, or no commit shared with ${since}`);
  }
  if (base !== head) return base;
  const pushed = (await askGit(["merge-base", `refs/remotes/origin/${since}`, "HEAD"], signal))?.trim();
  if (pushed !== undefined && pushed !== head) return pushed;
  const isChanged = await askGit(["status", "--porcelain"], signal) !== "";
  if (isChanged) return base;
  return (await askGit(["rev-parse", "--verify", "-q", "HEAD~1"], signal))?.trim() ?? head;
}
