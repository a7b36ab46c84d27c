import { type Clock, systemClock } from "../base/mod.ts";
import { HeartbeatLine } from "./status/heartbeat_line.ts";
import { lookAtMetrics } from "./status/look_at_metrics.ts";
import type { MonitorHalf, MonitorHeartbeat, MonitorParts } from "./monitor_parts.ts";
import type { SdNotifier } from "./sd_notify.ts";
import { SteadyTicker, type Tick } from "./steady_ticker.ts";

/** Options of {@linkcode runMonitor}. */
export interface RunMonitorOptions {
  /** Ends it; what is under way is ended first. */
  readonly signal: AbortSignal;
  /**
   * From one look at the metrics to the next, in milliseconds.
   *
   * @default {30000}
   */
  readonly intervalMs?: number | undefined;
  /**
   * From one look at the log to the next, in milliseconds.
   *
   * @default {1000}
   */
  readonly followMs?: number | undefined;
  /** Do one half only. */
  readonly only?: MonitorHalf | undefined;
  /** Hears of every tick. */
  readonly heartbeat?: MonitorHeartbeat | undefined;
  /**
   * Good ticks are told it this far apart, in milliseconds, as near as the interval allows; failed ones at once.
   *
   * @default {each tick}
   */
  readonly heartbeatMs?: number | undefined;
  /** The service manager. */
  readonly notifier?: SdNotifier | undefined;
  /** Told what a person should know: a tick that failed, a gap in time. */
  readonly onProblem?: ((message: string) => void) | undefined;
  /** Told after each tick. */
  readonly onTick?: ((report: TickReport) => void) | undefined;
  /**
   * Time, as a seam.
   *
   * @default {systemClock}
   */
  readonly clock?: Clock | undefined;
}

/** What a tick found. */
export interface TickReport {
  /** Milliseconds since the epoch. */
  readonly now: number;
  /** Alerts that fire; `null` when they were not looked at, or could not be. */
  readonly firing: number | null;
}

/** What a monitor did. */
export interface MonitorSummary {
  /** Ticks that began. */
  readonly ticks: number;
  /** Ticks that were left out because the one before took too long. */
  readonly skipped: number;
  /** Ticks that failed. */
  readonly failed: number;
  /** The most that a tick was late, in milliseconds. */
  readonly maxLateMs: number;
  /** How late the last hundred ticks were, the median of them, in milliseconds. */
  readonly driftMs: number;
  /** Lines of the log. */
  readonly lines: number;
  /** Lines that were trouble. */
  readonly issues: number;
  /** Alerts that fired at the last tick; `null` when none was looked at. */
  readonly firing: number | null;
}

/** With a sign of life owed, a tick may take so many intervals before it counts as hung. */
const HUNG_INTERVALS = 3;
const MIN_HUNG_MS = 180_000;

/**
 * Do both halves of a monitor until the signal aborts: a tick that measures, evaluates, keeps the state and tells the
 * heartbeat; and, more often, a look at the log. A tick that fails is told and followed by the next. At the end the tick
 * that is under way is ended, the log is looked at once more, the state is kept and the heartbeat hears of the exit.
 *
 * @param parts What to do
 * @param options How often, and who hears of it
 * @returns What was done
 */
export async function runMonitor(parts: MonitorParts, options: RunMonitorOptions): Promise<MonitorSummary> {
  const { signal, intervalMs = 30_000, followMs = 1000, only, notifier } = options;
  const { onProblem = () => {}, onTick = () => {}, clock = systemClock, heartbeatMs = 0 } = options;
  const heartbeat = new HeartbeatLine(options.heartbeat);
  const counts = { lines: 0, issues: 0 };
  let firing: number | null = null;
  let workingSince: number | null = null;
  let beatAt = -Infinity;
  const ticker = new SteadyTicker({
    intervalMs,
    clock,
    onError(error) {
      const message = error instanceof Error ? error.message : String(error);
      parts.ended?.(message);
      beatAt = -Infinity;
      onProblem(`A tick failed: ${message}`);
      heartbeat.send((line) => line.fail(message));
    },
  });
  const follow = async (end?: AbortSignal): Promise<void> => {
    const { lines, issues } = await parts.follow({ signal: end });
    counts.lines += lines;
    counts.issues += issues;
  };
  const tick = async ({ now, gaps }: Tick): Promise<void> => {
    for (const { kind, ms } of gaps) onProblem(`Time was not even: ${kind}, ${Math.round(ms / 1000)} s`);
    workingSince = clock.monotonic();
    let uncollected: { readonly error: unknown } | null = null;
    try {
      const looked = only === "log" ? NOT_LOOKED : await lookAtMetrics(parts, now);
      ({ firing, uncollected } = looked);
    } catch (error) {
      firing = null;
      throw error;
    } finally {
      workingSince = null;
      onTick({ now, firing });
    }
    await parts.save();
    if (uncollected !== null) throw uncollected.error;
    parts.ended?.(null);
    if (clock.monotonic() >= beatAt) {
      beatAt = clock.monotonic() + heartbeatMs - intervalMs / 2;
      heartbeat.send((line) => line.success());
    }
    await notifier?.status(statusLine(ticker.figures.ticks, firing));
  };
  const isHung = (): boolean =>
    workingSince !== null && clock.monotonic() - workingSince > Math.max(MIN_HUNG_MS, HUNG_INTERVALS * intervalMs);
  heartbeat.send((line) => line.start());
  await notifier?.ready("Watching");
  const loops = [ticker.run(tick, { signal })];
  if (only !== "metrics") {
    const onError = (error: unknown) => onProblem(`A look at the log failed: ${error}`);
    loops.push(new SteadyTicker({ intervalMs: followMs, clock, onError }).run(() => follow(signal), { signal }));
  }
  if (notifier?.watchdogMs) {
    const looks = new SteadyTicker({ intervalMs: notifier.watchdogMs / 2, clock });
    loops.push(looks.run(() => isHung() ? undefined : notifier.watchdog(), { signal }));
  }
  await Promise.allSettled(loops);
  await notifier?.stopping();
  const status = await lastWords(parts, { only, follow, onProblem });
  await heartbeat.end((line) => line.exit(status));
  const { ticks, skipped, failed, maxLateMs, driftMs } = ticker.figures;
  return { ticks, skipped, failed, maxLateMs: Math.round(maxLateMs), driftMs, ...counts, firing };
}

const NOT_LOOKED = { firing: null, uncollected: null } as const;

/** What came until now is handed on and kept; returns the status that the heartbeat hears. */
async function lastWords(
  parts: MonitorParts,
  options: Pick<RunMonitorOptions, "only"> & {
    readonly follow: () => Promise<void>;
    readonly onProblem: (message: string) => void;
  },
): Promise<number> {
  try {
    if (options.only !== "metrics") await options.follow();
    await parts.save();
    return 0;
  } catch (error) {
    options.onProblem(`Cannot end well: ${error instanceof Error ? error.message : error}`);
    return 1;
  }
}

function statusLine(ticks: number, firing: number | null): string {
  return `${ticks} ticks${firing === null ? "" : `, ${firing} alerts fire`}`;
}
