import { KitError } from "../lib/base/mod.ts";
import { type CommandContext, defineCommand, Outcome } from "../lib/cli/mod.ts";
import { type AlertsResult, sendTest, showStatus } from "./_alerts/alert_actions.ts";
import { ALERTS_FLAGS } from "./_alerts/alert_flags.ts";
import { changeSilences, type SilenceFlags, type SilenceResult } from "./_alerts/alert_silence.ts";
import { chooseLanguage, type InLanguage, LANGUAGE, LANGUAGE_FLAG, type LanguageFlags } from "./_frame/language.ts";
import { runScript } from "./_frame/run_script.ts";
import { renderAlertStatus, renderSilences } from "./_alerts/render_alerts.ts";

/** The `alerts` command: one action per call, such as `status` or `silence add`. */
export const command = defineCommand({
  name: "alerts",
  group: "Operation",
  permissions: "alerts",
  summary: "Show and silence alerts, and test the receivers",
  description:
    "status shows what fires; silence add NAME…, silence list, silence expire NAME: a name is that of a rule, or " +
    "RULE:VALUE for its alerts with that value of a label, such as HealthCheckFailing:clock; send-test sends a test " +
    "alert to the receivers.",
  args: [
    { name: "ACTION", summary: "What to do", required: true, choices: ["status", "silence", "send-test"] },
    { name: "WORD", summary: "With silence: add, list or expire, and the names of alerts", multiple: true },
  ],
  flags: [
    { name: "for", type: "duration", summary: "How long a silence lasts", default: "1h", min: "1s", group: "Alerts" },
    { name: "comment", setting: "none", type: "string", summary: "Reason of a silence", group: "Alerts" },
    LANGUAGE_FLAG,
    ...ALERTS_FLAGS,
  ],
  examples: [
    { command: "civitai-dl alerts status", summary: "What fires" },
    { command: "civitai-dl alerts silence add HighDiskUsage --for 4h", summary: "Silence an alert for four hours" },
    { command: "civitai-dl alerts send-test", summary: "Whether the receivers can be reached" },
  ],
  exits: { 1: "send-test: a delivery failed", 2: "The rules or the arguments are invalid" },
  async run(context) {
    const result = await act(context);
    const language = chooseLanguage(context.flags.language, context.env);
    return result instanceof Outcome ? result : { ...result, [LANGUAGE]: language };
  },
  render(result: (AlertsResult | SilenceResult) & InLanguage) {
    switch (result.action) {
      case "status":
        return renderAlertStatus(result.status, result[LANGUAGE], { isMonitored: result.isMonitored });
      case "silence":
        return renderSilences(result.silences);
      case "send-test":
        return result.results.map(({ ok, address, error }) =>
          `${ok ? "ok" : "FAILED"}  ${address}${ok ? "" : `: ${error}`}\n`
        ).join("");
    }
  },
});

function act(
  context: CommandContext<SilenceFlags & LanguageFlags>,
): Promise<AlertsResult | SilenceResult | Outcome> {
  const [action, ...words] = context.args;
  if (action === "silence") return changeSilences(context, words);
  if (words.length > 0) throw new KitError("usage", `Unexpected argument "${words[0]}": ${action} takes none`);
  return action === "send-test" ? sendTest(context) : showStatus(context);
}

if (import.meta.main) await runScript(command);
