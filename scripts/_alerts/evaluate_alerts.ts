import type { AlertStatus } from "../../lib/alerts/mod.ts";
import { formatCount, type Language, systemClock } from "../../lib/base/mod.ts";
import { type CommandContext, type ExitReason, type Outcome, withExit } from "../../lib/cli/mod.ts";
import { openAlerts } from "../../lib/monitor/mod.ts";
import type { AlertsFlags } from "./alert_flags.ts";
import { chooseLanguage, type InLanguage, LANGUAGE, type LanguageFlags } from "../_frame/language.ts";
import { readAlertSettings } from "./alert_settings.ts";
import { chooseTexts } from "./render_alerts.ts";

/** State of the alerts after a check, with the number of notifications. */
export interface AlertsCheck extends AlertStatus {
  /** Notifications that a receiver accepted. */
  readonly sent: number;
  /** Notifications that a receiver refused, or that could not be sent; they are sent again later. */
  readonly failed: number;
  /** Notifications that left without an answer; they may have arrived, and are not sent again for that. */
  readonly unanswered: number;
}

/**
 * Evaluate the rules with the stored state and notify the receivers.
 *
 * @returns State of the alerts; the exit code is 1 if any alert is firing
 */
export async function evaluateAlerts(
  context: CommandContext<AlertsFlags & LanguageFlags>,
): Promise<Outcome> {
  const { flags, env, display, signal } = context;
  const language = chooseLanguage(flags.language, env);
  const onWarning = (message: string) => display.notice(`warning: ${message}`);
  const { metrics, manager } = await openAlerts(await readAlertSettings(context, { onWarning, language }));
  const now = systemClock.now();
  await metrics.refresh(now, { signal });
  const { sent, failed, unanswered } = await manager.tick(now, { signal });
  const result: AlertsCheck & InLanguage = { ...manager.status(), sent, failed, unanswered, [LANGUAGE]: language };
  return withExit(result, result.firing > 0 ? 1 : 0, explainFiring(result, flags.json ? "en" : language));
}

/** Name the first alert that fires, and what to do about it. */
function explainFiring({ firing, alerts }: AlertsCheck, language: Language): ExitReason | undefined {
  const first = alerts.find(({ state }) => state === "firing");
  if (first === undefined) return undefined;
  const fires = language === "ja" ? `発報中のアラート ${firing} 件` : formatCount(firing, "alert fires", "alerts fire");
  const { summary, remedy } = chooseTexts(first, language);
  return { message: `${fires}: ${first.rule}: ${summary}`, hint: remedy ?? undefined };
}
