import { LatencyHistogram, type LatencyState } from "./latency_histogram.ts";
import { formatDuration } from "../../base/mod.ts";
import type { SoakBacklog, SoakSchedule } from "./soak_backlog.ts";

/** Maximum number of waits that are computed; in a longer backlog, each of them represents several jobs. */
const MAX_SAMPLES = 1000;

/**
 * The due time of a job, in milliseconds of the run. The time between a stop and a resume does not count as time of the
 * run, so a job that was due but not begun before the stop keeps exactly the wait that it had.
 */
export function dueMsOf(perSecond: number, index: number): number {
  return index * 1000 / perSecond;
}

/** Count the jobs that fell due before `nowMs`, and how many of them were begun or are waiting. */
export function backlogAt(perSecond: number, nextJob: number, nowMs: number): SoakBacklog {
  // A job that is due exactly now does not count as waiting: if a lane is free, it is begun now.
  const due = Math.max(nextJob, Math.ceil(nowMs * perSecond / 1000 - 1e-9));
  return { due, begun: nextJob, waiting: due - nextJob };
}

/** Record how long due jobs that were not begun have waited so far; omitting them would be coordinated omission. */
export function recordWaits(
  latencies: LatencyHistogram,
  perSecond: number,
  { due, begun, waiting }: SoakBacklog,
  nowMs: number,
): void {
  const step = Math.ceil(waiting / MAX_SAMPLES);
  for (let index = begun; index < due; index += step) {
    latencies.record(Math.max(0, nowMs - dueMsOf(perSecond, index)), Math.min(step, due - index));
  }
}

/** Compute how far the run has kept up at `nowMs`, with the latencies of ended and waiting jobs. */
export function scheduleAt(
  perSecond: number,
  ended: LatencyState,
  nextJob: number,
  nowMs: number,
): SoakSchedule {
  const backlog = backlogAt(perSecond, nextJob, nowMs);
  const latencies = new LatencyHistogram(ended);
  recordWaits(latencies, perSecond, backlog, nowMs);
  return {
    ...backlog,
    longestWaitMs: backlog.waiting === 0 ? null : nowMs - dueMsOf(perSecond, nextJob),
    p50Ms: latencies.quantile(0.5),
    p99Ms: latencies.quantile(0.99),
    maxMs: latencies.count === 0 ? null : latencies.maxMs,
  };
}

/** Describe the backlog in a sentence; return `null` if there is none. */
export function describeBacklog({ due, begun, waiting, longestWaitMs }: SoakSchedule): string | null {
  if (waiting === 0) return null;
  const longest = formatDuration(longestWaitMs ?? 0);
  return `${begun} of ${due} due jobs were begun; ${waiting} were still waiting, the first one for ${longest}`;
}
