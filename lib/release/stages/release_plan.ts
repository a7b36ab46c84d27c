import { hintOfMain } from "../strategy/hint_of_main.ts";
import type { Strategy } from "../strategy/strategy.ts";
import { shell } from "../../base/mod.ts";
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

/** What a push takes along besides branches. */
export interface PushStepOptions {
  /** Name of the step. */
  readonly id: string;
  /** Name of the remote. */
  readonly remote: string;
  /** Changes of tags. */
  readonly tags: readonly RefChange[];
  /** As in the step. */
  readonly settles?: string | undefined;
  /** Names the stable branch, for the hint of a push of it that the remote refuses. */
  readonly strategy: Pick<Strategy, "main">;
}

/**
 * Build the step that pushes branches and tags, all or none.
 *
 * @param targets The branches
 * @param options Remote and tags
 * @returns The step
 */
export function pushStep(targets: readonly BranchTarget[], options: PushStepOptions): Step {
  const { id, remote, tags, settles, strategy } = options;
  const changes = targets.map(({ branch, after }) => ({
    ref: `refs/heads/${branch.name}`,
    before: branch.remote,
    after,
  }));
  return {
    type: "push",
    id,
    remote,
    changes: [...changes, ...tags],
    ...settles === undefined ? {} : { settles },
    ...hintOfMain(strategy, changes),
  };
}

/** Where and when branches are moved here. */
export interface LocalStepOptions {
  /** Name of the remote. */
  readonly remote: string;
  /**
   * Name of the step.
   *
   * @default {"refs"}
   */
  readonly id?: string;
  /**
   * Whether a person may have moved them since an earlier push, while the rest waited.
   *
   * @default {false}
   */
  readonly skipsMoved?: boolean;
}

/**
 * Build the steps that move branches here after a push. A branch that is checked out is not moved, because its files
 * would not follow; the remote has its commits.
 *
 * @param targets The branches
 * @param options Remote and name
 * @returns The steps, and a notice for each branch that stays where it is
 */
export function localSteps(
  targets: readonly BranchTarget[],
  { remote, id = "refs", skipsMoved = false }: LocalStepOptions,
): { readonly steps: readonly Step[]; readonly notices: readonly string[] } {
  const moved = targets.filter(({ branch }) => branch.local !== null && !branch.isCheckedOut);
  const kept = targets.filter(({ branch }) => branch.local !== null && branch.isCheckedOut);
  const changes = moved.map(({ branch, after }) => ({ ref: `refs/heads/${branch.name}`, before: branch.local, after }));
  return {
    steps: changes.length === 0 ? [] : [{ type: "refs", id, changes, ...skipsMoved ? { skipsMoved } : {} }],
    notices: kept.map(({ branch: { name } }) =>
      `${name} is checked out, so it stays where it is here; afterwards: ` +
      shell`git pull --ff-only ${remote} ${name}`
    ),
  };
}
