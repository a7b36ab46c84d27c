import type { LatencyState } from "../facts/latency_histogram.ts";
import type { SoakGap } from "../facts/run_timeline.ts";
import type { SoakSchedule } from "../facts/soak_backlog.ts";
import type { RunReport } from "../../judge/mod.ts";
import type { SoakRow } from "./soak_row.ts";
import type { SoakCounts, SoakGroup } from "../facts/soak_totals.ts";
import type { SoakGeneration } from "../facts/soak_generation.ts";
import type { SoakMessage } from "../facts/soak_work.ts";

/** A job that sent no heartbeat for too long, or that had not ended by the end of the drain time. */
export interface SoakDeadlock {
  /** The id of the job. */
  readonly id: string;
  /** The index of the job in the schedule. */
  readonly jobIndex: number;
  /** When it was detected, in ISO 8601, UTC. */
  readonly at: string;
  /** Milliseconds since the job's last heartbeat. */
  readonly silentMs: number;
  /** The drain time in milliseconds, if the job had not ended by its end; absent if the job was silent for too long. */
  readonly drainMs?: number | undefined;
  /** All jobs under way at that time, with the state that each of them reported last. */
  readonly jobs: readonly { readonly id: string; readonly state: string; readonly ageMs: number }[];
  /**
   * The state dump of the system under test, or the reason why the dump failed; `null` if the run does not create
   * dumps.
   */
  readonly dump: string | null;
}

/** A difference between the counts of client and server. */
export interface SoakDifference {
  /** The index of its job in the schedule. */
  readonly jobIndex: number;
  /** The id of the job, and the difference. */
  readonly text: string;
}

/** A failure of a job; its text begins with the id of the job. */
export interface SoakFailure extends SoakMessage {
  /** The index of the job in the schedule. */
  readonly jobIndex: number;
}

/** The part of a run from a start or resume to the next stop, which is covered by one process. */
export interface SoakSession {
  /** The start, in ISO 8601, UTC. */
  readonly startedAt: string;
  /** The end, in ISO 8601, UTC. */
  readonly endedAt: string;
  /** Duration in milliseconds of the run, without gaps. */
  readonly coveredMs: number;
}

/** The findings of a run so far, and the state that is needed to resume it. */
export interface SoakReport extends Pick<RunReport, "verdict" | "end" | "claims"> {
  /** The planned duration in milliseconds. */
  readonly plannedMs: number;
  /** The length of an interval in milliseconds. */
  readonly intervalMs: number;
  /** The duration of the run in milliseconds, without gaps. */
  readonly actualMs: number;
  /** The seed of the schedule. */
  readonly seed: number;
  /** The index of the next job in the schedule. */
  readonly nextJob: number;
  /** Counts over all sessions. */
  readonly totals: SoakCounts;
  /** The counts of each group of jobs, by its name; empty without `groupOf`. */
  readonly groups: Readonly<Record<string, SoakGroup>>;
  /** How far the run kept up with its schedule, and the latencies of all jobs that fell due. */
  readonly schedule: SoakSchedule;
  /** Remarks that qualify the claims, as sentences without a period: unfinished jobs, waiting jobs. */
  readonly notes: readonly string[];
  /** The latencies of the jobs that ended. */
  readonly latencies: LatencyState;
  /** The latest 1000 intervals. */
  readonly rows: readonly SoakRow[];
  /** The number of older intervals, whose rows are not kept. */
  readonly omittedRows: number;
  /** The latest 100 gaps: periods that do not count as time of the run. */
  readonly gaps: readonly SoakGap[];
  /** The first 20 deadlocks; {@linkcode SoakReport.deadlockCount} counts all. */
  readonly deadlocks: readonly SoakDeadlock[];
  /** The number of all deadlocks. */
  readonly deadlockCount: number;
  /** How often the system under test had to be restarted. */
  readonly restarts: number;
  /** The latest 200 sessions. */
  readonly sittings: readonly SoakSession[];
  /** Curves of each process under test: the current process, and the 19 earlier ones that lived longest. */
  readonly generations: readonly SoakGeneration[];
  /** The peak of resident memory in bytes; `null` if it was never measured. */
  readonly maxRss: number | null;
  /** The ten jobs with the highest latencies. */
  readonly slowest: readonly { readonly id: string; readonly ms: number }[];
  /** Number of failures by class: the first 50 classes, and all others as `other`. */
  readonly errorsByClass: Readonly<Record<string, number>>;
  /** The first 20 failures of each kind. */
  readonly failures: readonly SoakFailure[];
  /** The first 20 differences between the counts of client and server. */
  readonly differences: readonly SoakDifference[];
  /** The number of intervals that could not be written, with the last reason. */
  readonly unwritten: { readonly count: number; readonly reason: string | null };
}
