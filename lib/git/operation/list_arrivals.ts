import type { Repository } from "../open_repository.ts";
import { git } from "../git.ts";
import { containsCommit } from "../refs/contains_commit.ts";
import { nameByResults } from "./_step_context.ts";
import type { Operation } from "./operation.ts";

/** What an operation waited for, and how it came. */
export interface Arrival {
  /** Name of the remote. */
  readonly remote: string;
  /** Short name of the branch. */
  readonly branch: string;
  /** Full hash of the commit with which the branch got it, and with which the operation went on. */
  readonly commit: string;
  /** First line of its message. */
  readonly subject: string;
  /** Whether the branch has the history of what was waited for; a squash or a rebase brings the changes only. */
  readonly hasHistory: boolean;
  /** Whether the commit is a merge; a squash, a rebase or a fast-forward makes none. */
  readonly isMerge: boolean;
}

/**
 * List what an operation waited for and got.
 *
 * @param repository The repository
 * @param operation The operation
 * @returns One arrival for each complete step that waited, in order
 */
export async function listArrivals(
  repository: Repository,
  { steps, results }: Pick<Operation, "steps" | "results">,
): Promise<readonly Arrival[]> {
  const arrivals: Arrival[] = [];
  for (const step of steps) {
    const commit = results[step.id];
    if (step.type !== "await" || commit === undefined) continue;
    const shown = await git(["show", "--no-patch", "--format=%P%x00%s", "--no-show-signature", commit], {
      cwd: repository.root,
    });
    const [parents, subject] = shown.split("\0");
    arrivals.push({
      remote: step.remote,
      branch: step.branch,
      commit,
      subject: subject!.trim(),
      hasHistory: await containsCommit(repository, commit, nameByResults(results)(step.contains)),
      isMerge: parents!.includes(" "),
    });
  }
  return arrivals;
}
