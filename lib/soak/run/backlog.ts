import { LatencyHistogram, type LatencyState } from "../judges/latency_histogram.ts";
import { formatDuration } from "../../base/mod.ts";
import type { SoakBacklog, SoakSchedule } from "./soak_backlog.ts";

/** No more waits are looked at one by one: of a long backlog each stands for some. */
const MAX_LOOKS = 1000;

/**
 * When a job falls due, in milliseconds of the run. Pauses are no time of the run, so one that fell due before a stop and
 * was not begun keeps what it has waited when the run goes on.
 */
export function dueMsOf(perSecond: number, index: number): number {
  return index * 1000 / perSecond;
}

/** What fell due before that moment, and what became of it. */
export function backlogAt(perSecond: number, nextJob: number, nowMs: number): SoakBacklog {
  // A job that is due in this very moment is begun in it, if there is a lane.
  const due = Math.max(nextJob, Math.ceil(nowMs * perSecond / 1000 - 1e-9));
  return { due, begun: nextJob, waiting: due - nextJob };
}

/** Add the waits so far of all that is due and was not begun: who leaves them out sees only those who were served. */
export function recordWaits(
  latencies: LatencyHistogram,
  perSecond: number,
  { due, begun, waiting }: SoakBacklog,
  nowMs: number,
): void {
  const step = Math.ceil(waiting / MAX_LOOKS);
  for (let index = begun; index < due; index += step) {
    latencies.record(Math.max(0, nowMs - dueMsOf(perSecond, index)), Math.min(step, due - index));
  }
}

/** How far the work has kept up at that moment, with the latencies of what ended and of what waits. */
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

/** The backlog in a sentence; `null` if there is none. */
export function backlogWords({ due, begun, waiting, longestWaitMs }: SoakSchedule): string | null {
  if (waiting === 0) return null;
  const longest = formatDuration(longestWaitMs ?? 0);
  return `Of ${due} jobs that fell due ${begun} began; ${waiting} still waited, the first one for ${longest}`;
}
