import { describeBacklog } from "../run/backlog.ts";
import { formatDuration } from "../../base/mod.ts";
import { type GrowthJudgement, judgeGrowth } from "./judge_growth.ts";
import { judgeHandles } from "./judge_handles.ts";
import { judgeLeak, type WarmUp } from "./judge_leak.ts";
import { judgeRate, type RateCount } from "./judge_rate.ts";
import type { ClaimId, ClaimRequirement, GroupRate, SoakClaim } from "./soak_claim.ts";
import type { SeriesPoint } from "../records/thinned_series.ts";
import type { SoakGeneration } from "../records/soak_report.ts";
import type { SoakSchedule } from "../run/soak_backlog.ts";
import type { SoakCounts, SoakGroup } from "../records/soak_totals.ts";
import { describeUnfinished } from "../run/describe_unfinished.ts";

/** The measurements by which claims are judged. */
export interface ClaimFacts {
  /** The counts of the whole run. */
  readonly totals: SoakCounts;
  /** The counts of each group of jobs. */
  readonly groups?: Readonly<Record<string, SoakGroup>> | undefined;
  /** The number of deadlocked jobs. */
  readonly deadlocks: number;
  /** How often the system under test had to be restarted. */
  readonly restarts: number;
  /** The curves of the process that lived longest. */
  readonly generation: SoakGeneration;
  /** The peak of resident memory in bytes; `null` if it was never measured. */
  readonly maxRss: number | null;
  /** The warm-up in which a process may gain memory without a leak. */
  readonly warmUp?: WarmUp | undefined;
  /** The planned duration in milliseconds. */
  readonly plannedMs: number;
  /** The actual duration in milliseconds, without gaps. */
  readonly actualMs: number;
  /** How far the run kept up with its schedule; appears in a note, and is not judged. */
  readonly schedule?: SoakSchedule | undefined;
}

/** All claims, in the order that reports list them. */
export const CLAIM_IDS: readonly ClaimId[] = [
  ...["timeout_rate", "late_cut_rate", "success_rate", "recovery_rate", "concurrency_error_rate"] as const,
  ...["completeness", "wire_bytes"] as const,
  ...["deadlocks", "restarts", "integrity", "reconciliation_requests", "reconciliation_bytes"] as const,
  ...["leak_heap", "leak_external", "leak_handles", "leak_timers", "memory_cap", "duration"] as const,
];

const NONE: ClaimRequirement = { op: "=", value: 0 };
const MEMORY_CAP = 2048 * 2 ** 20;
/** Memory that a process may gain in a day. */
const MEMORY_PER_DAY = 32 * 2 ** 20;
/** Open files, and timers, that a process may gain in a day: in a week fewer than the usual limit of 1024 files. */
const COUNT_PER_DAY = 100;
/** Bytes on the wire for each wanted byte: some are sent twice where connections share a file. */
export const MAX_WIRE_RATIO = 1.1;
const GROUP_RATES: readonly ClaimId[] = ["timeout_rate", "success_rate", "recovery_rate"] satisfies GroupRate[];

/**
 * Judge one claim.
 *
 * @param id The claim to judge
 * @param facts The measurements of the run
 * @returns The claim with its numbers and verdict
 */
