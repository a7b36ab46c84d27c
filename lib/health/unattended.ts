import { type ProblemId, PROBLEMS } from "../problems/mod.ts";
import type { HealthCheck, HealthRow } from "./health_check.ts";

/** What a monitor knows when it chooses the checks of a round. */
export interface UnattendedMoment {
  /** Whether a run is under way, which asks the hosts and reads the catalog itself. */
  readonly isRunning: boolean;
  /** Whether the catalog is as it was when it was last checked. */
  readonly isCatalogUnchanged: boolean;
  /** Names of the checks that failed when they last ran. */
  readonly failed: ReadonlySet<string>;
}

/**
 * Choose the checks that may run every few minutes while nobody waits for them: they wake no sleeping disk, send nothing
 * that a run sends anyway, and say nothing that an alert rule of its own says. One that failed runs again until it is
 * good.
 *
 * @param checks All checks
 * @param moment What the library is doing
 * @returns The checks to run now
 */
export function chooseUnattended(
  checks: readonly HealthCheck[],
  { isRunning, isCatalogUnchanged, failed }: UnattendedMoment,
): readonly HealthCheck[] {
  return checks.filter(({ name, touches, problem = null }) => {
    if (hasOwnRule(problem)) return false;
    switch (touches) {
      case "state":
        return true;
      case "network":
        return !isRunning || failed.has(name);
      case "catalog":
        return (!isRunning && !isCatalogUnchanged) || failed.has(name);
      case "logs":
      case "disk":
      case "processor":
        return false;
    }
  });
}

function hasOwnRule(problem: ProblemId | null): boolean {
  return problem !== null && PROBLEMS[problem].alert !== undefined;
}

/** What is remembered of a check from round to round. */
export interface WatchedCheck {
  /** What it found last. */
  readonly row: HealthRow;
  /** Whether that counts as a failure, as good, or as neither. */
  readonly kind: "fail" | "good" | "skipped";
  /** Number of rounds in a row with that kind. */
  readonly rounds: number;
  /** Time of the first round in a row that found its status, ISO 8601 UTC. */
  readonly since: string;
  /** Whether it is notified as failing; `null` while nothing is known. */
  readonly isFailing: boolean | null;
}

/** What is remembered of all checks, by their names. */
export type HealthWatch = ReadonlyMap<string, WatchedCheck>;

/** A single failure may be chance, such as a request that was lost. */
const ROUNDS = 2;

/**
 * Add a round: a check begins to fail with the second failure in a row, and is over with the first good result. Two
 * rounds in a row that could not judge it end it too. A failure whose problem has an alert rule of its own does not
 * count.
 *
 * @param before What is remembered
 * @param round The findings, and when they were made; checks that did not run stay as they are
 * @returns What to remember
 */
export function advanceWatch(
  before: HealthWatch,
  { time, checks }: { readonly time: string; readonly checks: readonly HealthRow[] },
): HealthWatch {
  const after = new Map(before);
  for (const row of checks) {
    const last = before.get(row.name);
    const kind = kindOf(row);
    const isSame = last?.kind === kind;
    const rounds = isSame ? last.rounds + 1 : 1;
    const isSettled = kind === "good" || rounds >= ROUNDS;
    const isFailing = isSettled ? kind === "fail" : last?.isFailing ?? null;
    // A failure that a rule of its own notifies of counts as good, but did not begin with the good rounds before it.
    const since = last?.row.status === row.status ? last.since : time;
    after.set(row.name, { row, kind, rounds, since, isFailing });
  }
  return after;
}

function kindOf({ status, problem }: HealthRow): WatchedCheck["kind"] {
  if (status === "skipped") return "skipped";
  return status === "fail" && !hasOwnRule(problem) ? "fail" : "good";
}
