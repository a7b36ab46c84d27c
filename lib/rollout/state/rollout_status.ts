import type { Judgement } from "../stage/judgement.ts";
import type { RolloutEvent, RolloutState } from "./rollout_event.ts";

/** One step of the plan, as status shows it. */
export interface RolloutStatusStep {
  /** The step in words, such as `10 %` or `pause of 1h`. */
  readonly text: string;
  /** Whether the rollout has left it, waits at it, or has it before it. */
  readonly state: "done" | "current" | "ahead";
}

/** The state of a rollout for people and programs: where it is, why, and what it waits for. */
export interface RolloutStatus {
  /** What a command changed, as a sentence; `null` if it changed nothing. */
  readonly done: string | null;
  /** Whether it advances, waits for a person, or has ended. */
  readonly state: RolloutState;
  /** Name of the rollout; `null` without one. */
  readonly rollout: string | null;
  /** The stable alternative; `null` without a rollout. */
  readonly from: string | null;
  /** What is rolled out; `null` without a rollout. */
  readonly to: string | null;
  /** Share of the canary in force, from 0 to 100. */
  readonly weight: number;
  /** Steps of the plan. */
  readonly steps: readonly RolloutStatusStep[];
  /** Start of the current step, ISO 8601 UTC; `null` without a rollout. */
  readonly stepEnteredAt: string | null;
  /** Which engine fetches what, as a sentence. */
  readonly effect: string;
  /** Reason of the last transition. */
  readonly reason: string;
  /** What it waits for, in words. */
  readonly waitsFor: string;
  /** The command that continues it; `null` if there is nothing to do. */
  readonly next: string | null;
  /** Whether it waits for evidence: there are too few downloads. */
  readonly isInconclusive: boolean;
  /** Figures and decision of the judge about the current or aborted stage; `null` if there is none. */
  readonly judgement: Judgement | null;
  /** The last transitions, oldest first. */
  readonly events: readonly RolloutEvent[];
}
