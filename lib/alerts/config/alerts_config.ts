import type { AlertRule } from "../rules/alert_rule.ts";
import type { LabelMatcher } from "../rules/label_matcher.ts";

/** Where alerts go, how they are grouped, and how often they are sent. */
export interface AlertRoute {
  /** Matchers that select the alerts; empty for the last route, which matches all alerts. */
  readonly matchers: readonly LabelMatcher[];
  /** The receiver's name; empty to send nothing. */
  readonly receiver: string;
  /** Alerts with the same values of these labels go into one notification; `...` means all labels. */
  readonly groupBy: readonly string[];
  /** How long a new group waits for more alerts before its first notification, in milliseconds. */
  readonly groupWaitMs: number;
  /** How long a group waits before it is checked for changes again, in milliseconds. */
  readonly groupIntervalMs: number;
  /** How long after a notification it is repeated if its alerts still fire, in milliseconds. */
  readonly repeatIntervalMs: number;
}

/** Mutes alerts that match `target` while an alert that matches `source` fires. */
export interface InhibitRule {
  /** Matchers of the alerts that mute others. */
  readonly source: readonly LabelMatcher[];
  /** Matchers of the alerts that are muted. */
  readonly target: readonly LabelMatcher[];
  /** Labels whose values must be the same in both alerts; an absent label counts as empty. */
  readonly equal: readonly string[];
}

/** A receiver as written in the file. */
export interface ReceiverSpec {
  /** The name that routes refer to. */
  readonly name: string;
  /** The addresses; each has its own delivery state. They may contain `${NAME}`. */
  readonly urls: readonly string[];
}

/** A dead man's switch: a service that raises an alarm when pings stop. */
export interface HeartbeatSpec {
  /** The address of the check; may contain `${NAME}`. */
  readonly url: string;
  /** Time between two pings of the monitor, in milliseconds. */
  readonly everyMs: number;
}

/** A configuration that was checked and has no mistakes. */
export interface AlertsConfig {
  /** All rules, including those of service levels. */
  readonly rules: readonly AlertRule[];
  /** Routes in the order in which they are tried; the last one matches all alerts. */
  readonly routes: readonly AlertRoute[];
  /** Which firing alerts mute which others. */
  readonly inhibit: readonly InhibitRule[];
  /** All receivers; their names are unique. */
  readonly receivers: readonly ReceiverSpec[];
  /** The dead man's switch; `null` if the file has none. */
  readonly heartbeat: HeartbeatSpec | null;
}
