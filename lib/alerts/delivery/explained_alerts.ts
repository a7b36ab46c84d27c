/** What fails of the checks of `doctor` while nothing arrives from the hosts. */
const HOST_CHECKS = ["api", "key", "storage", "failsafe"].map((check) => `HealthCheckFailing:${check}`);

/**
 * Which of the shipped alerts explain which others, by the names that `isNamed` takes: one message is enough. What
 * fails while nothing arrives is the same trouble, also the run that gave up waiting; timeouts are errors, and a refused
 * key or a full disk is why a run failed. Without the library, what is measured is another disk.
 *
 * No alert may explain itself, neither directly nor by way of others: none of them would be sent.
 */
export const EXPLAINED_ALERTS: Readonly<Record<string, readonly string[]>> = {
  LibraryMissing: [
    "NoProgress",
    "RunFailed",
    "NoSuccessFor48h",
    "ReserveReached",
    "DiskFilling",
    "HighDiskUsage",
    "HealthCheckFailing",
  ],
  NoProgress: ["HighErrorRate", "HighTimeoutRate", "RunFailed:download", "RunFailed:update", ...HOST_CHECKS],
  RunFailed: HOST_CHECKS,
  HighTimeoutRate: ["HighErrorRate"],
  KeyRejected: ["RunFailed", "HighErrorRate"],
  ReserveReached: ["RunFailed", "HighDiskUsage", "DiskFilling"],
};
