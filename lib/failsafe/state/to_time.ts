/** Convert milliseconds since the epoch to ISO 8601 UTC. */
export function toTime(ms: number): string {
  return new Date(ms).toISOString();
}

/** Convert milliseconds since the epoch to ISO 8601 UTC; `null` remains `null`. */
export function toTimeOrNull(ms: number | null): string | null {
  return ms === null ? null : toTime(ms);
}
