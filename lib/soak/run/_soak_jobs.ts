import { checkResult } from "./_check_result.ts";
import { classOfError } from "./_class_of_error.ts";
import { DeadlockWatch, type WatchedJob } from "../judges/deadlock_watch.ts";
import type { RunTimeline } from "./run_timeline.ts";
import type { SoakBooks } from "../books/soak_books.ts";
import type { ClaimId } from "../judges/soak_claim.ts";
import type { SoakOptions } from "../soak_options.ts";
import type { SoakJob, SoakResult } from "./soak_work.ts";

/** Why a job is stopped; what it throws then is no failure of its own. */
class JobStopped extends Error {
  override name = "JobStopped";
}

/** What jobs are begun with, and who is told of them. */
export interface SoakJobsOptions extends Pick<SoakOptions, "work" | "lanes" | "deadlockMs"> {
  readonly books: SoakBooks;
  readonly timeline: RunTimeline;
  /** A job was counted, and a claim failed that is to end the run; or a lane became free. */
  readonly onChange: (crossed: ClaimId | null) => void;
}

/** The jobs under way, each watched until it is counted, and in a lane of its own until it has really ended. */
export class SoakJobs {
  readonly #options: SoakJobsOptions;
  readonly #watch: DeadlockWatch;
  readonly #freeLanes: number[];
  readonly #lanes: number;
  readonly #stops = new Map<string, AbortController>();

  constructor(options: SoakJobsOptions) {
    const { lanes = 1, deadlockMs = 60_000 } = options;
    this.#options = options;
    this.#lanes = lanes;
    this.#watch = new DeadlockWatch(deadlockMs);
    this.#freeLanes = Array.from({ length: lanes }, (_, lane) => lanes - 1 - lane);
  }

  /** How many are not counted yet. */
  get active(): number {
    return this.#stops.size;
  }

  get hasFreeLane(): boolean {
    return this.#freeLanes.length > 0;
  }

  /** Whether one is still there, counted or not. */
  get isAnyThere(): boolean {
    return this.active > 0 || this.#freeLanes.length < this.#lanes;
  }

  /** Begin one, in a lane that is free. */
  begin(plan: Omit<SoakJob, "lane">, dueMs: number): void {
    const { work, books, timeline, onChange } = this.#options;
    const job: SoakJob = { ...plan, lane: this.#freeLanes.pop()! };
    const stop = new AbortController();
    this.#stops.set(job.id, stop);
    this.#watch.begin(job.id, timeline.coveredMs);
    books.begin(job);
    const beat = (state?: string): void => this.#watch.beat(job.id, timeline.coveredMs, state);
    const working = Promise.resolve().then(() => work(job, { signal: stop.signal, beat }));
    const counted = this.#count(job, { working, stop, dueMs });
    // A job that was given up may still be there: the lane's next one would meet it.
    void Promise.allSettled([working, counted]).then(() => {
      this.#freeLanes.push(job.lane);
      onChange(null);
    });
  }

  /** Give up what has told nothing for too long. */
  findDeadlocks(nowMs: number): void {
    this.#giveUp(this.#watch.silent(nowMs), nowMs);
  }

  /** Give up all that is not done, whatever it told. */
  giveUpAll(nowMs: number, drainMs: number): void {
    this.#giveUp(this.#watch.jobs(nowMs), nowMs, drainMs);
  }

  /** Stop all; they count for nothing. */
  stopAll(): void {
    for (const stop of this.#stops.values()) stop.abort(new JobStopped("The run is over"));
  }

  #giveUp(found: readonly WatchedJob[], nowMs: number, drainMs?: number): void {
    const jobs = this.#watch.jobs(nowMs);
    for (const { id, silentMs } of found) {
      const silent = Math.round(silentMs);
      this.#options.books.addDeadlock({ id, silentMs: silent, ...drainMs === undefined ? {} : { drainMs }, jobs });
      const why = drainMs === undefined
        ? `Nothing moved for ${silent} ms`
        : `Not done when the run and ${drainMs} ms more were over`;
      this.#stops.get(id)?.abort(Object.assign(new Error(why), { name: "Deadlock" }));
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
    const { books, timeline, onChange } = this.#options;
    let result: SoakResult | null = null;
    try {
      const stopped = Promise.withResolvers<never>();
      stop.signal.addEventListener("abort", () => stopped.reject(stop.signal.reason), { once: true });
      // A job that heeds no signal shall not hold the run.
      result = checkResult(await Promise.race([working, stopped.promise]) ?? {});
    } catch (error) {
      if (!(stop.signal.aborted && stop.signal.reason instanceof JobStopped)) {
        const { name, isTimeout } = classOfError(error);
        books.noteFailure(`${job.id}: ${error instanceof Error ? error.message : error}`);
        result = { failures: 1, timeouts: isTimeout ? 1 : 0, errors: { [name]: 1 } };
      }
    } finally {
      this.#watch.end(job.id);
      this.#stops.delete(job.id);
    }
    onChange(books.add(job, result, timeline.coveredMs - dueMs, timeline.coveredMs));
  }
}
