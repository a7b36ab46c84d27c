import type { ProblemId } from "../problems/mod.ts";
import type { HealthRow } from "./health_check.ts";

/**
 * Problems by what explains what: one that comes first is the cause of those behind it, if both are found. The last
 * ones are what a person sees of the others.
 */
const ORDER: readonly ProblemId[] = [
  "library-missing",
  "newer-state",
  "config",
  "proxy-login",
  "reserve-reached",
  "key-rejected",
  "login",
  "no-key",
  "disk",
  "hung",
  "dns",
  "tls",
  "connection",
  "server",
  // What a run waits for says more than that a host gives no answer now.
  "no-progress",
  "short-timeout",
  "timeout",
  "throttled",
  "quota",
  "own-quota",
  "catalog",
  "state",
  "clock",
  "tripped",
  "paused-by-hand",
  "held-by-hand",
  "slow-host",
  "host-down",
  "breaker",
  "breaker-left",
  "paused",
  "engine-mode",
  "creator-fails",
  "no-library",
  "high-memory",
  "disk-filling",
  "rollout",
  "undelivered-alerts",
  "slow",
  "open-key-file",
  "open-files",
];

/**
 * Checks that see traces of something else, if that is still wrong: how a run ended says more than the timeouts that it
 * left in the metrics of the last hour.
 */
const TRACES: readonly string[] = ["runs", "timeouts"];

/**
 * Find what to mend first.
 *
 * @param rows The findings
 * @returns The failure that explains most of the others, or the warning if nothing failed; `null` if nothing is wrong
 */
export function findCause(rows: readonly HealthRow[]): HealthRow | null {
  const failed = rows.filter(({ status }) => status === "fail");
  const wrong = failed.length > 0 ? failed : rows.filter(({ status }) => status === "warn");
  return wrong.toSorted((a, b) => rankOf(a) - rankOf(b))[0] ?? null;
}

function rankOf({ name, problem }: HealthRow): number {
  const place = problem === null ? -1 : ORDER.indexOf(problem);
  return 1000 * (TRACES.indexOf(name) + 1) + (place === -1 ? ORDER.length : place);
}
