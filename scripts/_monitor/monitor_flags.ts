import type { Flag, FlagsOf } from "../../lib/cli/mod.ts";
import { ALERTS_FLAGS } from "../_alerts/alert_flags.ts";

/** Flags of `monitor`. */
export const MONITOR_FLAGS = [
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
] as const satisfies readonly Flag[];

/** Values of {@linkcode MONITOR_FLAGS}. */
export type MonitorFlags = FlagsOf<typeof MONITOR_FLAGS>;
