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
  "disk",
  "hung",
  "dns",
  "tls",
  "connection",
  "timeout",
  "server",
  "throttled",
  "quota",
  "catalog",
  "state",
  "clock",
  "tripped",
  "held-by-hand",
  "no-progress",
  "slow-host",
  "breaker",
  "engine-mode",
  "creator-fails",
  "high-memory",
  "disk-filling",
  "rollout",
  "undelivered-alerts",
  "slow",
];

/** What runs say is a trace of something else, if that is still wrong. */
const TRACES: ReadonlySet<string> = new Set(["runs"]);

/**
 * Find what to mend first.
 *
 * @param rows The findings
 * @returns The finding that explains most of the others; `null` if nothing is wrong
 */
export function findCause(rows: readonly HealthRow[]): HealthRow | null {
  const wrong = rows.filter(({ status }) => status === "fail" || status === "warn");
  return wrong.toSorted((a, b) => rankOf(a) - rankOf(b))[0] ?? null;
}

function rankOf({ name, problem, status }: HealthRow): number {
  const place = problem === null ? -1 : ORDER.indexOf(problem);
  const rank = place === -1 ? ORDER.length : place;
  // A failure without an entry is worse than a warning without one.
  return (TRACES.has(name) ? 1000 : 0) + rank * 2 + (status === "fail" ? 0 : 1);
}
