import type { OperationPlan, RefChange, Step, StepObject } from "../../git/mod.ts";
import type { SurveyedBranch } from "./survey_releases.ts";

/** The steps of a release, and what a person should know about them. */
export interface ReleasePlan extends OperationPlan {
  /** The tag that it makes, such as `v1.1.0-rc.1`; `null` if it makes none. */
  readonly tag: string | null;
  /** Short name of the release's branch. */
  readonly branch: string;
  /** What a person should know, as sentences without a period. */
  readonly notices: readonly string[];
}

/** A branch and the commit that it gets. */
export interface BranchTarget {
  readonly branch: SurveyedBranch;
  readonly after: StepObject;
}

/**
 * Build the steps that push branches and tags and then move the branches here. A branch that is checked out is not moved,
 * because its files would not follow; the remote has its commits.
 *
 * @param targets The branches
 * @param options Remote, and further changes of the push
 * @returns The steps, and a notice for each branch that stays where it is
 */
export function publishSteps(
  targets: readonly BranchTarget[],
  options: { readonly remote: string; readonly tags: readonly RefChange[] },
): { readonly steps: readonly Step[]; readonly notices: readonly string[] } {
  const { remote, tags } = options;
  const changes = targets.map(({ branch, after }) => ({
    ref: `refs/heads/${branch.name}`,
    before: branch.remote,
    after,
  }));
  const moved = targets.filter(({ branch }) => branch.local !== null && !branch.isCheckedOut);
  const kept = targets.filter(({ branch }) => branch.local !== null && branch.isCheckedOut);
  const local = moved.map(({ branch, after }) => ({ ref: `refs/heads/${branch.name}`, before: branch.local, after }));
  const steps: Step[] = [{ type: "push", id: "push", remote, changes: [...changes, ...tags] }];
  if (local.length > 0) steps.push({ type: "refs", id: "refs", changes: local });
  const notices = kept.map(({ branch: { name } }) =>
    `${name} is checked out, so it stays where it is here; afterwards: git pull --ff-only ${remote} ${name}`
  );
  return { steps, notices };
}
