import { checkResult } from "./_check_result.ts";
import { describeFailure } from "./_describe_failure.ts";
import { DeadlockWatch, type WatchedJob } from "../judges/deadlock_watch.ts";
import type { RunTimeline } from "../facts/run_timeline.ts";
import type { SoakRecords } from "../records/soak_records.ts";
import type { ClaimId } from "../judges/claim_id.ts";
import type { SoakOptions } from "../soak_options.ts";
import type { SoakJob, SoakObservations, SoakResult } from "../facts/soak_work.ts";
import { LostProcessError } from "./watched_process.ts";

/**
 * The abort reason of a job that is stopped with the run. Errors that the job then throws are not counted as failures.
 */
class JobStopped extends Error {
  override name = "JobStopped";
}

const DEADLOCK_MS = 60_000;

interface JobUnderWay {
  /** Its index in the schedule. */
  readonly index: number;
  readonly stop: AbortController;
}

/** Options of `SoakJobs`. */
export interface SoakJobsOptions extends Pick<SoakOptions, "work" | "lanes" | "deadlockMs"> {
  readonly records: SoakRecords;
  readonly timeline: RunTimeline;
  /**
   * Called after a job was counted, with the failed claim that ends the run, if any. Also called when a lane becomes
   * free.
   */
  readonly onChange: (crossed: ClaimId | null) => void;
}

/** The jobs under way. A job is watched until it is counted, and occupies its lane until its promise has settled. */
export class SoakJobs {
  readonly #options: SoakJobsOptions;
  readonly #watch: DeadlockWatch;
  readonly #freeLanes: number[];
  readonly #lanes: number;
  /** The jobs that are not counted yet, by their ids. */
  readonly #underWay = new Map<string, JobUnderWay>();

  constructor(options: SoakJobsOptions) {
    const { lanes = 1, deadlockMs = DEADLOCK_MS } = options;
    this.#options = options;
    this.#lanes = lanes;
    this.#watch = new DeadlockWatch(deadlockMs);
    this.#freeLanes = Array.from({ length: lanes }, (_, lane) => lanes - 1 - lane);
  }

  /** The number of jobs that are not counted yet. */
  get active(): number {
    return this.#underWay.size;
  }

  get hasFreeLane(): boolean {
    return this.#freeLanes.length > 0;
  }

  /** Whether any job is still running, including jobs that were given up and counted. */
  get isAnyThere(): boolean {
    return this.active > 0 || this.#freeLanes.length < this.#lanes;
  }

  /** Begin a job in a free lane; there must be one. */
  begin(plan: Omit<SoakJob, "lane">, dueMs: number): void {
    const { work, records, timeline, onChange } = this.#options;
    const job: SoakJob = { ...plan, lane: this.#freeLanes.pop()! };
    const stop = new AbortController();
    this.#underWay.set(job.id, { index: job.index, stop });
    this.#watch.begin(job.id, timeline.coveredMs);
    const beat = (state?: string): void => this.#watch.beat(job.id, timeline.coveredMs, state);
    const observe = (seen: SoakObservations): void => records.observe(job, seen);
    const working = Promise.resolve().then(() => work(job, { signal: stop.signal, beat, observe }));
    const counted = this.#count(job, { working, stop, dueMs });
    // A job that was given up may still be running. Its lane is not reused until then, so that jobs do not collide.
    void Promise.allSettled([working, counted]).then(() => {
      this.#freeLanes.push(job.lane);
      onChange(null);
    });
  }

  /** Give up the jobs that have sent no heartbeat for too long. */
  findDeadlocks(nowMs: number): void {
    this.#giveUp(this.#watch.silent(nowMs), nowMs);
  }

  /**
   * Give up all jobs that have not ended, regardless of their heartbeats. Jobs that began less than `deadlockMs` before
   * the planned end had too little time to prove anything: they are only stopped.
   */
  giveUpAll(nowMs: number, drainMs: number): void {
    const { deadlockMs = DEADLOCK_MS } = this.#options;
    this.#giveUp(this.#watch.jobs(nowMs).filter(({ ageMs }) => ageMs >= drainMs + deadlockMs), nowMs, drainMs);
    this.stopAll();
  }

  /** Stop all jobs. They are only counted as unfinished. */
  stopAll(): void {
    for (const { stop } of this.#underWay.values()) stop.abort(new JobStopped("The run is over"));
  }

  #giveUp(found: readonly WatchedJob[], nowMs: number, drainMs?: number): void {
    const jobs = this.#watch.jobs(nowMs);
    for (const { id, silentMs } of found) {
      const { index: jobIndex, stop } = this.#underWay.get(id)!;
      const silent = Math.round(silentMs);
      const drain = drainMs === undefined ? {} : { drainMs };
      this.#options.records.addDeadlock({ id, jobIndex, silentMs: silent, ...drain, jobs });
      const why = drainMs === undefined
        ? `No heartbeat for ${silent} ms`
        : `Not done ${drainMs} ms after the end of the run`;
      stop.abort(Object.assign(new Error(why), { name: "Deadlock" }));
      this.#watch.end(id);
    }
  }

  async #count(
    job: SoakJob,
    { working, stop, dueMs }: {
      readonly working: Promise<SoakResult | void>;
      readonly stop: AbortController;
      readonly dueMs: number;
    },
  ): Promise<void> {
    const { records, timeline, onChange } = this.#options;
    let result: SoakResult | null = null;
    try {
      const stopped = Promise.withResolvers<never>();
      stop.signal.addEventListener("abort", () => stopped.reject(stop.signal.reason), { once: true });
      // Race with the signal, so that a job that ignores its signal cannot block the run.
      result = checkResult(await Promise.race([working, stopped.promise]) ?? {});
    } catch (error) {
      if (!(stop.signal.aborted && stop.signal.reason instanceof JobStopped)) {
        const { name, isTimeout } = classOfError(error);
        const kind = error instanceof LostProcessError ? "lost" : "other";
        const text = describeFailure(job.id, error, this.#watch.stateOf(job.id));
        records.noteFailure({ jobIndex: job.index, kind, text });
        result = { failures: 1, timeouts: isTimeout ? 1 : 0, errors: { [name]: 1 } };
      }
    } finally {
      this.#watch.end(job.id);
      this.#underWay.delete(job.id);
    }
    onChange(records.add(job, result, timeline.coveredMs - dueMs, timeline.coveredMs));
  }
}

/** Determine the class under which an error is counted: its `failure` property if it has one, otherwise its name. */
function classOfError(error: unknown): { readonly name: string; readonly isTimeout: boolean } {
  if (!(error instanceof Error)) return { name: "unknown", isTimeout: false };
  const failure = "failure" in error && typeof error.failure === "string" ? error.failure : null;
  const name = failure ?? error.name;
  return { name, isTimeout: failure === "timeout" || failure === "stall" || error.name === "TimeoutError" };
}