export function judgeClaim(id: ClaimId, facts: ClaimFacts): SoakClaim {
  const { totals, generation } = facts;
  const { attempts: trials } = totals;
  switch (id) {
    case "timeout_rate":
    case "success_rate":
    case "recovery_rate":
      return judgeRate({ id, ...rateOf(id, totals) });
    case "late_cut_rate": {
      const { silences: trials, lateCuts: events, slowLines } = totals;
      const note = `${slowLines} of them were slow lines`;
      return { ...judgeRate({ id, trials, events, requirement: { op: "<", value: 0.01 } }), note };
    }
    case "completeness":
      return { ...judgeCount(id, totals.missing, totals.expected), note: describePermanent(totals) };
    case "wire_bytes":
      return judgeWire(totals);
    case "concurrency_error_rate":
      return judgeRate({ id, trials, events: totals.concurrencyErrors, requirement: { op: "<", value: 0.001 } });
    case "deadlocks":
      return { ...judgeCount(id, facts.deadlocks, totals.ops + totals.unfinished), note: describeUnfinished(totals) };
    case "restarts":
      return judgeCount(id, facts.restarts, totals.ops + totals.unfinished);
    case "integrity":
      return judgeCount(id, totals.mismatches, totals.files);
    case "reconciliation_requests": {
      const { clientRequests, serverRequests } = totals;
      const note = `client ${clientRequests}, server ${serverRequests}${describeUncounted(totals)}`;
      // Requests for which both sides counted different numbers of bytes are judged by `reconciliation_bytes`.
      return { ...judgeCount(id, Math.abs(clientRequests - serverRequests), serverRequests), note };
    }
    case "reconciliation_bytes": {
      const { clientBytes, serverBytes, brokenClientBytes, brokenServerBytes } = totals;
      const note = `client ${clientBytes}, server ${serverBytes}; incomplete bodies: received ${brokenClientBytes} ` +
        `of ${brokenServerBytes}${describeUncounted(totals)}`;
      const difference = Math.max(Math.abs(clientBytes - serverBytes), totals.differences);
      return { ...judgeCount(id, difference, totals.serverRequests), note };
    }
    case "leak_heap":
      return judgeMemory(id, generation.heapUsed.points, facts);
    case "leak_external":
      return judgeMemory(id, generation.external.points, facts);
    case "leak_handles":
    case "leak_timers": {
      const { points } = id === "leak_handles" ? generation.handles : generation.timers;
      const unit = id === "leak_handles" ? "handles per day" : "timers per day";
      const { isLeak: rises } = judgeHandles(points);
      return judgeTrend({ id, points, unit, rises, limitPerDay: COUNT_PER_DAY, note: null }, facts);
    }
    case "memory_cap": {
      const { maxRss } = facts;
      return {
        id,
        unit: "bytes",
        estimate: maxRss,
        events: null,
        trials: maxRss === null ? 0 : 1,
        bound: null,
        confidence: null,
        requirement: { op: "<", value: MEMORY_CAP },
        note: null,
        verdict: verdictOf(maxRss === null ? null : maxRss >= MEMORY_CAP),
      };
    }
    case "duration": {
      const { actualMs, plannedMs, schedule } = facts;
      return {
        id,
        unit: "ms",
        estimate: actualMs,
        events: null,
        trials: 1,
        bound: null,
        confidence: null,
        requirement: { op: ">=", value: plannedMs },
        note: schedule ? describeBacklog(schedule) : null,
        verdict: actualMs >= plannedMs ? "pass" : "inconclusive",
      };
    }
  }
}

/**
 * Judge a rate for each group of jobs; empty for other claims.
 *
 * @param id The claim about all jobs
 * @param facts The measurements of the run
 * @returns A claim for each group, by its name
 */
export function judgeGroups(id: ClaimId, { groups = {} }: ClaimFacts): readonly SoakClaim[] {
  if (!GROUP_RATES.includes(id)) return [];
  const rate = id as GroupRate;
  return Object.entries(groups).toSorted(([a], [b]) => a < b ? -1 : 1).map(([name, counts]) =>
    judgeRate({ id: `${rate}:${name}`, ...rateOf(rate, counts) })
  );
}

function rateOf(id: GroupRate, counts: SoakGroup): Omit<RateCount, "id"> {
  const { attempts: trials, recovered, unrecovered } = counts;
  switch (id) {
    case "timeout_rate":
      return { trials, events: counts.timeouts, requirement: { op: "<", value: 0.01 } };
    case "success_rate":
      return { trials, events: trials - counts.failures, requirement: { op: ">", value: 0.99 } };
    case "recovery_rate":
      return { events: recovered, trials: recovered + unrecovered, requirement: { op: ">", value: 0.95 } };
  }
}

/** Judge a count that must be 0. It needs no confidence interval, but is inconclusive without any trials. */
function judgeCount(id: ClaimId, events: number, trials: number): SoakClaim {
  return {
    id,
    unit: "count",
    estimate: events,
    events,
    trials,
    bound: null,
    confidence: null,
    requirement: NONE,
    verdict: events > 0 ? "fail" : trials > 0 ? "pass" : "inconclusive",
    note: null,
  };
}

function judgeWire({ wantedBytes: trials, wireBytes: events }: SoakCounts): SoakClaim {
  const estimate = trials === 0 ? null : events / trials;
  // Bytes that nobody wanted are too many, however few they are.
  const isBad = estimate === null ? (events > 0 ? true : null) : estimate > MAX_WIRE_RATIO;
  return {
    id: "wire_bytes",
    unit: "ratio",
    estimate,
    events,
    trials,
    bound: null,
    confidence: null,
    requirement: { op: "<=", value: MAX_WIRE_RATIO },
    verdict: verdictOf(isBad),
    note: null,
  };
}

