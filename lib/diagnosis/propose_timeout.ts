import { censoredQuantile } from "../stats/mod.ts";
import type { WaitStep } from "../failsafe/mod.ts";
import type { LoggedWaits, WaitGroup } from "./collect_waits.ts";

/** A proposed timeout, and what is known about it. */
export interface TimeoutProposal {
  /** The host; `*` for all hosts. */
  readonly host: string;
  /** What it limits. */
  readonly step: WaitStep;
  /** The limit in the newest line of the log, in milliseconds. */
  readonly currentMs: number;
  /** The proposed limit, in milliseconds. */
  readonly proposedMs: number;
  /** The quantile of 99 %, in milliseconds; `null` if it is longer than any limit that was in force. */
  readonly quantileMs: number | null;
  /** Number of waits in the log, without outages. */
  readonly waits: number;
  /** Number of them that timed out. */
  readonly timeouts: number;
  /** Timeouts of outages, which were left out. */
  readonly outages: number;
  /** Further waits that are needed before a shorter timeout is safe; 0 if there are enough, or it is not shorter. */
  readonly missing: number;
}

/** A shorter timeout than this saves no time and punishes a busy machine. */
const FLOOR_MS: Readonly<Record<WaitStep, number>> = { connect: 5000, tls: 5000, headers: 10_000, body: 30_000 };
/** The longest timeout that is proposed: five minutes. */
const MAX_MS = 300_000;
/** The share of waits that the timeout should at least allow. */
const SHARE = 0.99;
/** The proposal is this many times the quantile, for waits longer than those in the log. */
const MARGIN = 1.5;
/** Of fewer waits, the quantile of 99 % is one of the three longest, which may be far too short by chance. */
const MIN_WAITS = 300;

/**
 * Propose a timeout from the waits of a host.
 *
 * The basis is a quantile that counts timed-out waits as longer than their limit (Kaplan-Meier): the quantile of what
 * was observed would be at most the limit. If even the quantile is longer than every limit, the log cannot tell how long
 * the waits are; then the proposal is twice the longest limit.
 *
 * @param group The waits
 * @returns The proposal; `null` if the group has no waits
 */
export function proposeTimeout(group: WaitGroup): TimeoutProposal | null {
  const { host, step, currentMs, waits, outages } = group;
  const total = countOf(waits);
  if (total === 0) return null;
  const quantileMs = censoredQuantile(
    waits.map(({ ms, isCensored, count }) => ({ time: ms, isCensored, count })),
    SHARE,
  );
  // Without a quantile, the longest waits timed out, so that the longest wait is the longest limit.
  const longestMs = Math.max(...waits.map(({ ms }) => ms));
  const wantedMs = quantileMs === null ? 2 * longestMs : MARGIN * quantileMs;
  const proposedMs = Math.min(MAX_MS, Math.max(FLOOR_MS[step], Math.ceil(wantedMs / 1000) * 1000));
  return {
    host,
    step,
    currentMs,
    proposedMs,
    quantileMs,
    waits: total,
    timeouts: countOf(waits.filter(({ isCensored }) => isCensored)),
    outages,
    // A timeout that is too long only costs time, so a longer one needs no further waits.
    missing: proposedMs >= currentMs ? 0 : Math.max(0, MIN_WAITS - total),
  };
}

function countOf(waits: readonly LoggedWaits[]): number {
  return waits.reduce((sum, { count }) => sum + count, 0);
}
