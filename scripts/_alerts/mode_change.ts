import type { Announcement } from "../../lib/alerts/mod.ts";
import type { LoggedModeChange } from "../../lib/monitor/mod.ts";
import { ENGINE_MODE_ALERT } from "./alerts_config.ts";

/**
 * Create the announcement of a change of the mode. A pause is critical, because it needs a person.
 *
 * @param change The change
 * @returns The announcement
 */
export function announceModeChange({ from, to, reason }: LoggedModeChange): Announcement {
  return {
    labels: { alertname: ENGINE_MODE_ALERT, severity: to === "paused" ? "critical" : "warning", from, to },
    annotations: {
      summary: `The engine went from ${from} to ${to}: ${reason}`,
      remedy: to === "paused"
        ? "Check the network and the disk; civitai-dl failsafe reset ends the pause at once"
        : "Nothing: the engine speeds up automatically when the problem is over",
      runbook: "docs/runbook/engine-mode.md",
    },
  };
}

/** Name a change the same way in the download that made it and in the monitor; `undefined` if the log has no time. */
export function modeChangeKey({ from, to, time }: LoggedModeChange): string | undefined {
  return time === "" ? undefined : `mode ${time} ${from} ${to}`;
}
