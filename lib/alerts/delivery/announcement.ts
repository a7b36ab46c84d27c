/** Something that happened once, and is not over later: a change of mode, a restart. */
export interface Announcement {
  /** Decide the route, and silences; `alertname` and `severity` among them. */
  readonly labels: Readonly<Record<string, string>>;
  /** What a person reads: `summary`, `description`, `runbook`. */
  readonly annotations: Readonly<Record<string, string>>;
}
