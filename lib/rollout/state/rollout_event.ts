/**
 * State of a rollout:
 * - `idle`: there is none
 * - `running`: it advances by itself
 * - `paused`: its share stays until somebody resumes it; it can still be aborted
 * - `degraded`: it was aborted or its record was lost, and everything gets the stable alternative
 * - `completed`: everything gets what was rolled out
 */
export type RolloutState = "idle" | "running" | "paused" | "degraded" | "completed";

/** What changed a rollout; `lose` means that its record could not be read. */
export type RolloutAction = "start" | "advance" | "pause" | "resume" | "abort" | "retry" | "end" | "lose";

/** One transition of a rollout: one line in the file of events. */
export interface RolloutEvent {
  /** Number of the transition; equals the record's revision after it. */
  readonly id: number;
  /** Time, ISO 8601 UTC. */
  readonly time: string;
  /** Name of the rollout; empty if it is unknown. */
  readonly rollout: string;
  /** What happened. */
  readonly action: RolloutAction;
  /** Who decided: a person, the judge, the end of a pause, or the program that found the record unreadable. */
  readonly by: "person" | "judge" | "clock" | "program";
  /** State before. */
  readonly from: RolloutState;
  /** State after. */
  readonly to: RolloutState;
  /** Index of the step after it. */
  readonly step: number;
  /** Share of the canary after it, from 0 to 100. */
  readonly weight: number;
  /** Reason of the transition, as a sentence without a period; `rollout status` shows it. */
  readonly reason: string;
  /** Reason of a person who advanced it without the judge; absent otherwise. */
  readonly override?: string | undefined;
}
