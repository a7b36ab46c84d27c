import { type AlertEvent, AlertManager, type AlertStatus } from "../../lib/alerts/mod.ts";
import { type Clock, formatCount, type Language, machineName, systemClock } from "../../lib/base/mod.ts";
import { type CommandContext, type ExitReason, type Outcome, withExit } from "../../lib/cli/mod.ts";
import { alertsStatePath, openAlertSource, openReceivers, readAlertsConfig, rulesEnv } from "./alerts_config.ts";
import type { AlertsFlags, EveryFlags } from "./alert_flags.ts";
import { chooseLanguage, type InLanguage, LANGUAGE, type LanguageFlags } from "../_frame/language.ts";
import { chooseTexts, nameState } from "./render_alerts.ts";
import { readLibrary } from "../_frame/session.ts";

/** State of the alerts after a check, with the number of notifications. */
export interface CheckResult extends AlertStatus {
  /** Notifications that a receiver accepted. */
  readonly sent: number;
  /** Notifications that a receiver refused, or that could not be sent; they are sent again later. */
  readonly failed: number;
  /** Notifications that left without an answer; they may have arrived, and are not sent again for that. */
  readonly unanswered: number;
}

/**
 * Evaluate the rules with the stored state and notify the receivers: once, or repeatedly with `--every` until stopped.
 *
 * @returns State of the alerts; the exit code is 1 if any alert is firing
 */
export async function evaluateAlerts(
  context: CommandContext<AlertsFlags & EveryFlags & LanguageFlags>,
  options: { readonly clock?: Clock } = {},
): Promise<Outcome> {
  const { flags, env, display, signal } = context;
  const { clock = systemClock } = options;
  const language = chooseLanguage(flags.language, env);
  const config = await readAlertsConfig(context, { env: rulesEnv(context) });
  const onWarning = (message: string) => display.notice(`warning: ${message}`);
  const source = openAlertSource(config, flags, {
    onWarning,
  });
  const manager = await AlertManager.open({
    config,
    source,
    clock,
    origin: { machine: machineName(), library: readLibrary(flags) },
    statePath: alertsStatePath(flags),
    receivers: openReceivers(config, context),
    onEvent: (event) => reportEvent(event, { onWarning, log: (text) => display.log(text), language }),
  });
  const everyMs = flags.every;
  let sent = 0;
  let failed = 0;
  let unanswered = 0;
  // Rounds start at fixed times, so that delays do not add up. Rounds that would start during a long round are skipped,
  // not queued.
  for (let nextMs = clock.monotonic();;) {
    const now = clock.now();
    await source.refresh(now);
    const tick = await manager.tick(now, { signal });
    sent += tick.sent;
    failed += tick.failed;
    unanswered += tick.unanswered;
    if (everyMs === undefined) break;
    while (nextMs <= clock.monotonic()) nextMs += everyMs;
    const isOver = await clock.sleep(nextMs - clock.monotonic(), { signal }).then(() => false, () => true);
    if (isOver) break;
  }
  const result: CheckResult & InLanguage = { ...manager.status(), sent, failed, unanswered, [LANGUAGE]: language };
  return withExit(result, result.firing > 0 ? 1 : 0, explainFiring(result, flags.json ? "en" : language));
}

/** Name the first alert that fires, and what to do about it. */
function explainFiring({ firing, alerts }: CheckResult, language: Language): ExitReason | undefined {
  const first = alerts.find(({ state }) => state === "firing");
  if (first === undefined) return undefined;
  const fires = language === "ja" ? `発報中のアラート ${firing} 件` : formatCount(firing, "alert fires", "alerts fire");
  const { summary, remedy } = chooseTexts(first, language);
  return { message: `${fires}: ${first.rule}: ${summary}`, hint: remedy ?? undefined };
}

function reportEvent(
  event: AlertEvent,
  say: {
    readonly onWarning: (message: string) => void;
    readonly log: (text: string) => void;
    readonly language: Language;
  },
): void {
  const { language } = say;
  switch (event.type) {
    case "change": {
      const { from, to, alert } = event.change;
      const [before, after] = [from, to].map((state) => nameState(state, language));
      const { summary = "", summaryJa = summary } = alert.annotations;
      say.log(`${alert.rule}: ${before} → ${after}: ${language === "ja" ? summaryJa : summary}`);
      break;
    }
    case "sent":
      say.log(language === "ja" ? `${event.due.target} に通知しました` : `Notified ${event.due.target}`);
      break;
    case "failed":
    case "unanswered":
    case "warning":
      say.onWarning(event.message);
  }
}
