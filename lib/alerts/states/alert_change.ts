import type { TrackedAlert } from "./alert_state.ts";

/** What an alert may be; `inactive` is a rule that is not breached. */
export type AlertStage = "inactive" | TrackedAlert["state"];

/** That an alert changed its state. */
export interface AlertChange {
  /** What it was. */
  readonly from: AlertStage;
  /** What it became; `inactive` when a pending one went away. */
  readonly to: AlertStage;
  /** The alert. */
  readonly alert: TrackedAlert;
}