function judgeMemory(id: ClaimId, points: readonly SeriesPoint[], facts: ClaimFacts): SoakClaim {
  const { p, projectedGrowth, detectableGrowth, isLeak: rises } = judgeLeak(points, { warmUp: facts.warmUp });
  const formatMib = (bytes: number | null) => bytes === null ? "unknown" : `${(bytes / 2 ** 20).toFixed(2)} MiB`;
  const note = p === null
    ? "too few samples to judge"
    : `p ${p.toPrecision(2)}, growth over the run ${formatMib(projectedGrowth)}, ${
      formatMib(detectableGrowth)
    } was detectable`;
  return judgeTrend({ id, points, unit: "bytes per day", rises, limitPerDay: MEMORY_PER_DAY, note }, facts);
}

interface Trend {
  readonly id: ClaimId;
  readonly points: readonly SeriesPoint[];
  readonly unit: SoakClaim["unit"];
  readonly rises: boolean | null;
  readonly limitPerDay: number;
  readonly note: string | null;
}

/** Judge what a process gains in a day. Its trials are the minutes for which one process was watched. */
function judgeTrend(trend: Trend, facts: ClaimFacts): SoakClaim {
  const { warmUp, generation } = facts;
  const { id, points, unit, rises, limitPerDay } = trend;
  const { perDay, lowPerDay, highPerDay, isLeak } = judgeGrowth(points, { limitPerDay, rises, warmUp });
  const isOpen = isLeak === null && perDay !== null;
  const neededMs = isOpen ? timeToDecide({ perDay, lowPerDay, highPerDay }, trend, facts) : null;
  const advice = neededMs === null
    ? `not even ${formatDuration(MAX_WATCHED_MS)} of one process would decide`
    : `if it goes on like this, about ${formatDuration(neededMs)} of one process would decide`;
  const notes = [trend.note, isOpen ? `a leak and none are both possible: ${advice}` : null]
    .filter((note) => note !== null);
  return {
    id,
    unit,
    estimate: perDay,
    events: null,
    trials: Math.round((generation.untilMs - generation.fromMs) / 60_000),
    bound: isLeak === true ? lowPerDay : highPerDay,
    confidence: perDay === null ? null : 0.95,
    requirement: { op: "<", value: limitPerDay },
    verdict: verdictOf(isLeak),
    note: notes.length === 0 ? null : notes.join("; "),
    ...neededMs === null ? {} : { decides: `--duration ${Math.ceil(neededMs / 3_600_000)}h` },
  };
}

/** A process is not watched for longer than this to decide about one claim. */
const MAX_WATCHED_MS = 30 * 86_400_000;

/**
 * Estimate for how long one process must be watched until its slope is known well enough, if it goes on like this, in
 * whole minutes; `null` if a month is not enough. With one measurement a minute, the width of the interval of a slope
 * shrinks with the time to the power of 3/2.
 */
function timeToDecide(
  { perDay, lowPerDay, highPerDay }: Pick<GrowthJudgement, "perDay" | "lowPerDay" | "highPerDay">,
  { limitPerDay }: Trend,
  { generation, warmUp }: ClaimFacts,
): number | null {
  const watchedMs = generation.untilMs - generation.fromMs;
  const distance = Math.abs(limitPerDay - perDay!);
  const end = perDay! < limitPerDay ? highPerDay : lowPerDay;
  const width = end === null ? Infinity : Math.abs(end - perDay!);
  const neededMs = Math.max(watchedMs * (width / distance) ** (2 / 3), 1.1 * watchedMs, warmUp?.forMs ?? 0);
  return neededMs <= MAX_WATCHED_MS ? 60_000 * Math.ceil(neededMs / 60_000) : null;
}

function verdictOf(isBad: boolean | null): SoakClaim["verdict"] {
  if (isBad === null) return "inconclusive";
  return isBad ? "fail" : "pass";
}

function describePermanent({ permanent }: SoakCounts): string | null {
  return permanent === 0 ? null : `${permanent} downloads had to fail, and did`;
}

function describeUncounted({ uncounted }: SoakCounts): string {
  return uncounted === 0 ? "" : `; ${uncounted} jobs are included in neither count`;
}
