import { formatDuration } from "../lib/base/mod.ts";
import { type Command, withExit } from "../lib/cli/mod.ts";
import {
  type MonitorHalf,
  type MonitorSummary,
  runMonitor,
  runMonitorOnce,
  sayRarely,
  SdNotifier,
} from "../lib/monitor/mod.ts";
import { ALERTS_FLAGS } from "./_alerts/alert_flags.ts";
import { runScript } from "./_frame/run_script.ts";
import { openMonitorParts } from "./_monitor/monitor_parts.ts";

/** Watch over downloads. */
export const command: Command = {
  name: "monitor",
  group: "Operation",
  summary: "Watch over downloads: measure, alert, follow the log, show a live page",
  description:
    "Every interval it collects metrics and evaluates the alert rules, as collect-metrics and check-alerts do; " +
    "every second it follows logs/download.log and says what new trouble means and what to do. It needs no download to " +
    "run, and starts none. docs/monitor.md tells of systemd, the heartbeat and the page.",
  flags: [
    { name: "interval", type: "duration", summary: "From one tick to the next", default: "30s", min: "1s", max: "1h" },
    {
      name: "only",
      type: "choice",
      summary: "One half only: metrics and alerts, or the log",
      choices: ["metrics", "log"],
    },
    { name: "once", type: "boolean", summary: "Look once, such as from a timer" },
    {
      name: "heartbeat",
      type: "string",
      summary: "A dead man's switch to ping, in the manner of Healthchecks; else the rules' own",
      env: "CIVITAI_DL_HEARTBEAT",
      placeholder: "URL",
    },
    {
      name: "listen",
      type: "string",
      summary: "Serve the live page, /api/status, /metrics and /healthz there",
      placeholder: "ADDRESS:PORT",
      example: "127.0.0.1:9847",
    },
    {
      name: "token",
      type: "string",
      summary: "Who knows it may read; needed to listen on an address that others reach",
      env: "CIVITAI_DL_MONITOR_TOKEN",
      placeholder: "TOKEN",
    },
    {
      name: "host",
      type: "string",
      summary: "Another name that the page is called by; a proxy with TLS is known by its name alone",
      multiple: true,
      placeholder: "NAME",
    },
    ...ALERTS_FLAGS,
  ],
  excludes: [["once", "listen"]],
  examples: [
    { command: "civitai-dl monitor --listen 127.0.0.1:9847", summary: "Until stopped, with a page to look at" },
    { command: "civitai-dl monitor --once", summary: "From a timer of the system" },
  ],
  exits: { 0: "With --once: no alert fires", 1: "With --once: an alert fires", 4: "Another monitor follows the log" },
  async run(context) {
    const { flags, display, env, signal } = context;
    const only = flags.string("only") as MonitorHalf | undefined;
    await using composition = await openMonitorParts(context);
    const { parts, heartbeat, heartbeatMs, server } = composition;
    if (flags.boolean("once")) {
      const summary = await runMonitorOnce(parts, { signal, only, heartbeat });
      return withExit(summary, (summary.firing ?? 0) > 0 ? 1 : 0);
    }
    const intervalMs = flags.requiredNumber("interval");
    const onProblem = sayRarely((message) => display.notice(`warning: ${message}`));
    display.log(`Watching every ${formatDuration(intervalMs)}${server === undefined ? "" : `; page at ${server.url}`}`);
    const notifier = new SdNotifier({ env, onWarning: onProblem });
    return await runMonitor(parts, { signal, intervalMs, only, heartbeat, heartbeatMs, notifier, onProblem });
  },
  render: ({ ticks, skipped, failed, maxLateMs, lines, issues, firing }: MonitorSummary) =>
    `${ticks} ticks (${skipped} left out, ${failed} failed, at most ${maxLateMs} ms late), ${lines} lines, ${issues} ` +
    `issues${firing === null ? "" : `; ${firing} alerts fire`}\n`,
};

if (import.meta.main) runScript(command);
