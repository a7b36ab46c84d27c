import type { AlertRule } from "./alert_rule.ts";

/** A configuration that was checked and has no mistakes. */
export interface AlertsConfig {
  /** All rules; their names are unique. */
  readonly rules: readonly AlertRule[];
  /** How long alerts that are not critical wait for others, in milliseconds. */
  readonly groupWaitMs: number;
  /** How long after a notification it is repeated if its alerts still fire, in milliseconds. */
  readonly repeatIntervalMs: number;
  /** The addresses that are notified, as written in the file; they may contain `${NAME}`. */
  readonly receivers: readonly string[];
}
