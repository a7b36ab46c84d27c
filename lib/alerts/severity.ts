/** How bad: `critical` is told at once, the others may wait for a batch. */
export type Severity = "critical" | "warning" | "info";

/** All severities, the worst first. */
export const SEVERITIES: readonly Severity[] = ["critical", "warning", "info"];
