import type { SoakResult } from "../run/soak_work.ts";

/** All that is counted; of an interval or of a whole run, over all its sittings. */
export interface SoakCounts {
  /** Jobs that ended. */
  ops: number;
  /** Of these, jobs of which nothing failed. */
  ok: number;
  /** Of these, the others. */
  failed: number;
  /** Things that were tried. */
  attempts: number;
  /** Of these, those that failed after all retries. */
  failures: number;
  /** Of these, those that failed by a timeout. */
  timeouts: number;
  /** Of these, those that got into each other's way. */
  concurrencyErrors: number;
  /** Tries after the first. */
  retries: number;
  /** Faults that hit. */
  faults: number;
  /** Jobs that were hit by a fault and ended well; one that does not say so was hit if faults were injected into it. */
  recovered: number;
  /** Likewise those that did not end well, or were lost. */
  unrecovered: number;
  /** Bytes that came. */
  bytes: number;
  /** Files that were compared. */
  files: number;
  /** Files that were wrong. */
  mismatches: number;
  /** Jobs of a sitting that was stopped before its end or killed; they count for nothing else. */
  unfinished: number;
  /** Changes of breakers. */
  transitions: number;
  /** Requests by the client's count. */
  clientRequests: number;
  /** Requests by the server's count. */
  serverRequests: number;
  /** Bytes of whole bodies by the client's count. */
  clientBytes: number;
  /** Bytes of the same bodies by the server's count. */
  serverBytes: number;
  /** Bytes of broken bodies by the client's count. */
  brokenClientBytes: number;
  /** Bytes of broken bodies by the server's count. */
  brokenServerBytes: number;
  /** Differences between the two. */
  differences: number;
  /** Jobs whose own count was lost with their process, so that they are in neither sum. */
  uncounted: number;
}

/** Nothing was counted yet. */
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
 * Add a job that ended.
 *
 * @param counts What is added to
 * @param result How it went
 * @param options Whether faults were injected: a job that does not say how many hit it was hit by them
 * @returns Whether it went well
 */
export function countResult(
  counts: SoakCounts,
  result: SoakResult,
  options: { readonly isInjected?: boolean | undefined } = {},
): boolean {
  const { isInjected = false } = options;
  const { attempts = 1, failures = 0, timeouts = 0, concurrencyErrors = 0, retries = 0, faults = 0 } = result;
  const { bytes = 0, files = 0, mismatches = 0, transitions = 0, exchanges } = result;
  const isOk = failures === 0 && mismatches === 0;
  counts.ops++;
  counts[isOk ? "ok" : "failed"]++;
  // Whoever counted only those that went wrong would find that nothing ever recovers.
  const isHit = result.faults === undefined ? isInjected : faults > 0;
  if (isHit) counts[isOk ? "recovered" : "unrecovered"]++;
  const sums = { attempts, failures, timeouts, concurrencyErrors, retries, faults, bytes, files, mismatches };
  for (const [name, value] of Object.entries({ ...sums, transitions })) counts[name as keyof SoakCounts] += value;
  if (exchanges === undefined) {
    counts.uncounted++;
    return isOk;
  }
  const { problems, ...both } = exchanges;
  for (const [name, value] of Object.entries(both)) counts[name as keyof SoakCounts] += value;
  counts.differences += problems.length;
  return isOk;
}

/** Add all of one to another. */
export function addCounts(counts: SoakCounts, more: SoakCounts): void {
  for (const [name, value] of Object.entries(more)) counts[name as keyof SoakCounts] += value;
}
