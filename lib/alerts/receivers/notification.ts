/** One alert of a {@linkcode Notification}. */
export interface NotifiedAlert {
  /** Whether the alert fires now or has ended. */
  readonly status: "firing" | "resolved";
  /** The labels that identify the alert, including `alertname` and `severity`. */
  readonly labels: Readonly<Record<string, string>>;
  /** Texts for people: `summary`, `remedy`, `runbook`, `value`, `machine`, `library`. */
  readonly annotations: Readonly<Record<string, string>>;
  /** When the alert started to fire, in milliseconds since the epoch. */
  readonly startsAt: number;
  /**
   * When it ended, in milliseconds since the epoch; `null` while it fires. An alert with the status `firing` and an end
   * is sent late: the address did not accept it before, and gets the end in the next notification.
   */
  readonly endsAt: number | null;
  /** The value at the last breach, of a resolved alert at its end; `null` if there was no data. */
  readonly value: number | null;
  /** Digest of the labels, 16 hexadecimal digits. */
  readonly fingerprint: string;
}

/** The message to a receiver: the alerts of one group. */
export interface Notification {
  /** `firing` while any alert of the group fires. */
  readonly status: "firing" | "resolved";
  /** Identifies the group; stays the same as long as the group exists. */
  readonly groupKey: string;
  /** The labels that the alerts are grouped by, with their values. */
  readonly groupLabels: Readonly<Record<string, string>>;
  /** Firing alerts first, then ended ones. */
  readonly alerts: readonly NotifiedAlert[];
}
