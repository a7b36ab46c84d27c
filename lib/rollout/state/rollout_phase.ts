/**
 * Phase of a rollout:
 * - `idle`: there is none
 * - `running`: it advances by itself
 * - `paused`: its share stays until somebody resumes it; it can still be aborted
 * - `degraded`: it was aborted or its state was lost, and everything gets the stable alternative
 * - `completed`: everything gets what was rolled out
 */
export type RolloutPhase = "idle" | "running" | "paused" | "degraded" | "completed";
