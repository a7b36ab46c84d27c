import type { SoakResult } from "./soak_work.ts";

/** The counts of an interval, or of a whole run over all its sessions. */
export interface SoakCounts {
  /** Jobs that ended. */
  ops: number;
  /** Jobs without failures or mismatches, in which nothing is missing. */
  ok: number;
  /** All other jobs. */
  failed: number;
  /** Operations that were attempted, such as downloads. */
  attempts: number;
  /** Attempts that failed after all retries. */
  failures: number;
  /** Attempts that failed because of a timeout. */
  timeouts: number;
  /** Attempts that failed because they interfered with each other. */
  concurrencyErrors: number;
  /** Retries within attempts. */
  retries: number;
  /** Faults that occurred. */
  faults: number;
  /**
   * Jobs that succeeded despite a fault. A job that reports no fault count is included if faults were injected into it.
   */
  recovered: number;
  /** Jobs with a fault that failed or were lost; the same rule applies. */
  unrecovered: number;
  /** Operations that had to fail, and did; they are no attempts. */
  permanent: number;
  /** Items that jobs had to plan or deliver. */
  expected: number;
  /** Those of `expected` that are not there, without a reported failure. */
  missing: number;
  /** Bytes that jobs without faults had to fetch. */
  wantedBytes: number;
  /** Bytes that the source sent to these jobs. */
  wireBytes: number;
  /** Silences that were provoked, and have ended. */
  silences: number;
  /** Those of `silences` that were not ended in time. */
  lateCuts: number;
  /** Those of `silences` that were slow lines. */
  slowLines: number;
  /** Bytes received. */
  bytes: number;
  /** Files that were compared with their source. */
  files: number;
  /** Files that differed from their source. */
  mismatches: number;
  /** Jobs that were under way when the run was stopped or killed; no other field counts them. */
  unfinished: number;
  /** State changes of circuit breakers. */
  transitions: number;
  /** Requests, as counted by the client. */
  clientRequests: number;
  /** Requests, as counted by the server. */
  serverRequests: number;
  /** Bytes of complete bodies, as counted by the client. */
  clientBytes: number;
  /** Bytes of the same bodies, as counted by the server. */
  serverBytes: number;
  /** Bytes of incomplete bodies, as counted by the client. */
  brokenClientBytes: number;
  /** Bytes of the same incomplete bodies, as counted by the server. */
  brokenServerBytes: number;
  /** Differences between the counts of client and server. */
  differences: number;
  /** Jobs without such counts, for example because their process was lost; neither side's sums include them. */
  uncounted: number;
}

/** Create counts that are all 0. */
export function noCounts(): SoakCounts {
  return {
    ops: 0,
    ok: 0,
    failed: 0,
    attempts: 0,
    failures: 0,
    timeouts: 0,
    concurrencyErrors: 0,
    retries: 0,
    faults: 0,
    recovered: 0,
    unrecovered: 0,
    permanent: 0,
    expected: 0,
    missing: 0,
    wantedBytes: 0,
    wireBytes: 0,
    silences: 0,
    lateCuts: 0,
    slowLines: 0,
    bytes: 0,
    files: 0,
    mismatches: 0,
    unfinished: 0,
    transitions: 0,
    clientRequests: 0,
    serverRequests: 0,
    clientBytes: 0,
    serverBytes: 0,
    brokenClientBytes: 0,
    brokenServerBytes: 0,
    differences: 0,
    uncounted: 0,
  };
}

/**
 * Add the result of a job that ended.
 *
 * @param counts The counts to add to
 * @param result The result of the job
 * @param options Whether faults were injected; if so, a job that reports no fault count is considered to be affected by
 * one
 * @returns Whether the job succeeded, that is, has no failures and no mismatches, and nothing is missing
 */
export function countResult(
  counts: SoakCounts,
  result: SoakResult,
  options: { readonly isInjected?: boolean | undefined } = {},
): boolean {
  const { isInjected = false } = options;
  const { attempts = 1, failures = 0, timeouts = 0, concurrencyErrors = 0, retries = 0, faults = 0 } = result;
  const { bytes = 0, files = 0, mismatches = 0, transitions = 0, exchanges } = result;
  const { permanent = 0, expected = 0, missing = 0, wantedBytes = 0, wireBytes = 0 } = result;
  const isOk = failures === 0 && mismatches === 0 && missing === 0;
  counts.ops++;
  counts[isOk ? "ok" : "failed"]++;
  // Also count jobs that succeeded: with only failed jobs, the recovery rate would always be 0.
  const isHit = result.faults === undefined ? isInjected : faults > 0;
  if (isHit) counts[isOk ? "recovered" : "unrecovered"]++;
  const sums = { attempts, failures, timeouts, concurrencyErrors, retries, faults, bytes, files, mismatches };
  const more = { permanent, expected, missing, wantedBytes, wireBytes, transitions };
  for (const [name, value] of Object.entries({ ...sums, ...more })) counts[name as keyof SoakCounts] += value;
  if (exchanges === undefined) {
    counts.uncounted++;
    return isOk;
  }
  const { problems, ...both } = exchanges;
  for (const [name, value] of Object.entries(both)) counts[name as keyof SoakCounts] += value;
  counts.differences += problems.length;
  return isOk;
}

/** The counts of a group of jobs by which its rates are judged. */
export type SoakGroup = Pick<SoakCounts, "ops" | "attempts" | "failures" | "timeouts" | "recovered" | "unrecovered">;

/** Return the counts of a group after one more job. */
export function addToGroup(group: SoakGroup | undefined, own: SoakCounts): SoakGroup {
  return {
    ops: (group?.ops ?? 0) + own.ops,
    attempts: (group?.attempts ?? 0) + own.attempts,
    failures: (group?.failures ?? 0) + own.failures,
    timeouts: (group?.timeouts ?? 0) + own.timeouts,
    recovered: (group?.recovered ?? 0) + own.recovered,
    unrecovered: (group?.unrecovered ?? 0) + own.unrecovered,
  };
}

/** Add the counts `more` to `counts`. */
export function addCounts(counts: SoakCounts, more: SoakCounts): void {
  for (const [name, value] of Object.entries(more)) counts[name as keyof SoakCounts] += value;
}
