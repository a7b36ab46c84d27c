import type { Clock } from "../base/mod.ts";
import type { WarmUp } from "./judges/judge_leak.ts";
import type { SoakGap } from "./run/run_timeline.ts";
import type { ClaimId } from "./judges/soak_claim.ts";
import type { SoakDeadlock, SoakReport } from "./books/soak_report.ts";
import type { SoakRow } from "./books/soak_row.ts";
import type { SoakJob, SoakProbe, SoakResult, SoakWork } from "./run/soak_work.ts";

/** What a run tells while it works. */
export type SoakEvent =
  | { readonly type: "job"; readonly job: SoakJob }
  | { readonly type: "result"; readonly job: SoakJob; readonly result: SoakResult; readonly latencyMs: number }
  | { readonly type: "gap"; readonly gap: SoakGap }
  | { readonly type: "deadlock"; readonly deadlock: SoakDeadlock }
  | { readonly type: "unwritten"; readonly reason: string };

/** Options of {@linkcode runSoak}. */
export interface SoakOptions {
  /** Does the jobs. */
  readonly work: SoakWork;
  /** How long to work, in milliseconds. */
  readonly plannedMs: number;
  /** How often to report, in milliseconds. */
  readonly intervalMs: number;
  /**
   * What jobs do, in turn.
   *
   * @default {["work"]}
   */
  readonly kinds?: readonly string[] | undefined;
  /**
   * Jobs that fall due each second, whether earlier ones are done or not: latencies count from then.
   *
   * @default {1}
   */
  readonly perSecond?: number | undefined;
  /**
   * Jobs at once.
   *
   * @default {1}
   */
  readonly lanes?: number | undefined;
  /**
   * Equal seeds give equal schedules.
   *
   * @default {1}
   */
  readonly seed?: number | undefined;
  /**
   * Part of the jobs that are told to inject faults.
   *
   * @default {0}
   */
  readonly injectRate?: number | undefined;
  /**
   * What the run is to show.
   *
   * @default {rates, deadlocks and duration; with a probe also leaks and memory}
   */
  readonly claims?: readonly ClaimId[] | undefined;
  /** Claims that end the run as soon as they fail. */
  readonly abortOn?: readonly ClaimId[] | undefined;
  /**
   * They are not looked at before that, in milliseconds.
   *
   * @default {0}
   */
  readonly delayAbortMs?: number | undefined;
  /**
   * A job that tells nothing for so long stands still: the greater of a minute and three times its longest time limit.
   *
   * @default {60000}
   */
  readonly deadlockMs?: number | undefined;
  /** Looks at the system under test, after a collection of its garbage. */
  readonly probe?: (() => Promise<SoakProbe | null>) | undefined;
  /**
   * How often.
   *
   * @default {a 120th of the run, between one second and ten}
   */
  readonly probeMs?: number | undefined;
  /**
   * How long the system under test gains memory without a leak, and how much.
   *
   * @default {not at all}
   */
  readonly warmUp?: WarmUp | undefined;
  /** What the system under test says of itself when a job stands still; it is given five seconds. */
  readonly dump?: (() => Promise<string | null>) | undefined;
  /** How often the system under test was started again. */
  readonly restarts?: (() => number) | undefined;
  /** An earlier report, to go on from. */
  readonly resume?: { readonly report: SoakReport; readonly endedAt: string } | undefined;
  /** Given each interval, to write it down; what it throws is noted, and the run goes on. */
  readonly onInterval?: ((row: SoakRow, report: () => SoakReport) => Promise<void> | void) | undefined;
  /** Told what happens; what it throws changes nothing. */
  readonly onEvent?: ((event: SoakEvent) => void) | undefined;
  /**
   * How long jobs may take to end when the time is over, in milliseconds; what is not done then stands still.
   *
   * @default {30000}
   */
  readonly drainMs?: number | undefined;
  /**
   * Time, as a seam.
   *
   * @default {systemClock}
   */
  readonly clock?: Clock | undefined;
  /** Stops the run; the report says so. */
  readonly signal?: AbortSignal | undefined;
}
