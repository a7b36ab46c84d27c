import { type Clock, systemClock } from "../base/mod.ts";
import { classOfError } from "./_class_of_error.ts";
import { DeadlockWatch } from "./deadlock_watch.ts";
import { planJob } from "./plan_job.ts";
import { RunTimeline } from "./run_timeline.ts";
import { SoakBooks } from "./_soak_books.ts";
import type { SoakOptions } from "./soak_options.ts";
import type { SoakEnd, SoakReport } from "./soak_report.ts";
import type { SoakJob, SoakResult } from "./soak_work.ts";

/** No wait is longer: the longest time in which a stopped process goes unnoticed. */
const BEAT_MS = 1000;
const STOP_MS = 2000;

/** Why a job is stopped; what it throws then is no failure of its own. */
class JobStopped extends Error {
  override name = "JobStopped";
}

/** A run of a schedule: one loop that begins what is due, looks at what it must, and rests until the next moment. */
export class SoakRun {
  readonly #options: SoakOptions;
  readonly #clock: Clock;
  readonly #books: SoakBooks;
  readonly #timeline: RunTimeline;
  readonly #watch: DeadlockWatch;
  readonly #freeLanes: number[];
  readonly #stops = new Map<string, AbortController>();
  readonly #running = new Set<Promise<void>>();
  /** Where this sitting began in the time of the run. */
  readonly #firstMs: number;
  #nextJob: number;
  #nextProbeMs = 0;
  #isProbing: Promise<void> | null = null;
  #nap = new AbortController();
  #end: SoakEnd = { type: "running" };

  constructor(options: SoakOptions) {
    const { clock = systemClock, lanes = 1, deadlockMs = 60_000, resume } = options;
    this.#options = options;
    this.#clock = clock;
    this.#books = new SoakBooks(options, clock);
    this.#firstMs = resume?.report.actualMs ?? 0;
    this.#timeline = new RunTimeline(clock, { coveredMs: this.#firstMs, onGap: (gap) => this.#books.addGap(gap) });
    this.#watch = new DeadlockWatch(deadlockMs);
    this.#freeLanes = Array.from({ length: lanes }, (_, lane) => lanes - 1 - lane);
    this.#nextJob = resume?.report.nextJob ?? 0;
  }

  async run(): Promise<SoakReport> {
    const { signal, plannedMs } = this.#options;
    const onAbort = (): void => this.#stop({ type: "signal", reason: reasonOf(signal) });
    if (signal?.aborted) onAbort();
    signal?.addEventListener("abort", onAbort, { once: true });
    try {
      while (this.#end.type === "running") {
        this.#timeline.look();
        const nowMs = this.#timeline.coveredMs;
        if (nowMs >= plannedMs) break;
        this.#books.closeDue(nowMs, this.#facts());
        this.#startDue(nowMs);
        this.#probe(nowMs);
        this.#findDeadlocks(nowMs);
        await this.#rest(nowMs);
      }
      await this.#drain();
    } finally {
      signal?.removeEventListener("abort", onAbort);
    }
    if (this.#end.type === "running") this.#end = { type: "planned" };
    const coveredMs = Math.min(plannedMs, this.#timeline.coveredMs);
    return await this.#books.finish(coveredMs, this.#facts());
  }

  #facts() {
    return { end: this.#end, nextJob: this.#nextJob, active: this.#running.size };
  }

  #dueMs(index: number): number {
    // What fell due before a stop and was not begun is due when the run goes on.
    return Math.max(this.#firstMs, index * 1000 / (this.#options.perSecond ?? 1));
  }

  #startDue(nowMs: number): void {
    const { seed = 1, kinds = ["work"], injectRate = 0 } = this.#options;
    while (this.#freeLanes.length > 0 && this.#dueMs(this.#nextJob) <= nowMs) {
      const index = this.#nextJob++;
      const job: SoakJob = { ...planJob({ seed, kinds, injectRate }, index), lane: this.#freeLanes.pop()! };
      const work = this.#work(job, this.#dueMs(index)).finally(() => {
        this.#running.delete(work);
        this.#freeLanes.push(job.lane);
        this.#nap.abort();
      });
      this.#running.add(work);
    }
  }

