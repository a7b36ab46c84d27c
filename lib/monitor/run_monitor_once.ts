import { type Clock, systemClock } from "../base/mod.ts";
import { lookAtMetrics } from "./status/look_at_metrics.ts";
import type { MonitorHalf, MonitorHeartbeat, MonitorParts } from "./monitor_parts.ts";
import type { MonitorSummary } from "./run_monitor.ts";

/** Options of {@linkcode runMonitorOnce}. */
export interface RunMonitorOnceOptions {
  /** Stops a long look at the log. */
  readonly signal?: AbortSignal | undefined;
  /** Do one half only. */
  readonly only?: MonitorHalf | undefined;
  /** Hears of the start and of the end: 0 when all could be looked at, whatever was found. */
  readonly heartbeat?: MonitorHeartbeat | undefined;
  /**
   * Time, as a seam.
   *
   * @default {systemClock}
   */
  readonly clock?: Clock | undefined;
}

/**
 * Do what a monitor does once, as a timer of the system wants it.
 *
 * @param parts What to do
 * @param options Which half, and who hears of it
 * @returns What was found
 * @throws What a part throws, after the heartbeat has heard of it
 */
export async function runMonitorOnce(
  parts: MonitorParts,
  options: RunMonitorOnceOptions = {},
): Promise<MonitorSummary> {
  const { signal, only, heartbeat, clock = systemClock } = options;
  await heartbeat?.start();
  try {
    const looked = only === "log" ? null : await lookAtMetrics(parts, clock.now());
    const { lines, issues } = only === "metrics" ? { lines: 0, issues: 0 } : await parts.follow({ signal });
    await parts.save();
    if (looked?.uncollected) throw looked.uncollected.error;
    await heartbeat?.exit(0);
    return { ticks: 1, skipped: 0, failed: 0, maxLateMs: 0, driftMs: 0, lines, issues, firing: looked?.firing ?? null };
  } catch (error) {
    await heartbeat?.fail(error instanceof Error ? error.message : String(error));
    throw error;
  }
}
