import type { BranchPlan } from "../strategy/plan_start.ts";

/** The steps of a release, and what a person should know about them. */
export interface ReleasePlan extends BranchPlan {
  /** The tag that it makes, such as `v1.1.0-rc.1`; `null` if it makes none. */
  readonly tag: string | null;
  /** Short name of the release's branch. */
  readonly branch: string;
}
