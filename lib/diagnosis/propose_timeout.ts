import { censoredQuantile, clopperPearson } from "../stats/mod.ts";
import type { WaitPhase } from "../failsafe/mod.ts";
import type { LoggedWaits, WaitGroup } from "./collect_waits.ts";

/** Settings of {@linkcode proposeTimeout}. */
export interface ProposeTimeoutOptions {
  /**
   * The quantile of the waits that the timeout is based on.
   *
   * @default {0.99}
   */
  readonly share?: number | undefined;
  /**
   * Factor between that quantile and the timeout.
   *
   * @default {1.5}
   */
  readonly margin?: number | undefined;
  /**
   * Maximum timeout in milliseconds.
   *
   * @default {300000}
   */
  readonly maxMs?: number | undefined;
}

/** A proposed timeout, and what is known about it. */
export interface TimeoutProposal {
  /** The host; `*` for all hosts. */
  readonly host: string;
  /** What it limits. */
  readonly phase: WaitPhase;
  /** The limit in the newest line of the log, in milliseconds. */
  readonly currentMs: number;
  /** The proposed limit, in milliseconds. */
  readonly proposedMs: number;
  /** The quantile of the older half, in milliseconds; `null` if it is longer than any limit that was in force. */
  readonly quantileMs: number | null;
  /** Number of waits in the log, without outages. */
  readonly waits: number;
  /** Number of them that timed out. */
  readonly timeouts: number;
  /** Timeouts of outages, which were left out. */
  readonly outages: number;
  /** What the proposal does to the newer half, which it was not made from. */
  readonly replay: {
    /** Waits whose limit was at least the proposed one, so that what would have happened is known. */
    readonly trials: number;
    /** Number of them that the proposal would have ended. */
    readonly falseTimeouts: number;
    /** Share of them; `null` without trials. */
    readonly rate: number | null;
    /** Exact upper bound of the share, one-sided 95 %; 1 without trials. */
    readonly bound: number;
  };
  /** `proven` if the bound is at most 1 %. */
  readonly verdict: "proven" | "not enough data";
  /** Further waits with a limit of at least the proposed one that are needed, if none of them times out; 0 if proven. */
  readonly missing: number;
}

/** A shorter timeout than this saves no time and punishes a busy machine. */
const FLOOR_MS: Readonly<Record<WaitPhase, number>> = { connect: 5000, tls: 5000, headers: 10_000, body: 30_000 };
/** The requirement on the rate of false timeouts. */
export const MAX_FALSE_RATE = 0.01;

/**
 * Propose a timeout from the older half of the waits, and replay it on the newer half.
 *
 * The basis is a quantile that counts timed-out waits as longer than their limit (Kaplan-Meier): the quantile of what
 * was observed would be at most the limit. If even the quantile is longer than every limit, the log cannot tell how long
 * the waits are; then the proposal is twice the longest limit, as a trial.
 *
 * In the replay, only waits count whose limit was at least the proposed one: of others that timed out, nobody knows
 * whether they would have ended in time.
 *
 * @param group The waits, oldest first
 * @param options Quantile, margin, maximum
 * @returns The proposal; `null` if the group has no waits
 */
export function proposeTimeout(group: WaitGroup, options: ProposeTimeoutOptions = {}): TimeoutProposal | null {
  const { share = 0.99, margin = 1.5, maxMs = 300_000 } = options;
  const { host, phase, currentMs, waits, outages } = group;
  const total = countOf(waits);
  if (total === 0) return null;
  const [older, newer] = splitHalves(waits, total);
  const learned = older.length === 0 ? newer : older;
  const quantileMs = censoredQuantile(
    learned.map(({ ms, isCensored, count }) => ({ time: ms, isCensored, count })),
    share,
  );
  const longestMs = Math.max(...learned.map(({ ms }) => ms));
  const wantedMs = quantileMs === null ? 2 * longestMs : margin * quantileMs;
  const proposedMs = Math.min(maxMs, Math.max(FLOOR_MS[phase], Math.ceil(wantedMs / 1000) * 1000));
  const replay = replayTimeout(newer, proposedMs);
  const isProven = replay.bound <= MAX_FALSE_RATE;
  return {
    host,
    phase,
    currentMs,
    proposedMs,
    quantileMs,
    waits: total,
    timeouts: countOf(waits.filter(({ isCensored }) => isCensored)),
    outages,
    replay,
    verdict: isProven ? "proven" : "not enough data",
    missing: isProven ? 0 : trialsFor(replay.falseTimeouts) - replay.trials,
  };
}

/**
 * Replay a timeout on waits that it was not made from.
 *
 * @param waits The waits
 * @param timeoutMs The timeout in milliseconds
 * @returns How many waits it would have ended, with an exact bound
 */
export function replayTimeout(waits: readonly LoggedWaits[], timeoutMs: number): TimeoutProposal["replay"] {
  const informative = waits.filter(({ limitMs }) => limitMs >= timeoutMs);
  const trials = countOf(informative);
  const falseTimeouts = countOf(informative.filter(({ ms, isCensored }) => isCensored || ms > timeoutMs));
  if (trials === 0) return { trials, falseTimeouts, rate: null, bound: 1 };
  const { high } = clopperPearson({ events: falseTimeouts, trials, side: "upper" });
  return { trials, falseTimeouts, rate: falseTimeouts / trials, bound: high };
}

/** The least number of trials that prove the rate, with this many events. */
function trialsFor(events: number): number {
  const isEnough = (trials: number): boolean =>
    clopperPearson({ events, trials, side: "upper" }).high <= MAX_FALSE_RATE;
  let high = Math.max(299, events * 100);
  while (!isEnough(high)) high *= 2;
  let low = 0;
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2);
    if (middle >= events && middle > 0 && isEnough(middle)) high = middle;
    else low = middle;
  }
  return high;
}

/** Split the waits by time. The line in the middle is shared evenly, because its waits have no order. */
function splitHalves(
  waits: readonly LoggedWaits[],
  total: number,
): readonly [older: readonly LoggedWaits[], newer: readonly LoggedWaits[]] {
  const older: LoggedWaits[] = [];
  const newer: LoggedWaits[] = [];
  let left = total / 2;
  for (let start = 0; start < waits.length;) {
    let end = start;
    while (end < waits.length && waits[end]!.line === waits[start]!.line) end++;
    const line = waits.slice(start, end);
    const size = countOf(line);
    const part = Math.min(1, Math.max(0, left / size));
    let carried = 0;
    for (const wait of line) {
      const wanted = wait.count * part + carried;
      const taken = Math.min(wait.count, Math.floor(wanted + 1e-9));
      carried = wanted - taken;
      if (taken > 0) older.push({ ...wait, count: taken });
      if (taken < wait.count) newer.push({ ...wait, count: wait.count - taken });
    }
    left -= size;
    start = end;
  }
  return [older, newer];
}

function countOf(waits: readonly LoggedWaits[]): number {
  return waits.reduce((sum, { count }) => sum + count, 0);
}
