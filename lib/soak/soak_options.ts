import type { Clock } from "../base/mod.ts";
import type { WarmUp } from "./judges/judge_leak.ts";
import type { SoakGap } from "./facts/run_timeline.ts";
import type { ClaimId } from "./judges/claim_id.ts";
import type { SoakDeadlock, SoakReport } from "./records/soak_report.ts";
import type { SoakRow } from "./records/soak_row.ts";
import type { SoakCounts } from "./facts/soak_totals.ts";
import type { SoakJob, SoakProbe, SoakResult, SoakWork } from "./facts/soak_work.ts";

/** An event that a run reports while it works. */
export type SoakEvent =
  | { readonly type: "result"; readonly job: SoakJob; readonly result: SoakResult; readonly latencyMs: number }
  | { readonly type: "gap"; readonly gap: SoakGap }
  | { readonly type: "deadlock"; readonly deadlock: SoakDeadlock }
  | { readonly type: "unwritten"; readonly reason: string }
  | {
    /** About once a second: how far the run is. */
    readonly type: "progress";
    /** Milliseconds of the run. */
    readonly coveredMs: number;
    /** Jobs under way. */
    readonly active: number;
    /** Whether the planned time is over, and the run waits for its last jobs. */
    readonly isEnding: boolean;
    readonly totals: SoakCounts;
  };

/** Options of {@linkcode runSoak}. */
export interface SoakOptions {
  /** Runs a job. */
  readonly work: SoakWork;
  /** The planned duration in milliseconds, including that of a resumed report. */
  readonly plannedMs: number;
  /** The length of an interval in milliseconds; `onInterval` is called after each interval. */
  readonly intervalMs: number;
  /**
   * The kinds of jobs, which take turns.
   *
   * @default {["work"]}
   */
  readonly kinds?: readonly string[] | undefined;
  /**
   * Returns the group of a job, such as the engine that does it. Success, recovery and timeouts are also judged for each
   * group, as `success_rate:GROUP` and so on. Lost jobs count in their group.
   *
   * @default {no groups}
   */
  readonly groupOf?: ((job: SoakJob) => string | undefined) | undefined;
  /**
   * The number of jobs that fall due per second, regardless of earlier ones; latencies are measured from the due time.
   *
   * @default {1}
   */
  readonly perSecond?: number | undefined;
  /**
   * The maximum number of concurrent jobs.
   *
   * @default {1}
   */
  readonly lanes?: number | undefined;
  /**
   * The seed of the schedule, an integer; equal seeds give equal schedules.
   *
   * @default {1}
   */
  readonly seed?: number | undefined;
  /**
   * The fraction of jobs that must inject faults, from 0 to 1.
   *
   * @default {0}
   */
  readonly injectRate?: number | undefined;
  /**
   * The claims to judge; those of `abortOn` are added.
   *
   * @default {rates, deadlocks and duration; with a probe also leaks and memory}
   */
  readonly claims?: readonly ClaimId[] | undefined;
  /** Claims that end the run as soon as they fail. */
  readonly abortOn?: readonly ClaimId[] | undefined;
  /**
   * The time before which `abortOn` does not apply, in milliseconds of the run.
   *
   * @default {0}
   */
  readonly delayAbortMs?: number | undefined;
  /**
   * The time without a heartbeat after which a job counts as deadlocked, in milliseconds. Choose the greater of one
   * minute and three times the job's longest timeout.
   *
   * @default {60000}
   */
  readonly deadlockMs?: number | undefined;
  /** Measures the system under test after garbage collection; `null` if there is nothing to measure. */
  readonly probe?: (() => Promise<SoakProbe | null>) | undefined;
  /**
   * The milliseconds between two probes.
   *
   * @default {a 120th of the run, between one second and ten}
   */
  readonly probeMs?: number | undefined;
  /**
   * The warm-up in which the system under test may gain memory without a leak.
   *
   * @default {no warm-up}
   */
  readonly warmUp?: WarmUp | undefined;
  /** Returns a state dump of the system under test. It is called when a job is deadlocked, and limited to 5 s. */
  readonly dump?: (() => Promise<string | null>) | undefined;
  /** Returns the number of restarts of the system under test in this session. */
  readonly restarts?: (() => number) | undefined;
  /** The report of an earlier run to resume, and the time when it ended, in ISO 8601. */
  readonly resume?: { readonly report: SoakReport; readonly endedAt: string } | undefined;
  /** Called after each interval, to store it. An error is reported as `unwritten`, and the run continues. */
  readonly onInterval?: ((row: SoakRow, report: () => SoakReport) => Promise<void> | void) | undefined;
  /** Called for each event. Errors that it throws are ignored. */
  readonly onEvent?: ((event: SoakEvent) => void) | undefined;
  /**
   * The time in milliseconds within which jobs must end after the planned time. Jobs that have not ended by then count
   * as deadlocked, except those that began within the last `deadlockMs` of the planned time: these are unfinished.
   *
   * @default {30000}
   */
  readonly drainMs?: number | undefined;
  /**
   * The clock for the schedule and all timeouts.
   *
   * @default {systemClock}
   */
  readonly clock?: Clock | undefined;
  /** Stops the run; its report then has the verdict `aborted`. */
  readonly signal?: AbortSignal | undefined;
}
