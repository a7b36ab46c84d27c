import { formatCount, formatDuration } from "../lib/base/mod.ts";
import { defineCommand, withExit } from "../lib/cli/mod.ts";
import { limitRepeats, type MonitorSummary, runMonitor, runMonitorOnce, SdNotifier } from "../lib/monitor/mod.ts";
import { runScript } from "./_frame/run_script.ts";
import { MONITOR_FLAGS } from "./_monitor/monitor_flags.ts";
import { openFlaggedHeartbeat, openFlaggedMonitor } from "./_monitor/open_monitor.ts";

/** The `monitor` command: runs until stopped, or for one tick with `--once`. */
export const command = defineCommand({
  name: "monitor",
  group: "Operation",
  permissions: "monitor",
  summary: "Monitor downloads: collect metrics, send alerts, follow the log, serve a live page",
  description:
    "Every interval it collects metrics and evaluates the alert rules, as collect-metrics and check-alerts do; " +
    "every second it follows logs/download.log and explains new problems and what to do; every ten minutes it runs " +
    "checks of doctor. It needs no running download, and starts none by itself. docs/monitor.md describes systemd and " +
    "the heartbeat. With --listen it serves the page of serve; give --read-only if that must not start a download.",
  flags: MONITOR_FLAGS,
  excludes: [["once", "listen"]],
  examples: [
    { command: "civitai-dl monitor --listen 127.0.0.1:9847", summary: "Until stopped, with a live page" },
    { command: "civitai-dl monitor --once", summary: "From a timer of the system" },
  ],
  exits: { 0: "With --once: no alert fires", 1: "With --once: an alert fires", 4: "Another monitor follows the log" },
  async run(context) {
    const { flags, display, env, signal } = context;
    await using monitor = await openFlaggedMonitor(context);
    const { work, app } = monitor;
    const heartbeat = openFlaggedHeartbeat(context);
    if (flags.once) {
      const summary = await runMonitorOnce(work, { signal, only: flags.only, heartbeat });
      return withExit(summary, (summary.firing ?? 0) > 0 ? 1 : 0);
    }
    const { interval: intervalMs, checksEvery: checksMs } = flags;
    const onProblem = limitRepeats((message) => display.notice(`warning: ${message}`));
    display.log(`Watching every ${formatDuration(intervalMs)}${app === undefined ? "" : `; page at ${app.url}`}`);
    const notifier = new SdNotifier({ env, onWarning: onProblem });
    return await runMonitor(work, { signal, intervalMs, checksMs, only: flags.only, heartbeat, notifier, onProblem });
  },
  render: ({ ticks, skipped, failed, maxLateMs, lines, issues, firing }: MonitorSummary) =>
    `${formatCount(ticks, "tick")} (${skipped} left out, ${failed} failed, at most ${maxLateMs} ms late), ` +
    `${formatCount(lines, "line")}, ${formatCount(issues, "issue")}` +
    `${firing === null ? "" : `; ${formatCount(firing, "alert fires", "alerts fire")}`}\n`,
});

if (import.meta.main) await runScript(command);
