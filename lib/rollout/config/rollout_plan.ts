import type { JudgeRules } from "../stage/judge_rules.ts";

/** One step of a rollout: set the share of the canary, wait for the judge, or wait for a time. */
export type RolloutStep =
  | {
    readonly type: "weight";
    /** Share of the canary from now on, from 0 to 100. */
    readonly percentage: number;
  }
  | { readonly type: "analysis" }
  | {
    readonly type: "pause";
    /** Length of the pause in milliseconds; `null` if a person ends it. */
    readonly durationMs: number | null;
  };

/** What is rolled out, in which steps, and by which rules it is judged. */
export interface RolloutPlan {
  /** Name of the rollout, as state and messages show it. */
  readonly name: string;
  /** Text that the buckets depend on; see `bucketOf`. */
  readonly salt: string;
  /** Name of the stable alternative, such as a profile of the engine. */
  readonly from: string;
  /** Name of what is rolled out. */
  readonly to: string;
  /** The steps: the first sets a share, shares rise, and the last one is 100 %. */
  readonly steps: readonly RolloutStep[];
  /** Rules of the judge. */
  readonly rules: JudgeRules;
}
