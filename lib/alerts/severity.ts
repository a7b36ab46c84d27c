/** Severity of an alert. With the default routes `critical` is sent at once, the others wait for a batch. */
export type Severity = "critical" | "warning" | "info";

/** All severities, the highest first. */
export const SEVERITIES: readonly Severity[] = ["critical", "warning", "info"];
