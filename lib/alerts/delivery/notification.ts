/** One alert of a {@linkcode Notification}. */
export interface NotifiedAlert {
  /** Whether it fires now, or is over. */
  readonly status: "firing" | "resolved";
  /** What tells it from others; `alertname` and `severity` among them. */
  readonly labels: Readonly<Record<string, string>>;
  /** What a person reads: `summary`, `description`, `runbook`. */
  readonly annotations: Readonly<Record<string, string>>;
  /** Since when it fires, in milliseconds since the epoch. */
  readonly startsAt: number;
  /** When it ended, in milliseconds since the epoch; `null` while it fires. */
  readonly endsAt: number | null;
  /** What was measured last; `null` when there was no data. */
  readonly value: number | null;
  /** A digest of the labels. */
  readonly fingerprint: string;
}

/** What a receiver is told: the alerts of one group. */
export interface Notification {
  /** The receiver's name in the configuration. */
  readonly receiver: string;
  /** `firing` while any alert of the group fires. */
  readonly status: "firing" | "resolved";
  /** What tells the group from others; the same text as long as the group lives. */
  readonly groupKey: string;
  /** The labels that all alerts of the group were grouped by. */
  readonly groupLabels: Readonly<Record<string, string>>;
  /** The alerts. */
  readonly alerts: readonly NotifiedAlert[];
  /** How many more alerts there are that are not in the list. */
  readonly truncated: number;
}
