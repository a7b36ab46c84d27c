import { type Clock, messageOf, systemClock } from "../base/mod.ts";
import { describeGone } from "../library/mod.ts";
import { renderStatusMetrics } from "./alerts/render_status_metrics.ts";
import type { MonitorAudience } from "./open_monitor.ts";
import type { StatusReader } from "./status_reader.ts";
import type { StatusReport } from "./status/status_report.ts";
import type { StatusSources } from "./status/status_sources.ts";
import { SteadyTicker } from "./steady_ticker.ts";

/** Time between two looks at what changes while somebody looks on, in milliseconds. */
const LIVE_MS = 1000;

/** Options of {@linkcode watchStatus}. */
export interface WatchStatusOptions {
  /** Who looks at the status. */
  readonly audience: MonitorAudience;
  /** Time between two complete reads, in milliseconds; that of the reader. */
  readonly tickMs: number;
  /** Called if the status cannot be read. */
  readonly onWarning: (message: string) => void;
  /**
   * The clock; tests replace it.
   *
   * @default {systemClock}
   */
  readonly clock?: Clock | undefined;
}

/** A status that is kept up to date until it is disposed. */
export interface WatchedStatus extends AsyncDisposable {
  readonly sources: StatusSources;
}

/**
 * Keep the status of a library up to date without a monitor: nothing is evaluated, and nothing but the status is read.
 * The reader stays the caller's, and is used by nobody else meanwhile.
 */
export function watchStatus(reader: StatusReader, options: WatchStatusOptions): WatchedStatus {
  const { audience, tickMs, onWarning, clock = systemClock } = options;
  const stopped = new AbortController();
  let last: { readonly report: StatusReport; readonly at: number } | undefined;
  let problem: string | null = null;
  /** What is being read, until it has been. */
  let reading: Promise<StatusReport> | undefined;
  const readNow = async (how: "read" | "readLive"): Promise<StatusReport> => {
    try {
      const report = await reader[how]();
      last = { report, at: clock.monotonic() };
      problem = null;
      return report;
    } catch (error) {
      problem = messageOf(error);
      throw error;
    } finally {
      reading = undefined;
    }
  };
  /** Read after what is being read: the reader follows a file. */
  const read = async (how: "read" | "readLive"): Promise<StatusReport> => {
    while (reading !== undefined) await reading.catch(() => {});
    return await (reading = readNow(how));
  };
  const refresh = async (how: "read" | "readLive"): Promise<void> => {
    await read(how);
    await audience.onChange();
  };
  const onError = (error: unknown) => {
    if (!stopped.signal.aborted) onWarning(`Cannot read the status: ${messageOf(error)}`);
  };
  const { signal } = stopped;
  const loops = [
    new SteadyTicker({ intervalMs: tickMs, clock, onError }).run(() => refresh("read"), { signal }),
    new SteadyTicker({ intervalMs: LIVE_MS, clock, onError }).run(
      () => audience.isPresent() ? refresh("readLive") : undefined,
      { signal },
    ),
  ];
  return {
    sources: {
      async status() {
        if (last !== undefined && clock.monotonic() - last.at < LIVE_MS) return last.report;
        return await (reading ?? read("readLive"));
      },
      metricsText: () => renderStatusMetrics(reader.metrics),
      health() {
        const reason = reader.gone === null ? problem : describeGone(reader.gone);
        return { isHealthy: reason === null, reason };
      },
    },
    async [Symbol.asyncDispose]() {
      stopped.abort();
      await Promise.allSettled([...loops, reading]);
    },
  };
}
