import { defineCommand } from "../lib/cli/mod.ts";
import { ALERTS_FLAGS, EVERY_FLAGS } from "./_alerts/alert_flags.ts";
import { checkAlerts, type CheckResult } from "./_alerts/check_alerts.ts";
import { runScript } from "./_frame/run_script.ts";
import { renderAlertStatus } from "./_alerts/render_alerts.ts";

/** The `check-alerts` command: evaluates the rules and notifies the receivers. */
export const command = defineCommand({
  name: "check-alerts",
  group: "Operation",
  summary: "Evaluate the alert rules and tell the receivers what fires",
  description:
    "Reads what runs wrote into the metrics journal and looks at the library's disk. What fires is kept beside the " +
    "library, so that calls from a timer know what was told already. docs/alerts.md explains the rules.",
  flags: [...EVERY_FLAGS, ...ALERTS_FLAGS],
  excludes: [["once", "every"]],
  examples: [
    { command: "civitai-dl check-alerts --config config/alerts.yml", summary: "Once, such as from a timer" },
    { command: "civitai-dl check-alerts --every 30s", summary: "Until stopped" },
  ],
  exits: { 0: "No alert fires", 1: "An alert fires", 2: "The rules cannot be used; says line and column" },
  run: (context) => checkAlerts(context),
  render: (result: CheckResult) => renderAlertStatus(result),
});

if (import.meta.main) await runScript(command);