  async #work(job: SoakJob, dueMs: number): Promise<void> {
    const stop = new AbortController();
    this.#stops.set(job.id, stop);
    this.#watch.begin(job.id, this.#timeline.coveredMs);
    this.#books.begin(job);
    const beat = (state?: string): void => this.#watch.beat(job.id, this.#timeline.coveredMs, state);
    let result: SoakResult | null = null;
    try {
      const stopped = Promise.withResolvers<never>();
      stop.signal.addEventListener("abort", () => stopped.reject(stop.signal.reason), { once: true });
      // A job that heeds no signal shall not hold the run.
      const work = Promise.resolve().then(() => this.#options.work(job, { signal: stop.signal, beat }));
      work.catch(() => {});
      result = await Promise.race([work, stopped.promise]) ?? {};
    } catch (error) {
      if (!(stop.signal.aborted && stop.signal.reason instanceof JobStopped)) {
        const { name, isTimeout } = classOfError(error);
        this.#books.noteFailure(`${job.id}: ${error instanceof Error ? error.message : error}`);
        result = { failures: 1, timeouts: isTimeout ? 1 : 0, errors: { [name]: 1 } };
      }
    } finally {
      this.#watch.end(job.id);
      this.#stops.delete(job.id);
    }
    const crossed = this.#books.add(job, result, this.#timeline.coveredMs - dueMs, this.#timeline.coveredMs);
    if (crossed !== null) this.#stop({ type: "claim", claim: crossed });
  }

  #stop(end: SoakEnd): void {
    if (this.#end.type === "running") this.#end = end;
    this.#nap.abort();
  }

  #probe(nowMs: number): void {
    const { probe, plannedMs } = this.#options;
    const { probeMs = Math.min(10_000, Math.max(1000, plannedMs / 120)) } = this.#options;
    if (probe === undefined || this.#isProbing !== null || nowMs < this.#nextProbeMs) return;
    this.#nextProbeMs = nowMs + probeMs;
    this.#isProbing = this.#books.look(probe, () => this.#timeline.coveredMs).finally(() => this.#isProbing = null);
  }

  #findDeadlocks(nowMs: number): void {
    for (const { id, silentMs } of this.#watch.silent(nowMs)) {
      this.#books.addDeadlock({ id, silentMs: Math.round(silentMs), jobs: this.#watch.jobs(nowMs) });
      const stuck = Object.assign(new Error(`Nothing moved for ${Math.round(silentMs)} ms`), { name: "Deadlock" });
      this.#stops.get(id)?.abort(stuck);
      this.#watch.end(id);
    }
  }

  /** Until the next moment at which something is to be done, or a job ends. */
  async #rest(nowMs: number): Promise<void> {
    const { plannedMs } = this.#options;
    const dueMs = this.#freeLanes.length > 0 ? this.#dueMs(this.#nextJob) : Infinity;
    const probeMs = this.#options.probe === undefined ? Infinity : this.#nextProbeMs;
    const next = Math.min(plannedMs, this.#books.nextIntervalMs, dueMs, this.#isProbing === null ? probeMs : Infinity);
    const restMs = Math.min(BEAT_MS, Math.max(0.1, next - nowMs));
    this.#timeline.expect(restMs);
    this.#nap = new AbortController();
    try {
      if (this.#end.type === "running") await this.#clock.sleep(restMs, { signal: this.#nap.signal });
    } catch (error) {
      // Woken, because a job ended or the run is to stop.
      if (!this.#nap.signal.aborted) throw error;
    }
  }

  /** Let the jobs under way end, for as long as that may take; then they are stopped, and count for nothing. */
  async #drain(): Promise<void> {
    const { drainMs = 30_000 } = this.#options;
    const waitMs = this.#end.type === "running" ? drainMs : 0;
    const isOver = await this.#within(waitMs);
    if (isOver) return;
    for (const stop of this.#stops.values()) stop.abort(new JobStopped("The run is over"));
    await this.#within(STOP_MS);
  }

  async #within(waitMs: number): Promise<boolean> {
    const all = () => Promise.all([...this.#running, this.#isProbing]);
    if (waitMs <= 0) return this.#running.size === 0;
    const over = new AbortController();
    const ended = all().then(() => over.abort());
    try {
      this.#timeline.expect(waitMs);
      await this.#clock.sleep(waitMs, { signal: over.signal });
    } catch (error) {
      if (!over.signal.aborted) throw error;
    }
    if (over.signal.aborted) await ended;
    return over.signal.aborted;
  }
}

function reasonOf(signal: AbortSignal | undefined): string {
  const reason: unknown = signal?.reason;
  return reason instanceof Error ? reason.message : String(reason);
}
