import type { AlertChange } from "./states/alert_change.ts";
import type { DueNotification } from "./delivery/plan_notifications.ts";

/** What an {@linkcode AlertManager} tells while it works. */
export type AlertEvent =
  | {
    /** An alert changed its state. */
    readonly type: "change";
    /** How. */
    readonly change: AlertChange;
  }
  | {
    /** A receiver took a notification. */
    readonly type: "sent";
    /** The notification, and the receiver that it is for. */
    readonly due: DueNotification;
  }
  | {
    /** A receiver did not take a notification; it is told again. */
    readonly type: "failed";
    /** The notification, and the receiver that it is for. */
    readonly due: DueNotification;
    /** Why, in words that are safe to show. */
    readonly message: string;
  }
  | {
    /** Something is not as it should be, and work goes on. */
    readonly type: "warning";
    /** What. */
    readonly message: string;
  };
