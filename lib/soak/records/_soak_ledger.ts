import { LatencyHistogram } from "../facts/latency_histogram.ts";
import { recordWaits } from "../facts/backlog.ts";
import type { SoakDifference, SoakFailure, SoakReport } from "./soak_report.ts";
import type { SoakBacklog } from "../facts/soak_backlog.ts";
import type { SoakRow } from "./soak_row.ts";
import { addCounts, addToGroup, countResult, noCounts, type SoakCounts, type SoakGroup } from "../facts/soak_totals.ts";
import type { SoakJob, SoakMessage, SoakObservations, SoakProbe, SoakResult } from "../facts/soak_work.ts";

const MAX_CLASSES = 50;
const MAX_ROWS = 1000;
/** Of each kind, so that many of one kind do not hide the first of another. */
const MAX_NOTES = 20;
const MAX_SLOWEST = 10;

type IntervalFacts = Pick<SoakRow, "start" | "startMs" | "lengthMs" | "drainMs" | "active" | keyof SoakBacklog>;

/**
 * Counts the events of a run: totals of the run, totals of the current interval, and some examples. Its size is
 * bounded.
 */
export class SoakLedger {
  readonly totals: SoakCounts;
  readonly latencies: LatencyHistogram;
  rows: SoakRow[];
  omittedRows: number;
  slowest: { readonly id: string; readonly ms: number }[];
  readonly errorsByClass: Record<string, number>;
  readonly failures: SoakFailure[];
  readonly differences: SoakDifference[];
  readonly groups: Record<string, SoakGroup>;
  mode: string | null = null;
  limit: number | null = null;
  #interval = { counts: noCounts(), latencies: new LatencyHistogram(), lagMs: null as number | null };

  constructor(earlier: SoakReport | undefined) {
    this.totals = { ...noCounts(), ...earlier?.totals };
    this.latencies = new LatencyHistogram(earlier?.latencies);
    this.rows = [...earlier?.rows ?? []];
    this.omittedRows = earlier?.omittedRows ?? 0;
    this.slowest = [...earlier?.slowest ?? []];
    this.errorsByClass = { ...earlier?.errorsByClass };
    this.failures = [...earlier?.failures ?? []];
    this.differences = [...earlier?.differences ?? []];
    this.groups = { ...earlier?.groups };
  }

  /** Count a job that ended, also for its group, if it has one. */
  add(job: SoakJob, result: SoakResult, latencyMs: number, group?: string): void {
    const own = noCounts();
    countResult(own, result, job);
    if (group !== undefined) this.groups[group] = addToGroup(this.groups[group], own);
    addCounts(this.totals, own);
    addCounts(this.#interval.counts, own);
    this.latencies.record(latencyMs);
    this.#interval.latencies.record(latencyMs);
    this.mode = result.mode ?? this.mode;
    this.limit = result.limit ?? this.limit;
    this.slowest = [...this.slowest, { id: job.id, ms: Math.round(latencyMs) }].toSorted((a, b) => b.ms - a.ms).slice(
      0,
      MAX_SLOWEST,
    );
    for (const [name, count] of Object.entries(result.errors ?? {})) this.#noteClass(name, count);
    this.#noteMessages(job, result.messages ?? []);
    for (const problem of result.exchanges?.problems ?? []) {
      if (this.differences.length >= MAX_NOTES) break;
      this.differences.push({ jobIndex: job.index, text: `${job.id}: ${problem}` });
    }
  }

  /** Count what was observed during a job. */
  observe(job: Pick<SoakJob, "id" | "index">, seen: SoakObservations): void {
    this.#noteMessages(job, seen.messages ?? []);
    for (const counts of [this.totals, this.#interval.counts]) {
      counts.silences += seen.silences ?? 0;
      counts.lateCuts += seen.lateCuts ?? 0;
      counts.slowLines += seen.slowLines ?? 0;
    }
  }

  /** Count a job that was stopped with the run or lost when the run was killed. */
  addUnfinished(): void {
    this.totals.unfinished++;
    this.#interval.counts.unfinished++;
  }

  /** Keep a failure, if it is one of the first 20 of its kind. */
  noteFailure(failure: SoakFailure): void {
    if (this.failures.filter(({ kind }) => kind === failure.kind).length < MAX_NOTES) this.failures.push(failure);
  }

  /** Record the event-loop lag of a probe; the interval keeps the maximum. */
  recordProbe(probe: SoakProbe): void {
    const { loopLagMs } = probe;
    if (loopLagMs !== null) this.#interval.lagMs = Math.max(this.#interval.lagMs ?? 0, loopLagMs);
  }

  /** Close the interval and start the next. No job fell due after `dueUntilMs`, in milliseconds of the run. */
  close(facts: IntervalFacts, perSecond: number, probe: SoakProbe | null, dueUntilMs: number): SoakRow {
    const { counts, latencies, lagMs } = this.#interval;
    recordWaits(latencies, perSecond, facts, dueUntilMs);
    const [p50Ms, p95Ms, p99Ms] = [0.5, 0.95, 0.99].map((share) => latencies.quantile(share));
    const coveredMs = facts.lengthMs + facts.drainMs;
    const row: SoakRow = {
      interval: this.rows.length + this.omittedRows,
      ...facts,
      ...counts,
      megabytesPerSecond: coveredMs > 0 ? counts.bytes / 1e3 / coveredMs : 0,
      p50Ms: p50Ms!,
      p95Ms: p95Ms!,
      p99Ms: p99Ms!,
      maxMs: latencies.count === 0 ? null : latencies.maxMs,
      heapUsed: probe?.heapUsed ?? null,
      external: probe?.external ?? null,
      rss: probe?.rss ?? null,
      handles: probe?.handles ?? null,
      timers: probe?.timers ?? null,
      loopLagP99Ms: lagMs,
      mode: this.mode,
      limit: this.limit,
    };
    this.#interval = { counts: noCounts(), latencies: new LatencyHistogram(), lagMs: null };
    this.rows.push(row);
    if (this.rows.length > MAX_ROWS) {
      this.omittedRows += this.rows.length - MAX_ROWS;
      this.rows = this.rows.slice(-MAX_ROWS);
    }
    return row;
  }

  #noteMessages({ id, index }: Pick<SoakJob, "id" | "index">, messages: readonly SoakMessage[]): void {
    for (const { kind, text } of messages) this.noteFailure({ jobIndex: index, kind, text: `${id}: ${text}` });
  }

  #noteClass(name: string, count: number): void {
    const isKnown = Object.hasOwn(this.errorsByClass, name);
    const key = isKnown || Object.keys(this.errorsByClass).length < MAX_CLASSES ? name : "other";
    this.errorsByClass[key] = (this.errorsByClass[key] ?? 0) + count;
  }
}
