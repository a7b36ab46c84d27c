import { describeBacklog } from "../run/backlog.ts";
import { judgeHandles } from "./judge_handles.ts";
import { judgeLeak, type LeakJudgement, type WarmUp } from "./judge_leak.ts";
import { judgeRate } from "./judge_rate.ts";
import type { ClaimId, ClaimRequirement, SoakClaim } from "./soak_claim.ts";
import type { SoakGeneration } from "../records/soak_report.ts";
import type { SoakSchedule } from "../run/soak_backlog.ts";
import type { SoakCounts } from "../records/soak_totals.ts";
import { describeUnfinished } from "../run/describe_unfinished.ts";

/** The measurements by which claims are judged. */
export interface ClaimFacts {
  /** The counts of the whole run. */
  readonly totals: SoakCounts;
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
  ...["timeout_rate", "success_rate", "recovery_rate", "concurrency_error_rate"] as const,
  ...["deadlocks", "restarts", "integrity", "reconciliation_requests", "reconciliation_bytes"] as const,
  ...["leak_heap", "leak_external", "leak_handles", "memory_cap", "duration"] as const,
];

const NONE: ClaimRequirement = { op: "=", value: 0 };
const MEMORY_CAP = 2048 * 2 ** 20;

/**
 * Judge one claim.
 *
 * @param id The claim to judge
 * @param facts The measurements of the run
 * @returns The claim with its numbers and verdict
 */
export function judgeClaim(id: ClaimId, facts: ClaimFacts): SoakClaim {
  const { totals, generation, warmUp } = facts;
  const { attempts: trials } = totals;
  switch (id) {
    case "timeout_rate":
      return judgeRate({ id, trials, events: totals.timeouts, requirement: { op: "<", value: 0.01 } });
    case "success_rate":
      return judgeRate({ id, trials, events: trials - totals.failures, requirement: { op: ">", value: 0.99 } });
    case "recovery_rate": {
      const { recovered: events, unrecovered } = totals;
      return judgeRate({ id, events, trials: events + unrecovered, requirement: { op: ">", value: 0.95 } });
    }
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
      return judgeMemory(id, judgeLeak(generation.heapUsed.points, { warmUp }));
    case "leak_external":
      return judgeMemory(id, judgeLeak(generation.external.points, { warmUp }));
    case "leak_handles": {
      const { n, growth, isLeak } = judgeHandles(generation.handles.points);
      const facts = { id, unit: "handles", events: null, trials: n, bound: null, confidence: null } as const;
      return {
        ...facts,
        estimate: growth,
        requirement: { op: "<=", value: 2 },
        verdict: verdictOf(isLeak),
        note: null,
      };
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

function judgeMemory(id: ClaimId, judged: LeakJudgement): SoakClaim {
  const { n, slopePerHour, lowPerHour, isLeak, p, projectedGrowth, detectableGrowth } = judged;
  const formatMib = (bytes: number | null) => bytes === null ? "unknown" : `${(bytes / 2 ** 20).toFixed(2)} MiB`;
  return {
    id,
    unit: "bytes per hour",
    estimate: slopePerHour,
    events: null,
    trials: n,
    bound: lowPerHour,
    confidence: slopePerHour === null ? null : 0.95,
    requirement: { op: "<=", value: 0 },
    verdict: verdictOf(isLeak),
    note: p === null
      ? "too few samples to judge"
      : `p ${p.toPrecision(2)}, growth over the run ${formatMib(projectedGrowth)}, ${
        formatMib(detectableGrowth)
      } was detectable; a leak has p < 0.01, a lower slope bound above 0 and growth above the threshold` +
        (isLeak === null ? "; the process may still be warming up" : ""),
  };
}

function verdictOf(isBad: boolean | null): SoakClaim["verdict"] {
  if (isBad === null) return "inconclusive";
  return isBad ? "fail" : "pass";
}

function describeUncounted({ uncounted }: SoakCounts): string {
  return uncounted === 0 ? "" : `; ${uncounted} jobs are included in neither count`;
}
