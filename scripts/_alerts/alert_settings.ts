import type { AlertEvent } from "../../lib/alerts/mod.ts";
import type { Language } from "../../lib/base/mod.ts";
import type { CommandContext } from "../../lib/cli/mod.ts";
import type { OpenAlertsOptions } from "../../lib/monitor/mod.ts";
import { readMetricSettings } from "../_frame/gauges/metric_settings.ts";
import type { AlertsFlags } from "./alert_flags.ts";
import { openReceivers, readAlertsConfig, rulesEnv } from "./alerts_config.ts";
import { nameState } from "./render_alerts.ts";

/** How the alerts of a command are told. */
export interface AlertSettingsOptions {
  readonly language: Language;
  readonly onWarning: (message: string) => void;
}

/** What `openAlerts` of the room `monitor` needs of the flags. */
export type AlertSettings =
  & Pick<OpenAlertsOptions, "library" | "logs" | "table" | "measureRollout">
  & Pick<OpenAlertsOptions, "config" | "receivers" | "onEvent" | "onWarning">;

/**
 * Read the rules and the receivers of the library that the flags name.
 *
 * @throws {KitError} `usage` for rules that cannot be used
 */
export async function readAlertSettings(
  context: CommandContext<AlertsFlags>,
  options: AlertSettingsOptions,
): Promise<AlertSettings> {
  const config = await readAlertsConfig(context, { env: rulesEnv(context) });
  return {
    ...readMetricSettings(context.flags),
    config,
    receivers: openReceivers(config, context),
    onWarning: options.onWarning,
    onEvent: (event) => sayEvent(event, context, options),
  };
}

function sayEvent(
  event: AlertEvent,
  { display }: Pick<CommandContext, "display">,
  { language, onWarning }: AlertSettingsOptions,
): void {
  switch (event.type) {
    case "change": {
      const { from, to, alert } = event.change;
      const [before, after] = [from, to].map((state) => nameState(state, language));
      const { summary = "", summaryJa = summary } = alert.annotations;
      return display.log(`${alert.rule}: ${before} → ${after}: ${language === "ja" ? summaryJa : summary}`);
    }
    case "sent":
      return display.log(
        language === "ja" ? `${event.due.target} に通知しました` : `Notified ${event.due.target}`,
      );
    case "failed":
    case "unanswered":
    case "warning":
      return onWarning(event.message);
  }
}
