import type { TrackedAlert } from "./alert_state.ts";

/** Stage of an alert; `inactive` means that its rule is not breached and nothing is stored. */
export type AlertStage = "inactive" | TrackedAlert["state"];

/** A change of an alert's state. */
export interface AlertChange {
  /** Stage before the change. */
  readonly from: AlertStage;
  /** Stage after the change; `inactive` when a pending alert clears. */
  readonly to: AlertStage;
  /** The alert after the change; if `to` is `inactive`, before it. */
  readonly alert: TrackedAlert;
}
