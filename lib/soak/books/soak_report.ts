import type { LatencyState } from "../judges/latency_histogram.ts";
import type { LeakJudgement } from "../judges/judge_leak.ts";
import type { SoakGap } from "../run/run_timeline.ts";
import type { SoakSchedule } from "../run/soak_backlog.ts";
import type { ClaimId, SoakClaim } from "../judges/soak_claim.ts";
import type { SoakRow } from "./soak_row.ts";
import type { SoakCounts } from "./soak_totals.ts";
import type { SeriesState } from "./thinned_series.ts";

/** A job that seemed to stand still, or that was not done when the time to end was over. */
export interface SoakDeadlock {
  /** The job. */
  readonly id: string;
  /** ISO 8601 UTC. */
  readonly at: string;
  /** Milliseconds without a sign of life. */
  readonly silentMs: number;
  /** It was not done when the run and so many milliseconds more were over; absent if it was silent for too long. */
  readonly drainMs?: number | undefined;
  /** All jobs under way, with what each told last. */
  readonly jobs: readonly { readonly id: string; readonly state: string; readonly ageMs: number }[];
  /** What the system under test said of itself. */
  readonly dump: string | null;
}

/** The curves of one process under test: another process has another heap. */
export interface SoakGeneration {
  /** Milliseconds of the run when it began. */
  readonly fromMs: number;
  /** Bytes after garbage was collected. */
  readonly heapUsed: SeriesState;
  /** Bytes outside of the heap, likewise. */
  readonly external: SeriesState;
  /** Open files and sockets. */
  readonly handles: SeriesState;
  /** Resident memory. */
  readonly rss: SeriesState;
}

/** One process of the run, between a start and a stop. */
export interface SoakSitting {
  /** ISO 8601 UTC. */
  readonly startedAt: string;
  /** ISO 8601 UTC. */
  readonly endedAt: string;
  /** How much of the run it covered, in milliseconds. */
  readonly coveredMs: number;
}

/** Why a run is over. */
export type SoakEnd =
  | { readonly type: "running" }
  | { readonly type: "planned" }
  | { readonly type: "signal"; readonly reason: string }
  | { readonly type: "claim"; readonly claim: string };

/** All that a run has found so far; what a later process needs to go on, too. */
export interface SoakReport {
  /** Of all claims together; `aborted` if the run was stopped before its time. */
  readonly verdict: "pass" | "fail" | "inconclusive" | "aborted";
  /** Why it is over. */
  readonly end: SoakEnd;
  /** Each claim. */
  readonly claims: readonly SoakClaim[];
  /** Milliseconds that were wanted. */
  readonly plannedMs: number;
  /** Milliseconds between two reports. */
  readonly intervalMs: number;
  /** Claims that were to end the run. */
  readonly abortOn: readonly ClaimId[];
  /** They were not looked at before that, in milliseconds. */
  readonly delayAbortMs: number;
  /** Milliseconds that the run worked; gaps do not count. */
  readonly actualMs: number;
  /** Of the schedule. */
  readonly seed: number;
  /** Place of the next job in the schedule. */
  readonly nextJob: number;
  /** Sums of all sittings. */
  readonly totals: SoakCounts;
  /** How far the work kept up, and the latencies of all that fell due. */
  readonly schedule: SoakSchedule;
  /** What a reader must know beside the claims, in sentences without a period: what was not done, what waits. */
  readonly notes: readonly string[];
  /** Latencies of the jobs that ended. */
  readonly latencies: LatencyState;
  /** The newest thousand intervals. */
  readonly rows: readonly SoakRow[];
  /** Older intervals, which stand in the journal only. */
  readonly omittedRows: number;
  /** Time that does not count, the newest hundred. */
  readonly gaps: readonly SoakGap[];
  /** Of what did not move, the first twenty; {@linkcode SoakReport.deadlockCount} counts all. */
  readonly deadlocks: readonly SoakDeadlock[];
  /** How many there were. */
  readonly deadlockCount: number;
  /** How often the system under test had to be started again. */
  readonly restarts: number;
  /** Processes of the run. */
  readonly sittings: readonly SoakSitting[];
  /** Curves, by process under test: the present one, and the nineteen that lived longest. */
  readonly generations: readonly SoakGeneration[];
  /** The most resident memory that was ever seen, in bytes; `null` if it was never seen. */
  readonly maxRss: number | null;
  /** What the curves say, of the longest-lived process. */
  readonly leak: Readonly<Record<"heapUsed" | "external" | "rss", LeakJudgement>>;
  /** Heap that was kept for each attempt, in bytes, by the slope; `null` if unknown. */
  readonly retainedPerAttempt: number | null;
  /** The ten slowest jobs. */
  readonly slowest: readonly { readonly id: string; readonly ms: number }[];
  /** Failures by class; at most fifty classes. */
  readonly errorsByClass: Readonly<Record<string, number>>;
  /** The first twenty failures, for a person. */
  readonly failures: readonly string[];
  /** Differences between client and server, the first twenty. */
  readonly differences: readonly string[];
  /** Digest of the ids of all jobs into which faults were injected, in order. */
  readonly injected: { readonly count: number; readonly digest: string };
  /** Intervals whose report could not be written, with the last reason. */
  readonly unwritten: { readonly count: number; readonly reason: string | null };
}
