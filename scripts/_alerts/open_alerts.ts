import { type AlertChange, type AlertEvent, AlertManager, type MetricSource } from "../../lib/alerts/mod.ts";
import { type Clock, type Language, machineName } from "../../lib/base/mod.ts";
import type { CommandContext } from "../../lib/cli/mod.ts";
import { LibraryMetrics, type LibraryMetricsOptions } from "../_frame/gauges/library_metrics.ts";
import { readLibrary } from "../_frame/session.ts";
import type { AlertsFlags } from "./alert_flags.ts";
import { alertsPath, openReceivers, readAlertsConfig, rulesEnv } from "./alerts_config.ts";
import { nameState } from "./render_alerts.ts";

/** Options of {@linkcode openAlerts}. */
export interface OpenAlertsOptions extends Pick<LibraryMetricsOptions, "watch" | "onLine" | "onWarning"> {
  readonly language: Language;
  /** Called with every change of an alert. */
  readonly onChange?: ((change: AlertChange) => void) | undefined;
  /** Reads a metric that is not the library's own; `undefined` for any other. */
  readonly readOther?: ((metric: string) => ReturnType<MetricSource["read"]> | undefined) | undefined;
  readonly clock?: Clock | undefined;
}

/** The alerts of a library, with the metrics that their rules read. */
export interface OpenedAlerts {
  readonly metrics: LibraryMetrics;
  readonly manager: AlertManager;
}

/** Time window of a report in milliseconds, the same as the default of `collect-metrics`. */
export const REPORT_MS = 300_000;

/**
 * Open rules, metrics and receivers of the library that the flags name.
 *
 * @throws {KitError} `usage` for rules that cannot be used
 */
export async function openAlerts(
  context: CommandContext<AlertsFlags>,
  options: OpenAlertsOptions,
): Promise<OpenedAlerts> {
  const { flags } = context;
  const { watch, clock, readOther = () => undefined } = options;
  const config = await readAlertsConfig(context, { env: rulesEnv(context) });
  const windowMs = Math.max(REPORT_MS, ...config.rules.map((rule) => rule.windowMs));
  const metrics = new LibraryMetrics(flags, { ...options, windowMs });
  const manager = await AlertManager.open({
    config,
    source: { read: (metric, period) => readOther(metric) ?? metrics.read(metric, period) },
    statePath: alertsPath(flags),
    receivers: openReceivers(config, context),
    origin: { machine: machineName(), library: readLibrary(flags) },
    onEvent(event) {
      sayEvent(event, context, options);
      if (event.type === "change") options.onChange?.(event.change);
    },
    ...watch === undefined ? {} : { isPresent: async () => await watch.presence.look(Date.now()) === null },
    ...clock === undefined ? {} : { clock },
  });
  return { metrics, manager };
}

function sayEvent(
  event: AlertEvent,
  { display }: Pick<CommandContext, "display">,
  { language, onWarning }: OpenAlertsOptions,
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
