import type { Repository } from "../open_repository.ts";
import { runGit } from "../run_git.ts";
import type { Operation } from "./operation.ts";

/**
 * Check whether a person has made the files of a merge: git alone makes others, or has conflicts.
 *
 * @param sha Full hash of the merge, or of what a person has committed on top of it
 * @param cwd Any folder of the repository
 * @returns `false` also if the commit no longer exists
 */
export async function isResolved(sha: string, cwd: string): Promise<boolean> {
  const own = await runGit(["rev-parse", "--verify", "--quiet", `${sha}^{tree}`], { cwd });
  if (own.code !== 0) return false;
  const merged = await runGit(["merge-tree", "--write-tree", `${sha}^1`, `${sha}^2`], { cwd });
  return merged.code !== 0 || merged.stdout.trim() !== own.stdout.trim();
}

/** List the merges of an operation that a person has resolved: their full hashes. */
export async function listResolved(
  { root }: Repository,
  { steps, results }: Pick<Operation, "steps" | "results">,
): Promise<readonly string[]> {
  const resolved: string[] = [];
  for (const step of steps) {
    const sha = results[step.id];
    if (step.type === "merge" && sha !== undefined && await isResolved(sha, root)) resolved.push(sha);
  }
  return resolved;
}
