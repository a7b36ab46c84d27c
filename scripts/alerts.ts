import type { AlertStatus } from "../lib/alerts/mod.ts";
import { KitError } from "../lib/base/mod.ts";
import { type CommandContext, defineCommand, Outcome } from "../lib/cli/mod.ts";
import {
  type AlertsResult,
  dryRun,
  explain,
  exportRules,
  sendTest,
  showSchema,
  showStatus,
  testRules,
} from "./_alerts/alert_actions.ts";
import { ALERTS_FLAGS, type AlertsFlags, EVERY_FLAGS, type EveryFlags } from "./_alerts/alert_flags.ts";
import { changeSilences, type SilenceFlags, type SilenceResult } from "./_alerts/alert_silence.ts";
import { checkAlerts } from "./_alerts/check_alerts.ts";
import { chooseLanguage, type InLanguage, LANGUAGE, LANGUAGE_FLAG, type LanguageFlags } from "./_frame/language.ts";
import { runScript } from "./_frame/run_script.ts";
import { renderAlertStatus, renderExplanation, renderRuleTests, renderSilences } from "./_alerts/render_alerts.ts";

const ACTIONS = ["status", "check", "silence", "test", "send-test", "explain", "export", "dry-run", "schema"];

/** The `alerts` command: one action per call, such as `status` or `silence add`. */
export const command = defineCommand({
  name: "alerts",
  group: "Operation",
  summary: "Show, silence, test and explain alerts",
  description:
    "status shows what fires; check is check-alerts; silence add MATCHER…, silence list, silence expire ID; test FILE runs " +
    "rule tests; send-test sends a test alert to the receivers; explain shows a rule with its current readings; export " +
    "writes the rules for Prometheus; dry-run shows what would be sent; schema prints the JSON Schema of the rules file.",
  args: [
    { name: "ACTION", summary: "What to do", required: true, choices: ACTIONS },
    { name: "WORD", summary: "Argument of the action: a rule, a receiver, a file, or matchers", multiple: true },
  ],
  flags: [
    { name: "for", type: "duration", summary: "How long a silence lasts", default: "1h", min: "1s", group: "Alerts" },
    { name: "author", type: "string", summary: "Author of a silence", default: "operator", group: "Alerts" },
    { name: "comment", setting: "none", type: "string", summary: "Reason of a silence", group: "Alerts" },
    ...EVERY_FLAGS,
    LANGUAGE_FLAG,
    ...ALERTS_FLAGS,
  ],
  excludes: [["once", "every"]],
  examples: [
    { command: "civitai-dl alerts status", summary: "What fires" },
    {
      command: "civitai-dl alerts silence add alertname=HighDiskUsage --for 4h",
      summary: "Silence an alert for four hours",
    },
    { command: "civitai-dl alerts test config/alerts.test.yml", summary: "Test the rules" },
    { command: "civitai-dl alerts export > rules.yml", summary: "The same rules for Prometheus" },
  ],
  exits: { 1: "check: an alert fires; test or send-test: one failed", 2: "The rules or the arguments are invalid" },
  async run(context) {
    const result = await act(context);
    const language = chooseLanguage(context.flags.language, context.env);
    return result instanceof Outcome ? result : { ...result as object, [LANGUAGE]: language };
  },
  isDocument: (result: AlertsResult | SilenceResult | AlertStatus) =>
    "action" in result && ["export", "schema"].includes(result.action),
  render(result: (AlertsResult | SilenceResult | AlertStatus) & InLanguage) {
    const language = result[LANGUAGE];
    if (!("action" in result)) return renderAlertStatus(result, language);
    switch (result.action) {
      case "silence":
        return renderSilences(result.silences);
      case "status":
        return renderAlertStatus(result.status, language, { isMonitored: result.isMonitored });
      case "test":
        return renderRuleTests(result.results);
      case "explain":
        return result.explanations.map(renderExplanation).join("\n");
      case "export":
        return result.rules;
      case "schema":
        return `${JSON.stringify(result.document, null, 2)}\n`;
      case "send-test":
        return result.results.map((one) =>
          `${one.ok ? "ok" : "FAILED"}  ${one.address}${one.ok ? "" : `: ${one.error}`}\n`
        )
          .join("");
      case "dry-run": {
        const receivers = result.receivers.map(({ name, addresses }) => `receiver ${name}: ${addresses.join(", ")}\n`);
        const due = result.due.map(({ address, alerts }) => `would notify ${address}: ${alerts.join(", ")}\n`);
        return `${receivers.join("")}${due.join("")}${renderAlertStatus(result.status, language)}`;
      }
    }
  },
});

function act(context: CommandContext<AlertsFlags & EveryFlags & SilenceFlags & LanguageFlags>): Promise<unknown> {
  const [action, ...args] = context.args;
  const maxArgs = action === "silence" ? Infinity : ["test", "send-test", "explain"].includes(action!) ? 1 : 0;
  if (args.length > maxArgs) {
    throw new KitError(
      "usage",
      `Unexpected argument "${args[maxArgs]}": ${action} takes ${maxArgs === 0 ? "none" : "one"}`,
    );
  }
  switch (action) {
    case "check":
      return checkAlerts(context);
    case "silence":
      return changeSilences(context, args);
    case "test":
      return testRules(args[0] ?? "config/alerts.test.yml", context);
    case "send-test":
      return sendTest(context, args[0]);
    case "explain":
      return explain(context, args[0]);
    case "export":
      return exportRules(context);
    case "dry-run":
      return dryRun(context);
    case "schema":
      return Promise.resolve(showSchema());
    default:
      return showStatus(context);
  }
}

if (import.meta.main) await runScript(command);
