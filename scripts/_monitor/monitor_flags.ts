import type { Flag, FlagsOf } from "../../lib/cli/mod.ts";
import { PAGE_FLAGS } from "../_serve/serve_flags.ts";
import { ALERTS_FLAGS } from "../_alerts/alert_flags.ts";

/** Flags of `monitor`. */
export const MONITOR_FLAGS = [
  { name: "interval", type: "duration", summary: "Time between two ticks", default: "30s", min: "1s", max: "1h" },
  {
    name: "checks-every",
    rare: true,
    type: "duration",
    summary: "Time between two rounds of the checks of doctor",
    default: "10m",
    min: "1s",
    max: "1d",
  },
  { name: "offline", type: "boolean", summary: "Check nothing over the network; alerts are sent all the same" },
  {
    name: "only",
    type: "choice",
    summary: "Only one part: metrics and alerts, or the log",
    choices: ["metrics", "log"],
  },
  { name: "once", setting: "none", type: "boolean", summary: "Run one tick, such as from a timer" },
  {
    name: "heartbeat",
    type: "string",
    summary: "Heartbeat URL to ping, as for Healthchecks",
    env: "CIVITAI_DL_HEARTBEAT",
    placeholder: "URL",
  },
  {
    name: "listen",
    type: "string",
    summary: "Serve the page, its API, /metrics and /healthz at this address, as serve does",
    placeholder: "ADDRESS:PORT",
    example: "127.0.0.1:9847",
  },
  {
    name: "token",
    type: "string",
    summary: "Token of the page; other users can see it on the command line: prefer --page-token-file",
    env: "CIVITAI_DL_MONITOR_TOKEN",
    placeholder: "TOKEN",
  },
  ...PAGE_FLAGS,
  ...ALERTS_FLAGS,
] as const satisfies readonly Flag[];

/** Values of {@linkcode MONITOR_FLAGS}. */
export type MonitorFlags = FlagsOf<typeof MONITOR_FLAGS>;
