import { resolve } from "node:path";
import { describeGone, type GoneLibrary, type KnownLibraries, LibraryPresence } from "../library/mod.ts";
import { readLine } from "../problems/mod.ts";
import type { OpenAlertsOptions } from "./alerts/open_alerts.ts";
import { openMonitorMetrics } from "./alerts/open_monitor_metrics.ts";
import type { LibraryWatchers } from "./library/library_metrics.ts";
import { LibraryObserver } from "./library/observe_library.ts";
import { openMonitorLog, type OpenMonitorLogOptions } from "./log/open_monitor_log.ts";
import type { MonitorChecks } from "./monitor_checks.ts";
import type { MonitorHalf, MonitorWork } from "./monitor_work.ts";
import { MonitorStatus, type MonitorStatusOptions } from "./status/monitor_status.ts";
import type { StatusSources } from "./status/status_sources.ts";

/** Options of {@linkcode openMonitor}. */
export interface OpenMonitorOptions
  extends Pick<MonitorStatusOptions, "nameCommands" | "readTotals" | "tickMs">, OpenMonitorLogOptions {
  /** Only this half; both if `undefined`. */
  readonly only: MonitorHalf | undefined;
  /** What the user's commands remember of libraries; `undefined` if they remember nothing. */
  readonly known: KnownLibraries | undefined;
  /** Rules, receivers, and the metrics that the rules read; `undefined` if only the log is followed. */
  readonly alerts: Pick<OpenAlertsOptions, "config" | "receivers" | "table" | "measureRollout" | "onEvent"> | undefined;
  /** How long a tick waits for the receivers, in milliseconds. */
  readonly receiversMs: number;
  /** Opens the checks of `doctor` for a library that somebody watches. */
  readonly checks: (watchers: LibraryWatchers) => MonitorChecks;
  /** Who looks at the state beside the rules; `undefined` if nobody can. */
  readonly audience: MonitorAudience | undefined;
  /** Called when the library is not in its folder any more. */
  readonly onGone: (gone: GoneLibrary) => void;
  /** Called when a library is in the folder again, and whether it is the one that was gone. */
  readonly onBack: (gone: GoneLibrary, options: { readonly isSame: boolean }) => void;
}

/** Who looks at the state of a monitor, such as a server with its pages. */
export interface MonitorAudience {
  /** Whether somebody looks now. */
  readonly isPresent: () => boolean;
  /** Called when the state may have changed: at the end of a tick, and every second while somebody looks. */
  readonly onChange: () => void | Promise<void>;
}

/** The work of a monitor, and its state. */
export interface Monitor extends AsyncDisposable {
  /** Functions that the monitor's loop calls. */
  readonly work: MonitorWork;
  /** What it knows now; without an audience, nothing keeps it up to date. */
  readonly sources: StatusSources;
}

/**
 * Open rules, metrics, log and status, and connect them.
 *
 * @returns The monitor; dispose it at the end
 * @throws {KitError} `unsafe` if another monitor runs
 */
export async function openMonitor(options: OpenMonitorOptions): Promise<Monitor> {
  const { logs, only, alerts, audience, tickMs, receiversMs, known, readTotals, nameCommands } = options;
  const { onWarning, onGone, onBack } = options;
  const library = resolve(options.library);
  await using stack = new AsyncDisposableStack();
  const presence = new LibraryPresence(library, known);
  await presence.look(Date.now());
  const log = only === "metrics" ? undefined : stack.use(await openMonitorLog(options));
  const observer = new LibraryObserver(options.library);
  const watch = { observer, presence };
  const checks = options.checks(watch);
  const onAlertLine = (line: string) => log?.history.add(readLine(line), { now: Date.now() });
  const metrics = alerts === undefined ? undefined : stack.use(
    await openMonitorMetrics({
      ...alerts,
      library: options.library,
      logs,
      watch,
      checks,
      receiversMs,
      onWarning,
      onAlertLine,
    }),
  );
  const status = new MonitorStatus({
    library,
    tickMs,
    metrics,
    observer,
    presence,
    checks: () => checks.last,
    readTotals,
    onWarning,
    nameCommands,
    history: log?.history,
  });
  const health = { at: performance.now(), reason: null as string | null };
  const sources: StatusSources = {
    status: () => status.document(),
    metricsText: () => metrics?.text() ?? "",
    health() {
      const isLate = performance.now() - health.at > 3 * tickMs;
      const { gone } = presence;
      const other = isLate ? "No tick ended lately" : health.reason;
      const reason = gone === null ? other : describeGone(gone);
      return { isHealthy: reason === null, reason };
    },
  };
  if (audience !== undefined) await status.refresh();
  /** What the last look found; others look too, so the presence itself does not tell. */
  let before: GoneLibrary | null = null;
  /** Look whether the library is there; returns whether that has changed. */
  const lookForLibrary = async (): Promise<boolean> => {
    const gone = await presence.look(Date.now());
    if (gone === null) {
      await log?.hold();
    } else {
      // What this process has open would keep the disk busy.
      log?.release();
      status.release();
    }
    if (gone !== null && before === null) onGone(gone);
    if (gone === null && before !== null) onBack(before, { isSame: presence.id === before.id });
    const isChanged = (gone === null) !== (before === null);
    before = gone;
    return isChanged;
  };
  const work: MonitorWork = {
    async collect(now) {
      await lookForLibrary();
      await metrics?.collect(now);
    },
    evaluate: async (now) => await metrics?.evaluate(now) ?? { firing: 0 },
    async readLog(options) {
      const isChanged = await lookForLibrary();
      if (isChanged && audience !== undefined) {
        await status.refresh();
        await audience.onChange();
      }
      const found = await log?.readLog(options) ?? { lines: 0, issues: 0 };
      if (audience?.isPresent()) {
        await status.refreshLive();
        await audience.onChange();
      }
      return found;
    },
    // Only an alert tells of them, and a timer runs doctor itself.
    check: metrics === undefined ? undefined : (options) => checks.run(options),
    async save() {
      try {
        if (presence.gone === null) await log?.save();
      } finally {
        // The page is updated even if the position in the log cannot be saved, such as on a full disk.
        if (audience !== undefined) {
          await status.refresh();
          await audience.onChange();
        }
      }
    },
    onTickEnd(reason) {
      health.at = performance.now();
      health.reason = reason;
    },
  };
  const owned = stack.move();
  return { work, sources, [Symbol.asyncDispose]: () => owned.disposeAsync() };
}
