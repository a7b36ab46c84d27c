import type { Severity } from "../severity.ts";
import type { Silence } from "../delivery/silence.ts";

/** An alert that is or was. An inactive one is not kept. */
export interface TrackedAlert {
  /** The rule's name. */
  readonly rule: string;
  /** A digest of the labels. */
  readonly fingerprint: string;
  /** How bad. */
  readonly severity: Severity;
  /** What tells it from others. */
  readonly labels: Readonly<Record<string, string>>;
  /** Texts for people, filled in. */
  readonly annotations: Readonly<Record<string, string>>;
  /** Waiting for the rule's `for`, telling, or over. */
  readonly state: "pending" | "firing" | "resolved";
  /** Since when the rule is breached, in milliseconds since the epoch. */
  readonly activeAt: number;
  /** Since when it fires, or fired last. */
  readonly firedAt: number | null;
  /** When it ended; kept while it is pending anew. */
  readonly resolvedAt: number | null;
  /** When the rule was breached last. */
  readonly breachedAt: number;
  /** What was measured last; `null` when there was no data. */
  readonly value: number | null;
}

/** What one address of a receiver knows of a group. */
export interface Delivery {
  /** When it took the last notification. */
  readonly sentAt: number | null;
  /** Fingerprints of the alerts that it believes to fire. */
  readonly firing: readonly string[];
  /** Those of them that were muted since: once they are not any more, they are told again. */
  readonly hidden: readonly string[];
  /** It was to be told something and did not take it yet. */
  readonly isOwed: boolean;
  /** Until then a process is busy telling it; if that passes, the process died, and nobody knows what was told. */
  readonly leaseAt: number | null;
  /** Fingerprints of what that process tells to fire. */
  readonly claimed: readonly string[];
}

/** Alerts that are told together. */
export interface NotificationGroup {
  /** The receiver's name. */
  readonly receiver: string;
  /** The labels that they have in common. */
  readonly labels: Readonly<Record<string, string>>;
  /** When it is looked at next for something new. */
  readonly nextAt: number;
  /** By address. */
  readonly deliveries: Readonly<Record<string, Delivery>>;
}

/** All that must outlive a restart. Plain data: moments in milliseconds since the epoch, in fields that end in `At`. */
export interface AlertState {
  /** When rules were evaluated last; 0 for never. */
  readonly evaluatedAt: number;
  /** When the rules of a group were evaluated last, by the group's name. */
  readonly rounds: Readonly<Record<string, { readonly evaluatedAt: number }>>;
  /** By fingerprint. */
  readonly alerts: Readonly<Record<string, TrackedAlert>>;
  /** By group key. */
  readonly groups: Readonly<Record<string, NotificationGroup>>;
  /** What nobody wants to hear of for a time. */
  readonly silences: readonly Silence[];
}

/** The state before anything happened. */
export const EMPTY_ALERT_STATE: AlertState = { evaluatedAt: 0, rounds: {}, alerts: {}, groups: {}, silences: [] };
