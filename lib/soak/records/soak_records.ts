import type { LoopFacts } from "./loop_facts.ts";
import { type Clock, messageOf } from "../../base/mod.ts";
import { dumpInTime } from "./dump_in_time.ts";
import { judgeClaim } from "../../judge/mod.ts";
import { measureClaim } from "../judges/measure_claims.ts";
import { makeReport } from "./_make_report.ts";
import { backlogAt, scheduleAt } from "../facts/backlog.ts";
import type { SoakSchedule } from "../facts/soak_backlog.ts";
import type { SoakGap } from "../facts/run_timeline.ts";
import type { ClaimId } from "../judges/claim_id.ts";
import { SoakCurves } from "./_soak_curves.ts";
import { SoakLedger } from "./_soak_ledger.ts";
import type { SoakEvent, SoakOptions } from "../soak_options.ts";
import type { SoakDeadlock, SoakFailure, SoakReport, SoakSession } from "./soak_report.ts";
import type { SoakJob, SoakObservations, SoakProbe, SoakResult } from "../facts/soak_work.ts";

/** Claims that can be judged for any run. */
const BASE_CLAIMS: readonly ClaimId[] = [
  ...["timeout_rate", "success_rate", "recovery_rate", "concurrency_error_rate", "deadlocks", "duration"] as const,
];
const PROBE_CLAIMS: readonly ClaimId[] = [
  ...["leak_heap", "leak_external", "leak_handles", "leak_timers", "memory_cap"] as const,
];
const MAX_DEADLOCKS = 20;
const MAX_GAPS = 100;
const MAX_SITTINGS = 200;

/** Records everything about a run, judges its claims and makes its report. */
export class SoakRecords {
  readonly ledger: SoakLedger;
  readonly curves: SoakCurves;
  readonly options: SoakOptions;
  readonly claims: readonly ClaimId[];
  gaps: SoakGap[];
  deadlocks: SoakDeadlock[];
  deadlockCount: number;
  unwritten: SoakReport["unwritten"];
  readonly #clock: Clock;
  readonly #startedAt: string;
  readonly #startedMs: number;
  readonly #pastRestarts: number;
  readonly #pastSittings: readonly SoakSession[];
  #intervalStart: { readonly at: string; readonly ms: number };
  #probe: SoakProbe | null = null;
  #knownRestarts = 0;
  #writes: Promise<void> = Promise.resolve();

