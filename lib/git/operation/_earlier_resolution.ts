import { git } from "../git.ts";
import type { Repository } from "../open_repository.ts";
import { runGit } from "../run_git.ts";
import { nameByResults } from "./_step_context.ts";
import type { Operation } from "./operation.ts";
import type { MergeStep } from "./step.ts";

/** A merge of an operation that was taken back, whose conflicts a person had resolved. */
export interface EarlierResolution {
  /** Full hash of the merge, which is in no branch. */
  readonly sha: string;
  /** Whether both sides of every conflicting file are the same now, so that its files fit. */
  readonly isSame: boolean;
}

interface Conflicting {
  readonly step: MergeStep;
  /** Full hashes of the two commits that are merged. */
  readonly sides: readonly [string, string];
  /** Paths of the files that have conflicts. */
  readonly conflicts: readonly string[];
  /** The tree. */
  readonly cwd: string;
}

/**
 * Find how a person resolved the same merge in an earlier operation that was taken back.
 *
 * @param operations Operations that have ended, the latest first
 * @returns The latest; `null` if there is none, or if git has removed it since
 */
export async function findEarlierResolution(
  operations: readonly Operation[],
  { step, sides, conflicts, cwd }: Conflicting,
): Promise<EarlierResolution | null> {
  const subjectOf = ({ message }: MergeStep) => message.split("\n")[0];
  for (const { state, steps, results } of operations) {
    if (state !== "undone") continue;
    const merge = steps.find((one): one is MergeStep => one.type === "merge" && subjectOf(one) === subjectOf(step));
    const sha = merge === undefined ? undefined : results[merge.id];
    if (merge === undefined || sha === undefined || !await isResolved(sha, cwd)) continue;
    const nameOf = nameByResults(results);
    const list = (commit: string) => git(["ls-tree", "-z", commit, "--", ...conflicts], { cwd });
    const isSame = await list(nameOf(merge.onto)) === await list(sides[0]) &&
      await list(nameOf(merge.from)) === await list(sides[1]) &&
      (await list(sha)).split("\0").filter(Boolean).length === conflicts.length;
    return { sha, isSame };
  }
  return null;
}

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
