import type { RolloutPlan } from "../config/rollout_plan.ts";
import { EMPTY_ARMS, type StageArms } from "../stage/judge_stage.ts";
import type { RolloutEvent, RolloutState } from "./rollout_event.ts";

/** Where a rollout is. */
export interface RolloutPlace {
  /** Whether it advances, waits for a person, or has ended. */
  readonly state: RolloutState;
  /** The plan; `null` while idle, and if the record was lost. */
  readonly plan: RolloutPlan | null;
  /** Identifies the attempt; a decision about a key is kept for one attempt. Empty while idle. */
  readonly attempt: string;
  /** Index of the step that it waits at; the number of steps once it is completed. */
  readonly step: number;
  /** Share of the canary in force, from 0 to 100. */
  readonly weight: number;
}

/** What is stored of a rollout. Times are milliseconds since the epoch. */
export interface RolloutRecord extends RolloutPlace {
  /** Number of transitions so far, which is the `id` of the last one; counts of downloads do not change it. */
  readonly revision: number;
  /** Start of the current step. */
  readonly stepEnteredAt: number;
  /** Reason of the last transition. */
  readonly reason: string;
  /** What was measured since the share last changed. */
  readonly arms: StageArms;
  /** The last transitions, oldest first; at most {@linkcode MAX_EVENTS}. */
  readonly events: readonly RolloutEvent[];
}

/** Number of transitions that a record keeps. The file of events has all of them. */
export const MAX_EVENTS = 20;

/** The record without a rollout. */
export const IDLE_ROLLOUT: RolloutRecord = {
  revision: 0,
  state: "idle",
  plan: null,
  attempt: "",
  step: 0,
  weight: 0,
  stepEnteredAt: 0,
  reason: "no rollout was started",
  arms: EMPTY_ARMS,
  events: [],
};
