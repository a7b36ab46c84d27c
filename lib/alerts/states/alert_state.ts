import type { Severity } from "../severity.ts";

/** An alert that is pending, firing or recently resolved. Inactive alerts are not stored. */
export interface TrackedAlert {
  /** The rule's name. */
  readonly rule: string;
  /** Digest of the labels, 16 hexadecimal digits. */
  readonly fingerprint: string;
  /** The severity that the rule sets. */
  readonly severity: Severity;
  /** The labels that identify the alert. */
  readonly labels: Readonly<Record<string, string>>;
  /** Texts for people, with the placeholders filled in. */
  readonly annotations: Readonly<Record<string, string>>;
  /** `pending` while the breach is shorter than the rule's `for`, then `firing`, then `resolved`. */
  readonly state: "pending" | "firing" | "resolved";
  /** When the breach began, in milliseconds since the epoch. */
  readonly activeAt: number;
  /** When it last started to fire; `null` if it never did. */
  readonly firedAt: number | null;
  /** When it last resolved; kept while it is pending again, `null` while it fires. */
  readonly resolvedAt: number | null;
  /** When the rule was last found breached. */
  readonly breachedAt: number;
  /** The value when the rule was last found breached; `null` if there was no data. */
  readonly value: number | null;
  /** What was measured when it last resolved; kept and dropped with `resolvedAt`. */
  readonly end: AlertEnd | null;
}

/** The end of an alert. */
export interface AlertEnd {
  /** The value at the end; `null` if there was no data. */
  readonly value: number | null;
  /** The texts of the alert that ended, with the value at the end in `value`; without `value` if there was no data. */
  readonly annotations: Readonly<Record<string, string>>;
}

/** What was sent to one address of a receiver about a group. */
export interface Delivery {
  /** When the address last accepted a notification; `null` if it never did. */
  readonly sentAt: number | null;
  /** Fingerprints of the alerts that the address was last notified of as firing. */
  readonly firing: readonly string[];
  /**
   * Those of `firing` that have been muted since, or that a process was sending when it died. They are sent again if
   * they fire and are not muted.
   */
  readonly hidden: readonly string[];
  /**
   * Fingerprints of firing alerts that the address did not accept. It is told of them late, even if they have ended by
   * then, and of their end afterwards.
   */
  readonly missed: readonly string[];
  /** Whether a notification is due that the address has not accepted yet. */
  readonly isOwed: boolean;
  /**
   * A process is sending until this time at the latest; `null` if none is. After this time, that process must have
   * died, and it is unknown whether its notification arrived.
   */
  readonly leaseAt: number | null;
  /** Fingerprints of the alerts that this process is sending as firing. */
  readonly claimed: readonly string[];
  /** Why the last notification is not confirmed; `null` if the address accepted it. */
  readonly trouble: DeliveryTrouble | null;
}

/** A notification that an address has not confirmed. */
export interface DeliveryTrouble {
  /** When the first attempt failed. */
  readonly sinceAt: number;
  /** Number of deliveries that failed since then. */
  readonly tries: number;
  /**
   * When the notification is sent again; `null` if it left and no answer came: it may have arrived, so it is not sent
   * again for that.
   */
  readonly retryAt: number | null;
  /** The reason of the last failure, without secrets. */
  readonly message: string;
  /** The names of the alerts in the notification. */
  readonly alerts: readonly string[];
}

/** A period in which nobody is notified that an alert fires. */
export interface Silence {
  /** End, exclusive, in milliseconds since the epoch. */
  readonly endsAt: number;
  /** The reason; may be empty. */
  readonly comment: string;
}

/** Alerts that are sent in one notification, and its deliveries. */
export interface NotificationGroup {
  /** When the group is next checked for changes to send; `null` while it has no alerts. */
  readonly nextAt: number | null;
  /** Deliveries by the name of the address. */
  readonly deliveries: Readonly<Record<string, Delivery>>;
}

/**
 * Everything that must survive a restart, as plain data. Times are milliseconds since the epoch, in fields with names
 * that end in `At`.
 */
export interface AlertState {
  /** When rules were last evaluated; 0 if never. */
  readonly evaluatedAt: number;
  /** Alerts by fingerprint. */
  readonly alerts: Readonly<Record<string, TrackedAlert>>;
  /** Notification groups by group key. */
  readonly groups: Readonly<Record<string, NotificationGroup>>;
  /** Silences by the names of what they silence: `RULE`, or `RULE:VALUE` for the alerts with that value of a label. */
  readonly silences: Readonly<Record<string, Silence>>;
}

/** The state before the first evaluation. */
export const EMPTY_ALERT_STATE: AlertState = {
  evaluatedAt: 0,
  alerts: {},
  groups: {},
  silences: {},
};
