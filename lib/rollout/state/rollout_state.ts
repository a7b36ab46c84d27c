import type { RolloutPlan } from "../config/rollout_plan.ts";
import { EMPTY_ARMS, type StageArms } from "../stage/judge_stage.ts";
import type { RolloutEvent, RolloutPhase } from "./rollout_event.ts";

/** Where a rollout is. */
export interface RolloutPlace {
  /** The phase. */
  readonly phase: RolloutPhase;
  /** The plan; `null` while idle, and if the state was lost. */
  readonly plan: RolloutPlan | null;
  /** Identifies the attempt; a decision about a key is kept for one attempt. Empty while idle. */
  readonly attempt: string;
  /** Index of the step that it waits at; the number of steps once it is completed. */
  readonly step: number;
  /** Share of the canary in force, from 0 to 100. */
  readonly weight: number;
}

/** The whole state of a rollout. Times are milliseconds since the epoch. */
export interface RolloutState extends RolloutPlace {
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

/** Number of transitions that a state keeps. The file of events has all of them. */
export const MAX_EVENTS = 20;

/** The state without a rollout. */
export const IDLE_STATE: RolloutState = {
  revision: 0,
  phase: "idle",
  plan: null,
  attempt: "",
  step: 0,
  weight: 0,
  stepEnteredAt: 0,
  reason: "no rollout was started",
  arms: EMPTY_ARMS,
  events: [],
};
