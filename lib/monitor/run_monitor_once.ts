import { type Clock, messageOf, systemClock } from "../base/mod.ts";
import type { MonitorHalf, MonitorHeartbeat, MonitorWork } from "./monitor_work.ts";
import type { MonitorSummary } from "./run_monitor.ts";
import { runTick } from "./run_tick.ts";

/** Options of {@linkcode runMonitorOnce}. */
export interface RunMonitorOnceOptions {
  /** Cancels a long read of the log. */
  readonly signal?: AbortSignal | undefined;
  /** Run only this half; both by default. */
  readonly only?: MonitorHalf | undefined;
  /** Pinged at the start and at the end. The exit status is 0 if all checks could run, whatever they found. */
  readonly heartbeat?: MonitorHeartbeat | undefined;
  /**
   * The clock; tests replace it.
   *
   * @default {systemClock}
   */
  readonly clock?: Clock | undefined;
}

/**
 * Run one tick and one poll of the log, for a system timer such as cron.
 *
 * @throws Whatever a part throws, after it was reported to the heartbeat
 */
export async function runMonitorOnce(
  work: MonitorWork,
  options: RunMonitorOnceOptions = {},
): Promise<MonitorSummary> {
  const { signal, only, heartbeat, clock = systemClock } = options;
  await heartbeat?.pingStart();
  const halves = only === undefined ? ["metrics", "log"] as const : [only];
  const { firing, lines, issues, failure } = await runTick(work, { now: clock.now(), halves, signal });
  if (failure !== null) {
    await heartbeat?.pingFailure(messageOf(failure.error));
    throw failure.error;
  }
  await heartbeat?.pingExit(0);
  return { ticks: 1, skipped: 0, failed: 0, maxLateMs: 0, driftMs: 0, lines, issues, firing };
}