  constructor(options: SoakOptions, clock: Clock) {
    const { resume, probe, abortOn = [] } = options;
    const earlier = resume?.report;
    this.options = options;
    const claims = options.claims ?? [...BASE_CLAIMS, ...probe === undefined ? [] : PROBE_CLAIMS];
    this.claims = [...new Set([...claims, ...abortOn])];
    this.ledger = new SoakLedger(earlier);
    this.curves = new SoakCurves(earlier);
    this.gaps = [...earlier?.gaps ?? []];
    this.deadlocks = [...earlier?.deadlocks ?? []];
    this.deadlockCount = earlier?.deadlockCount ?? 0;
    this.unwritten = earlier?.unwritten ?? { count: 0, reason: null };
    this.#clock = clock;
    this.#startedMs = earlier?.actualMs ?? 0;
    this.#startedAt = new Date(clock.now()).toISOString();
    this.#pastRestarts = earlier?.restarts ?? 0;
    this.#pastSittings = earlier?.sittings ?? [];
    this.#intervalStart = { at: this.#startedAt, ms: this.#startedMs };
    if (resume === undefined) return;
    this.curves.begin(this.#startedMs);
    const { nextJob, totals } = resume.report;
    // Jobs that were begun but never ended were under way when the earlier process was killed.
    for (let lost = nextJob - totals.ops - totals.unfinished; lost > 0; lost--) this.ledger.addUnfinished();
    const lengthMs = clock.now() - Date.parse(resume.endedAt);
    this.addGap({ kind: "restart", at: this.#startedAt, atMs: Math.round(this.#startedMs), lengthMs });
  }

  get restarts(): number {
    return this.#pastRestarts + (this.options.restarts?.() ?? 0);
  }

  /** The end of the current interval, in milliseconds of the run. */
  get nextIntervalMs(): number {
    const { intervalMs } = this.options;
    // Intervals end at multiples of their length since the start of the run, even after a resume.
    return (Math.floor(this.#intervalStart.ms / intervalMs + 1e-9) + 1) * intervalMs;
  }

  /**
   * Count a job that ended; its result is `null` if it was stopped with the run. Return the failed claim that ends the
   * run, or `null`.
   */
  add(job: SoakJob, result: SoakResult | null, latencyMs: number, nowMs: number): ClaimId | null {
    if (result === null) {
      this.ledger.addUnfinished();
      return null;
    }
    this.ledger.add(job, result, Math.max(0, latencyMs), this.options.groupOf?.(job));
    this.#emit({ type: "result", job, result, latencyMs });
    return this.#crossed(nowMs);
  }

  /** Count what was observed during a job. */
  observe(job: SoakJob, seen: SoakObservations): void {
    this.ledger.observe(job, seen);
  }

  /** Report how far the run is. */
  reportProgress(coveredMs: number, active: number, isEnding: boolean): void {
    this.#emit({ type: "progress", coveredMs, active, isEnding, totals: { ...this.ledger.totals } });
  }

  noteFailure(failure: SoakFailure): void {
    this.ledger.noteFailure(failure);
  }

  addGap(gap: SoakGap): void {
    this.gaps = [...this.gaps, gap].slice(-MAX_GAPS);
    this.#emit({ type: "gap", gap });
  }

  addDeadlock(found: Pick<SoakDeadlock, "id" | "jobIndex" | "silentMs" | "drainMs" | "jobs">): void {
    this.deadlockCount++;
    const at = new Date(this.#clock.now()).toISOString();
    const add = (dump: string | null): void => {
      const deadlock = { ...found, at, dump };
      if (this.deadlocks.length < MAX_DEADLOCKS) this.deadlocks.push(deadlock);
      this.#emit({ type: "deadlock", deadlock });
    };
    const { dump } = this.options;
    // Dump now, while the job hangs. Dumps for several jobs run concurrently, so they delay the run no longer than a
    // single dump.
    const dumped = dump === undefined ? Promise.resolve(null) : dumpInTime(dump, this.#clock);
    // `dumpInTime` never rejects, so the deadlock is reported even if the system does not respond.
    this.#writes = this.#writes.then(async () => add(await dumped));
  }

  /** Probe the system under test and record the result. If the system was restarted, start new curves. */
  async probe(probe: () => Promise<SoakProbe | null>, nowMs: () => number): Promise<void> {
    let found: SoakProbe | null;
    try {
      found = await probe();
    } catch {
      // The system is gone or does not respond. This is counted elsewhere, and one missing probe does no harm.
      return;
    }
    const restarts = this.options.restarts?.() ?? 0;
    if (restarts !== this.#knownRestarts) this.curves.begin(nowMs());
    this.#knownRestarts = restarts;
    if (found === null) return;
    this.#probe = found;
    this.ledger.recordProbe(found);
    this.curves.add(Math.round(nowMs()), found);
  }

  /** Close all intervals that have ended by `nowMs`. */
  closeDue(nowMs: number, facts: LoopFacts): void {
    while (nowMs >= this.nextIntervalMs) this.#close(this.nextIntervalMs, facts);
  }

  /** Close all intervals that end before `endMs`. */
  closeBefore(endMs: number, facts: LoopFacts): void {
    while (this.nextIntervalMs < endMs) this.#close(this.nextIntervalMs, facts);
  }

  /** Close the last interval, which includes the drain, wait for pending writes, and make the final report. */
  async finish(coveredMs: number, facts: LoopFacts): Promise<SoakReport> {
    const nowMs = Math.min(this.options.plannedMs, coveredMs);
    this.closeBefore(nowMs, facts);
    if (nowMs > this.#intervalStart.ms) this.#close(nowMs, facts, coveredMs - nowMs);
    await this.#writes;
    return this.report(nowMs, facts);
  }

  report(nowMs: number, facts: LoopFacts): SoakReport {
    const sitting = {
      startedAt: this.#startedAt,
      endedAt: new Date(this.#clock.now()).toISOString(),
      coveredMs: Math.round(nowMs - this.#startedMs),
    };
    const sittings = [...this.#pastSittings, sitting].slice(-MAX_SITTINGS);
    const { nextJob, lastDueMs } = facts;
    const schedule = scheduleAt(this.#perSecond, this.ledger.latencies.state, nextJob, Math.min(nowMs, lastDueMs));
    return makeReport(this, { ...facts, actualMs: Math.round(nowMs), sittings, schedule });
  }

  get #perSecond(): number {
    return this.options.perSecond ?? 1;
  }

  #emit(event: SoakEvent): void {
    try {
      this.options.onEvent?.(event);
    } catch {
      // An error in a listener must not affect counts or verdicts.
    }
  }

  #close(nowMs: number, facts: LoopFacts, drainMs = 0): void {
    const { at: start, ms: startMs } = this.#intervalStart;
    const lengthMs = nowMs - startMs;
    const dueUntilMs = Math.min(nowMs, facts.lastDueMs);
    const row = this.ledger.close(
      {
        start,
        startMs: Math.round(startMs),
        lengthMs: Math.round(lengthMs),
        drainMs: Math.round(drainMs),
        active: facts.active,
        ...backlogAt(this.#perSecond, facts.nextJob, dueUntilMs),
      },
      this.#perSecond,
      this.#probe,
      dueUntilMs,
    );
    this.#intervalStart = { at: new Date(this.#clock.now()).toISOString(), ms: nowMs };
    const { onInterval } = this.options;
    if (onInterval === undefined) return;
    // Make the report now, not when the disk is ready: totals, rows and the next job must be from the same time.
    const snapshot = this.report(nowMs, facts);
    this.#writes = this.#writes.then(async () => {
      try {
        await onInterval(row, () => this.#withWrites(snapshot));
      } catch (error) {
        const reason = messageOf(error);
        this.unwritten = { count: this.unwritten.count + 1, reason };
        this.#emit({ type: "unwritten", reason });
      }
    });
  }

  /**
   * Complete a report with facts that were not known when it was made: the dumps of its deadlocks, and writes that
   * failed later.
   */
  #withWrites(snapshot: SoakReport): SoakReport {
    return { ...snapshot, deadlocks: this.deadlocks.slice(0, snapshot.deadlockCount), unwritten: this.unwritten };
  }

  #crossed(nowMs: number): ClaimId | null {
    const { abortOn = [], delayAbortMs = 0 } = this.options;
    if (abortOn.length === 0 || nowMs < delayAbortMs) return null;
    const facts = this.claimFacts(nowMs);
    return abortOn.find((id) => judgeClaim(measureClaim(id, facts)).verdict === "fail") ?? null;
  }

  claimFacts(actualMs: number, schedule?: SoakSchedule) {
    const { ledger: { totals }, deadlockCount: deadlocks, restarts, curves } = this;
    const { plannedMs, warmUp } = this.options;
    const memory = { generation: curves.longest(), maxRss: curves.maxRss, warmUp };
    const { groups } = this.ledger;
    return { totals, groups, deadlocks, restarts, ...memory, plannedMs, actualMs, schedule };
  }
}
