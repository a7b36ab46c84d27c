import type { AlertRule } from "../rules/alert_rule.ts";
import type { LabelMatcher } from "../rules/label_matcher.ts";

/** Where alerts go, how they are put together, and how often they are told. */
export interface AlertRoute {
  /** Which alerts; all, for the last route. */
  readonly matchers: readonly LabelMatcher[];
  /** The receiver's name. */
  readonly receiver: string;
  /** Alerts with the same values of these labels go into one notification; `...` is all labels. */
  readonly groupBy: readonly string[];
  /** How long a new group waits for more. */
  readonly groupWaitMs: number;
  /** How long a group waits after a notification until it tells what is new. */
  readonly groupIntervalMs: number;
  /** What still fires is told again after this time. */
  readonly repeatIntervalMs: number;
}

/** While a source fires, its targets are not told. */
export interface InhibitRule {
  /** Which alerts silence others. */
  readonly source: readonly LabelMatcher[];
  /** Which alerts are silenced. */
  readonly target: readonly LabelMatcher[];
  /** Labels that both must have with the same value. */
  readonly equal: readonly string[];
}

/** A receiver as the file describes it. */
export interface ReceiverSpec {
  /** Its name. */
  readonly name: string;
  /** Where it sends to; each address is told for itself. */
  readonly urls: readonly string[];
}

/** A dead man's switch: a service that calls when it hears nothing. */
export interface HeartbeatSpec {
  /** The address of the check; may hold `${NAME}`. */
  readonly url: string;
  /** How often it is to hear from the monitor. */
  readonly everyMs: number;
}

/** A configuration that was found sound. */
export interface AlertsConfig {
  /** All rules, those of service levels too. */
  readonly rules: readonly AlertRule[];
  /** In the order in which they are tried; the last takes all. */
  readonly routes: readonly AlertRoute[];
  /** What mutes what. */
  readonly inhibit: readonly InhibitRule[];
  /** By name. */
  readonly receivers: readonly ReceiverSpec[];
  /** The dead man's switch, if there is one. */
  readonly heartbeat: HeartbeatSpec | null;
}
