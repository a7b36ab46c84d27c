import { describeBacklog } from "../facts/backlog.ts";
import { describeUnfinished } from "../facts/describe_unfinished.ts";
import type { Limit, Measured } from "../../judge/mod.ts";
import { type ClaimId, groupClaimId, type GroupRate, isGroupRate } from "./claim_id.ts";
import { judgeHandles } from "./judge_handles.ts";
import { judgeLeak, type WarmUp } from "./judge_leak.ts";
import { measureGrowth } from "./measure_growth.ts";
import type { SeriesPoint } from "../facts/thinned_series.ts";
import type { SoakGeneration } from "../facts/soak_generation.ts";
import type { SoakSchedule } from "../facts/soak_backlog.ts";
import type { SoakCounts, SoakGroup } from "../facts/soak_totals.ts";

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

const NONE: Limit = { op: "=", value: 0 };
const MEMORY_CAP = 2048 * 2 ** 20;
/** Memory that a process may gain in a day. */
const MEMORY_PER_DAY = 32 * 2 ** 20;
/** Open files, and timers, that a process may gain in a day: in a week fewer than the usual limit of 1024 files. */
const COUNT_PER_DAY = 100;
/** Bytes on the wire for each wanted byte: some are sent twice where connections share a file. */
export const MAX_WIRE_RATIO = 1.1;

/**
 * Collect what a claim is judged by, with the limit of a run.
 *
 * @param id The claim
 * @param facts The measurements of the run
 */
export function measureClaim(id: ClaimId, facts: ClaimFacts): Measured {
  const { totals, generation, actualMs } = facts;
  switch (id) {
    case "timeout_rate":
    case "success_rate":
    case "recovery_rate":
      return measureRate(id, id, totals);
    case "late_cut_rate": {
      const { silences: trials, lateCuts: events, slowLines } = totals;
      const note = `${slowLines} of them were slow lines`;
      const requirement = { op: "<", value: 0.01 } as const;
      return { id, kind: "rate", unit: "rate", trials, events, counted: "silences", requirement, note };
    }
    case "concurrency_error_rate": {
      const { attempts: trials, concurrencyErrors: events } = totals;
      return { id, kind: "rate", unit: "rate", trials, events, requirement: { op: "<", value: 0.001 } };
    }
    case "completeness":
      return { ...measureCount(id, totals.missing, totals.expected), ...noted(describePermanent(totals)) };
    case "wire_bytes":
      return measureWire(totals);
    case "deadlocks":
      return {
        ...measureCount(id, facts.deadlocks, totals.ops + totals.unfinished),
        ...noted(describeUnfinished(totals)),
      };
    case "restarts":
      return measureCount(id, facts.restarts, totals.ops + totals.unfinished);
    case "integrity":
      return measureCount(id, totals.mismatches, totals.files);
    case "reconciliation_requests": {
      const { clientRequests, serverRequests } = totals;
      const note = `client ${clientRequests}, server ${serverRequests}${describeUncounted(totals)}`;
      // Requests for which both sides counted different numbers of bytes are judged by `reconciliation_bytes`.
      return { ...measureCount(id, Math.abs(clientRequests - serverRequests), serverRequests), note };
    }
    case "reconciliation_bytes": {
      const { clientBytes, serverBytes, brokenClientBytes, brokenServerBytes } = totals;
      const note = `client ${clientBytes}, server ${serverBytes}; incomplete bodies: received ${brokenClientBytes} ` +
        `of ${brokenServerBytes}${describeUncounted(totals)}`;
      const difference = Math.max(Math.abs(clientBytes - serverBytes), totals.differences);
      return { ...measureCount(id, difference, totals.serverRequests), note };
    }
    case "leak_heap":
      return measureMemory(id, generation.heapUsed.points, facts);
    case "leak_external":
      return measureMemory(id, generation.external.points, facts);
    case "leak_handles":
    case "leak_timers": {
      const { points } = id === "leak_handles" ? generation.handles : generation.timers;
      const unit = id === "leak_handles" ? "handles per day" : "timers per day";
      const { isLeak: rises } = judgeHandles(points);
      return measureSeries({ id, points, unit, rises, limitPerDay: COUNT_PER_DAY }, facts);
    }
    case "memory_cap": {
      const { maxRss } = facts;
      const requirement = { op: "<", value: MEMORY_CAP } as const;
      return { id, kind: "amount", unit: "bytes", estimate: maxRss, trials: maxRss === null ? 0 : 1, requirement };
    }
    case "duration": {
      const { plannedMs, schedule } = facts;
      return {
        id,
        kind: "stated",
        unit: "ms",
        estimate: actualMs,
        trials: 1,
        requirement: { op: ">=", value: plannedMs },
        // A run that was ended early has not failed by that.
        verdict: actualMs >= plannedMs ? "pass" : "inconclusive",
        ...noted(schedule === undefined ? null : describeBacklog(schedule)),
      };
    }
  }
}

