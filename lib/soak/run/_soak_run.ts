import { type Clock, messageOf, systemClock } from "../../base/mod.ts";
import { dueMsOf } from "../facts/backlog.ts";
import { planJob } from "./plan_job.ts";
import { RunTimeline } from "../facts/run_timeline.ts";
import { SoakRecords } from "../records/soak_records.ts";
import { SoakJobs } from "./_soak_jobs.ts";
import type { SoakOptions } from "../soak_options.ts";
import type { ReportEnd } from "../../judge/mod.ts";
import type { SoakReport } from "../records/soak_report.ts";

/** Maximum time between two iterations of the loop, so that a suspended process is noticed soon. */
const MAX_SLEEP_MS = 1000;
const STOP_MS = 2000;
/** Time between two reports of progress. */
const PROGRESS_MS = 1000;
/**
 * The margin by which a job that is due exactly at the end is distinguished from earlier jobs. The former is not begun;
 * the latter are begun even if the last timer fires late.
 */
const END_MS = 1e-3;

/** Runs a schedule in one loop: begin due jobs, probe, find deadlocks, sleep until the next event. */
export class SoakRun {
  readonly #options: SoakOptions;
  readonly #clock: Clock;
  readonly #records: SoakRecords;
  readonly #timeline: RunTimeline;
  readonly #jobs: SoakJobs;
  #nextJob: number;
  #nextProbeMs = 0;
  #nextProgressMs = 0;
  #isProbing: Promise<void> | null = null;
  #isDraining = false;
  #lastDueMs = Infinity;
  #wake = new AbortController();
  #end: ReportEnd = { type: "running" };

  constructor(options: SoakOptions) {
    const { clock = systemClock, resume } = options;
    this.#options = options;
    this.#clock = clock;
    this.#records = new SoakRecords(options, clock);
    const coveredMs = resume?.report.actualMs ?? 0;
    this.#timeline = new RunTimeline(clock, { coveredMs, onGap: (gap) => this.#records.addGap(gap) });
    this.#jobs = new SoakJobs({
      ...options,
      records: this.#records,
      timeline: this.#timeline,
      onChange: (crossed) => crossed === null ? this.#wake.abort() : this.#stop({ type: "claim", claim: crossed }),
    });
    this.#nextJob = resume?.report.nextJob ?? 0;
  }

  async run(): Promise<SoakReport> {
    const { signal, plannedMs } = this.#options;
    const onAbort = (): void => {
      const suffix = this.#isDraining ? ", while waiting for the last jobs to end" : "";
      this.#stop({ type: "signal", reason: `${messageOf(signal?.reason)}${suffix}` });
    };
    if (signal?.aborted) onAbort();
    signal?.addEventListener("abort", onAbort, { once: true });
    try {
      while (this.#end.type === "running") {
        this.#timeline.update();
        const nowMs = this.#timeline.coveredMs;
        if (nowMs >= plannedMs) {
          this.#startDue(plannedMs - END_MS);
          // Jobs that end during the drain are counted in the last interval only, so close the earlier ones now.
          this.#records.closeBefore(plannedMs, this.#facts());
          break;
        }
        this.#records.closeDue(nowMs, this.#facts());
        this.#startDue(nowMs);
        this.#probe(nowMs);
        this.#jobs.findDeadlocks(nowMs);
        this.#reportProgress(nowMs);
        await this.#rest(nowMs);
      }
      await this.#drain();
    } finally {
      signal?.removeEventListener("abort", onAbort);
    }
    return await this.#records.finish(this.#timeline.coveredMs, this.#facts());
  }

  #facts() {
    return { end: this.#end, nextJob: this.#nextJob, active: this.#jobs.active, lastDueMs: this.#lastDueMs };
  }

  #dueMs(index: number): number {
    return dueMsOf(this.#options.perSecond ?? 1, index);
  }

  #startDue(nowMs: number): void {
    const { seed = 1, kinds = ["work"], injectRate = 0 } = this.#options;
    while (this.#jobs.hasFreeLane && this.#dueMs(this.#nextJob) <= nowMs) {
      const index = this.#nextJob++;
      this.#jobs.begin(planJob({ seed, kinds, injectRate }, index), this.#dueMs(index));
    }
  }

  #reportProgress(nowMs: number): void {
    if (nowMs < this.#nextProgressMs) return;
    this.#nextProgressMs = nowMs + PROGRESS_MS;
    this.#records.reportProgress(nowMs, this.#jobs.active, this.#isDraining);
  }

  #stop(end: ReportEnd): void {
    if (this.#end.type === "running") this.#end = end;
    this.#wake.abort();
  }

  #probe(nowMs: number): void {
    const { probe, plannedMs } = this.#options;
    const { probeMs = Math.min(10_000, Math.max(1000, plannedMs / 120)) } = this.#options;
    if (probe === undefined || this.#isProbing !== null || nowMs < this.#nextProbeMs) return;
    this.#nextProbeMs = nowMs + probeMs;
    this.#isProbing = this.#records.probe(probe, () => this.#timeline.coveredMs).finally(() => {
      this.#isProbing = null;
      this.#wake.abort();
    });
  }

  /** Sleep until the next job, interval or probe is due, or until a job ends. */
  async #rest(nowMs: number): Promise<void> {
    const { plannedMs } = this.#options;
    const dueMs = this.#jobs.hasFreeLane ? this.#dueMs(this.#nextJob) : Infinity;
    const probeMs = this.#options.probe === undefined ? Infinity : this.#nextProbeMs;
    const next = Math.min(
      plannedMs,
      this.#records.nextIntervalMs,
      dueMs,
      this.#isProbing === null ? probeMs : Infinity,
    );
    if (this.#end.type === "running") await this.#sleep(next - nowMs);
  }

  async #sleep(wantedMs: number): Promise<void> {
    const restMs = Math.min(MAX_SLEEP_MS, Math.max(0.1, wantedMs));
    this.#timeline.announceRest(restMs);
    this.#wake = new AbortController();
    try {
      await this.#clock.sleep(restMs, { signal: this.#wake.signal });
    } catch (error) {
      // The sleep was ended early because a job ended or the run is being stopped.
      if (!this.#wake.signal.aborted) throw error;
    }
  }

  /**
   * Wait up to `drainMs` for the jobs under way. Deadlocks are detected as before, and jobs that have not ended after
   * this time are also reported as deadlocks. If the run was stopped, they are counted as unfinished instead.
   */
  async #drain(): Promise<void> {
    const { drainMs = 30_000 } = this.#options;
    this.#isDraining = true;
    this.#lastDueMs = Math.min(this.#options.plannedMs, this.#timeline.coveredMs);
    const isAwaited = () => this.#end.type === "running" && (this.#jobs.active > 0 || this.#isProbing !== null);
    await this.#waitWhile(isAwaited, drainMs);
    if (this.#end.type === "running") {
      this.#end = { type: "planned" };
      this.#jobs.giveUpAll(this.#timeline.coveredMs, drainMs);
    } else this.#jobs.stopAll();
    await this.#waitWhile(() => this.#jobs.isAnyThere, STOP_MS);
  }

  async #waitWhile(isAwaited: () => boolean, longestMs: number): Promise<void> {
    const untilMs = this.#timeline.coveredMs + longestMs;
    while (isAwaited()) {
      this.#timeline.update();
      const nowMs = this.#timeline.coveredMs;
      if (nowMs >= untilMs) return;
      this.#jobs.findDeadlocks(nowMs);
      this.#reportProgress(nowMs);
      await this.#sleep(untilMs - nowMs);
    }
  }
}
