import { type Clock, formatCount, messageOf, systemClock } from "../base/mod.ts";
import { HeartbeatLine } from "./status/heartbeat_line.ts";
import type { MonitorHalf, MonitorHeartbeat, MonitorWork } from "./monitor_work.ts";
import { runTick } from "./run_tick.ts";
import type { SdNotifier } from "./sd_notify.ts";
import { SteadyTicker, type Tick } from "./steady_ticker.ts";

/** Options of {@linkcode runMonitor}. */
export interface RunMonitorOptions {
  /** Stops the monitor; a tick that is running finishes first. */
  readonly signal: AbortSignal;
  /**
   * Time from one tick to the next, in milliseconds.
   *
   * @default {30000}
   */
  readonly intervalMs?: number | undefined;
  /**
   * Time from one round of checks to the next, in milliseconds.
   *
   * @default {600000}
   */
  readonly checksMs?: number | undefined;
  /** Run only this half; both by default. */
  readonly only?: MonitorHalf | undefined;
  /** Pinged at the start, after ticks, and at the exit. */
  readonly heartbeat?: MonitorHeartbeat | undefined;
  /** Notifies systemd of readiness, status and watchdog. */
  readonly notifier?: SdNotifier | undefined;
  /** Called with messages for the user, such as a failed tick or a gap in time. */
  readonly onProblem?: ((message: string) => void) | undefined;
  /**
   * The clock; tests replace it.
   *
   * @default {systemClock}
   */
  readonly clock?: Clock | undefined;
}

/** Counters of a monitor from its start to its end. */
export interface MonitorSummary {
  /** Ticks that started. */
  readonly ticks: number;
  /** Ticks that were skipped, because the previous one took too long or the process was stopped. */
  readonly skipped: number;
  /** Ticks that failed. */
  readonly failed: number;
  /** The largest delay of a tick, in milliseconds, except ticks after a `stopped` gap. */
  readonly maxLateMs: number;
  /** The median delay of the last 100 ticks, in milliseconds. */
  readonly driftMs: number;
  /** Log lines that were read. */
  readonly lines: number;
  /** Issues among these lines. */
  readonly issues: number;
  /**
   * Number of alerts that were firing at the last tick; `null` if it did not evaluate them, or the evaluation failed.
   */
  readonly firing: number | null;
}

/**
 * A tick that runs for longer than this many intervals, and longer than `MIN_HUNG_MS`, counts as hung. The watchdog of
 * systemd then receives no more signals.
 */
const HUNG_INTERVALS = 3;
const MIN_HUNG_MS = 180_000;

/** Time from one poll of the log to the next, in milliseconds. */
const FOLLOW_MS = 1000;

/** With the evaluation after it, what is over is off the screen within a minute. */
const RECHECK_MS = 30_000;

/**
 * Run a monitor until the signal aborts. Each tick collects the metrics, evaluates the alerts, saves the state and
 * pings the heartbeat; the log is polled more often, and the checks run less often, beside them, those that fail twice a
 * minute. A failed tick is reported, and the next one runs as planned. At the end, the running tick finishes, the log is
 * polled once more, the state is saved, and the heartbeat receives the exit status.
 */
export async function runMonitor(work: MonitorWork, options: RunMonitorOptions): Promise<MonitorSummary> {
  const { signal, intervalMs = 30_000, checksMs = 600_000, only, notifier } = options;
  const { onProblem = () => {}, clock = systemClock } = options;
  const heartbeat = new HeartbeatLine(options.heartbeat);
  const counts = { lines: 0, issues: 0 };
  let firing: number | null = null;
  let workingSince: number | null = null;
  const ticker = new SteadyTicker({
    intervalMs,
    clock,
    onError(error) {
      const message = messageOf(error);
      work.onTickEnd?.(message);
      onProblem(`A tick failed: ${message}`);
      heartbeat.send((line) => line.pingFailure(message));
    },
  });
  // The log is read by a ticker of its own, more often.
  const halves = only === "log" ? [] : ["metrics"] as const;
  const follow = async (end?: AbortSignal): Promise<void> => {
    const { lines, issues } = await work.readLog({ signal: end });
    counts.lines += lines;
    counts.issues += issues;
  };
  const tick = async ({ now, gaps }: Tick): Promise<void> => {
    for (const { kind, ms } of gaps) onProblem(`Gap in time: ${kind}, ${Math.round(ms / 1000)} s`);
    workingSince = clock.monotonic();
    const outcome = await runTick(work, { now, halves });
    workingSince = null;
    ({ firing } = outcome);
    if (outcome.failure !== null) throw outcome.failure.error;
    work.onTickEnd?.(null);
    heartbeat.send((line) => line.pingSuccess());
    await notifier?.notifyStatus(statusLine(ticker.figures.ticks, firing));
  };
  const isHung = (): boolean =>
    workingSince !== null && clock.monotonic() - workingSince > Math.max(MIN_HUNG_MS, HUNG_INTERVALS * intervalMs);
  heartbeat.send((line) => line.pingStart());
  await notifier?.notifyReady("Watching");
  const loops = [ticker.run(tick, { signal })];
  if (only !== "metrics") {
    const onError = (error: unknown) => onProblem(`Cannot read the log: ${error}`);
    loops.push(new SteadyTicker({ intervalMs: FOLLOW_MS, clock, onError }).run(() => follow(signal), { signal }));
  }
  const { check } = work;
  if (check !== undefined) {
    const onError = (error: unknown) => {
      if (!signal.aborted) onProblem(`Cannot run the checks: ${error instanceof Error ? error.message : error}`);
    };
    const everyMs = Math.min(checksMs, RECHECK_MS);
    let nextRoundAt = -Infinity;
    const look = async (): Promise<void> => {
      const isRound = clock.monotonic() >= nextRoundAt;
      if (isRound) nextRoundAt = clock.monotonic() + checksMs - everyMs / 2;
      await check({ which: isRound ? "all" : "failing", signal });
    };
    loops.push(new SteadyTicker({ intervalMs: everyMs, clock, onError }).run(look, { signal }));
  }
  if (notifier?.watchdogMs) {
    const watchdogTicker = new SteadyTicker({ intervalMs: notifier.watchdogMs / 2, clock });
    loops.push(watchdogTicker.run(() => isHung() ? undefined : notifier.notifyAlive(), { signal }));
  }
  await Promise.allSettled(loops);
  await notifier?.notifyStopping();
  const status = await saveAtExit(work, { only, follow, onProblem });
  await heartbeat.end((line) => line.pingExit(status));
  const { ticks, skipped, failed, maxLateMs, driftMs } = ticker.figures;
  return { ticks, skipped, failed, maxLateMs: Math.round(maxLateMs), driftMs, ...counts, firing };
}

/** Poll the log and save the state one last time; returns the exit status for the heartbeat. */
async function saveAtExit(
  work: MonitorWork,
  options: Pick<RunMonitorOptions, "only"> & {
    readonly follow: () => Promise<void>;
    readonly onProblem: (message: string) => void;
  },
): Promise<number> {
  try {
    if (options.only !== "metrics") await options.follow();
    await work.save();
    return 0;
  } catch (error) {
    options.onProblem(`Cannot save the state at exit: ${error instanceof Error ? error.message : error}`);
    return 1;
  }
}

function statusLine(ticks: number, firing: number | null): string {
  return `${formatCount(ticks, "tick")}${
    firing === null ? "" : `, ${formatCount(firing, "alert fires", "alerts fire")}`
  }`;
}
