import type { AlertChange } from "./states/alert_change.ts";
import type { DueNotification } from "./delivery/plan_notifications.ts";

/** An event that an {@linkcode AlertManager} reports to its `onEvent` callback. */
export type AlertEvent =
  | {
    /** An alert changed its state. */
    readonly type: "change";
    /** The alert, with its previous and its new state. */
    readonly change: AlertChange;
  }
  | {
    /** A receiver accepted a notification. */
    readonly type: "sent";
    /** The notification, with its address. */
    readonly due: DueNotification;
  }
  | {
    /** A receiver refused a notification, or could not be reached; it is sent again after a wait. */
    readonly type: "failed";
    /** The notification, with its address. */
    readonly due: DueNotification;
    /** The reason; contains no secret. */
    readonly message: string;
  }
  | {
    /** A notification left, and no answer came in time. It may have arrived, and is not sent again for that. */
    readonly type: "unanswered";
    /** The notification, with its address. */
    readonly due: DueNotification;
    /** The reason; contains no secret. */
    readonly message: string;
  }
  | {
    /** A problem that does not stop the manager, such as a state file that cannot be written. */
    readonly type: "warning";
    /** The problem, in words for a person; contains no secret. */
    readonly message: string;
  };
