/** A one-time event that does not resolve later, such as a change of mode or a restart. */
export interface Announcement {
  /** Labels that routes and silences match, including `alertname` and `severity`. */
  readonly labels: Readonly<Record<string, string>>;
  /** Texts for people: `summary`, `description`, `runbook`. */
  readonly annotations: Readonly<Record<string, string>>;
}
