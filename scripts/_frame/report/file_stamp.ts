/** Format a time for the name of a report: `20261125-120000`, in UTC. */
export function fileStamp(now: Date): string {
  return now.toISOString().slice(0, 19).replaceAll(/[-:]/g, "").replace("T", "-");
}