/**
 * Collect what a rate is judged by for each group of jobs; empty for other claims.
 *
 * @param id The claim about all jobs
 * @param facts The measurements of the run
 * @returns A claim for each group, by its name
 */
export function measureGroups(id: ClaimId, { groups = {} }: ClaimFacts): readonly Measured[] {
  if (!isGroupRate(id)) return [];
  return Object.entries(groups).toSorted(([a], [b]) => a < b ? -1 : 1)
    .map(([name, counts]) => measureRate(groupClaimId(id, name), id, counts));
}

function measureRate(id: string, rate: GroupRate, counts: SoakGroup): Measured {
  const { attempts: trials, timeouts, failures, recovered, unrecovered } = counts;
  const base = { id, kind: "rate", unit: "rate" } as const;
  switch (rate) {
    case "timeout_rate":
      return { ...base, trials, events: timeouts, requirement: { op: "<", value: 0.01 } };
    case "success_rate":
      return { ...base, trials, events: trials - failures, requirement: { op: ">", value: 0.99 } };
    case "recovery_rate":
      return { ...base, trials: recovered + unrecovered, events: recovered, requirement: { op: ">", value: 0.95 } };
  }
}

/** Collect a count that must be 0. */
function measureCount(id: ClaimId, estimate: number, trials: number): Measured {
  return { id, kind: "amount", unit: "", estimate, trials, requirement: NONE };
}

function measureWire({ wantedBytes: trials, wireBytes }: SoakCounts): Measured {
  return {
    id: "wire_bytes",
    kind: "amount",
    unit: "ratio",
    estimate: trials === 0 ? null : wireBytes / trials,
    trials,
    counted: "bytes",
    requirement: { op: "<=", value: MAX_WIRE_RATIO },
    // Bytes that nobody wanted are too many, however few they are.
    ...trials === 0 && wireBytes > 0 ? { failure: `${wireBytes} bytes were sent, and none was wanted` } : {},
  };
}

function measureMemory(id: ClaimId, points: readonly SeriesPoint[], facts: ClaimFacts): Measured {
  const { growth, isLeak: rises } = judgeLeak(points, { warmUp: facts.warmUp });
  const formatMib = (bytes: number | null) => bytes === null ? "unknown" : `${(bytes / 2 ** 20).toFixed(2)} MiB`;
  const measured = measureSeries({ id, points, unit: "bytes per day", rises, limitPerDay: MEMORY_PER_DAY }, facts);
  if (growth === null) return measured;
  const projected = formatMib(growth.projected);
  const detectable = formatMib(growth.detectable);
  const note = `p ${growth.p.toPrecision(2)}, growth over the run ${projected}, ${detectable} was detectable`;
  return { ...measured, note };
}

interface Series {
  readonly id: ClaimId;
  readonly points: readonly SeriesPoint[];
  readonly unit: string;
  readonly rises: boolean | null;
  readonly limitPerDay: number;
}

/** Collect what a process gains in a day. Its trials are the minutes for which one process was watched. */
function measureSeries({ id, points, unit, rises, limitPerDay }: Series, facts: ClaimFacts): Measured {
  const { warmUp, generation } = facts;
  const { perDay, lowPerDay, highPerDay } = measureGrowth(points);
  const watchedMs = points.length === 0 ? 0 : points.at(-1)![0] - points[0]![0];
  return {
    id,
    kind: "growth",
    unit,
    estimate: perDay,
    low: lowPerDay,
    high: highPerDay,
    confidence: perDay === null ? null : 0.95,
    trials: Math.round((generation.untilMs - generation.fromMs) / 60_000),
    counted: "minutes of one process",
    requirement: { op: "<", value: limitPerDay },
    series: { rises, watchedMs, warmUpMs: warmUp?.forMs ?? 0 },
  };
}

/** A note, if there is something to say. */
function noted(note: string | null): { readonly note?: string } {
  return note === null ? {} : { note };
}

function describePermanent({ permanent }: SoakCounts): string | null {
  return permanent === 0 ? null : `${permanent} downloads had to fail, and did`;
}

function describeUncounted({ uncounted }: SoakCounts): string {
  return uncounted === 0 ? "" : `; ${uncounted} jobs are included in neither count`;
}
