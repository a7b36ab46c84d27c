import { defineCommand } from "../lib/cli/mod.ts";
import { ALERTS_FLAGS } from "./_alerts/alert_flags.ts";
import { type AlertsCheck, evaluateAlerts } from "./_alerts/evaluate_alerts.ts";
import { type InLanguage, LANGUAGE, LANGUAGE_FLAG } from "./_frame/language.ts";
import { runScript } from "./_frame/run_script.ts";
import { renderAlertStatus } from "./_alerts/render_alerts.ts";

/** The `check-alerts` command: evaluates the rules and notifies the receivers. */
export const command = defineCommand({
  name: "check-alerts",
  group: "Operation",
  permissions: "alerts",
  summary: "Evaluate the alert rules and notify the receivers",
  description:
    "Reads the metrics journal that runs write, and the usage of the library's disk. The state of the alerts is stored in " +
    "the library, so that calls from a timer do not repeat notifications. docs/alerts.md explains the rules. monitor evaluates them again and again.",
  flags: [LANGUAGE_FLAG, ...ALERTS_FLAGS],
  examples: [
    { command: "civitai-dl check-alerts --config config/alerts.yml", summary: "Such as from a timer" },
    { command: "civitai-dl monitor --only metrics", summary: "The same every 30 seconds, until stopped" },
  ],
  exits: { 0: "No alert fires", 1: "An alert fires", 2: "The rules are invalid; the message names line and column" },
  run: evaluateAlerts,
  render: (result: AlertsCheck & InLanguage) => renderAlertStatus(result, result[LANGUAGE]),
});

if (import.meta.main) await runScript(command);
