import type { RolloutPhase } from "./rollout_phase.ts";

/** What changed a rollout; `lose` means that its state could not be read. */
export type RolloutAction = "start" | "advance" | "pause" | "resume" | "abort" | "retry" | "undo" | "end" | "lose";

/** One transition of a rollout: one line in the file of events. */
export interface RolloutEvent {
  /** Number of the transition; equals the state's revision after it. */
  readonly id: number;
  /** Time, ISO 8601 UTC. */
  readonly time: string;
  /** Name of the rollout; empty if it is unknown. */
  readonly rollout: string;
  /** What happened. */
  readonly action: RolloutAction;
  /** Who decided: a person, the judge, the end of a pause, or the program that found the state unreadable. */
  readonly by: "person" | "judge" | "clock" | "program";
  /** Phase before. */
  readonly from: RolloutPhase;
  /** Phase after. */
  readonly to: RolloutPhase;
  /** Index of the step after it. */
  readonly step: number;
  /** Share of the canary after it, from 0 to 100. */
  readonly weight: number;
  /** Reason of the transition, as a sentence without a period; `rollout status` shows it. */
  readonly reason: string;
  /** Reason of a person who advanced it without the judge; absent otherwise. */
  readonly override?: string | undefined;
}
