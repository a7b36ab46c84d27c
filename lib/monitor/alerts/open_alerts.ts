import { resolve } from "node:path";
import {
  type AlertEvent,
  AlertManager,
  type AlertsConfig,
  type MetricSource,
  type Receiver,
} from "../../alerts/mod.ts";
import { machineName } from "../../base/mod.ts";
import { alertsStatePath } from "../../library/mod.ts";
import { LibraryMetrics, type LibraryMetricsOptions, REPORT_MS } from "../library/library_metrics.ts";

/** Options of {@linkcode openAlerts}. */
export interface OpenAlertsOptions extends Omit<LibraryMetricsOptions, "windowMs"> {
  /** Rules and waits. */
  readonly config: AlertsConfig;
  /** Who is notified. */
  readonly receivers: readonly Receiver[];
  /** Called with every event of the alerts. */
  readonly onEvent: (event: AlertEvent) => void;
  /** Reads a metric that is not the library's own; `undefined` for any other. */
  readonly readOther?: ((metric: string) => ReturnType<MetricSource["read"]> | undefined) | undefined;
}

/** The alerts of a library, with the metrics that their rules read. */
export interface OpenedAlerts {
  readonly metrics: LibraryMetrics;
  readonly manager: AlertManager;
}

/** Open the alerts of a library: rules, metrics, state and receivers. */
export async function openAlerts(options: OpenAlertsOptions): Promise<OpenedAlerts> {
  const { library, config, receivers, watch, onEvent, readOther = () => undefined } = options;
  const windowMs = Math.max(REPORT_MS, ...config.rules.map((rule) => rule.windowMs));
  const metrics = new LibraryMetrics({ ...options, windowMs });
  const manager = await AlertManager.open({
    config,
    source: { read: (metric, period) => readOther(metric) ?? metrics.read(metric, period) },
    statePath: resolve(alertsStatePath(library)),
    receivers,
    origin: { machine: machineName(), library },
    onEvent,
    ...watch === undefined ? {} : { isPresent: async () => await watch.presence.look(Date.now()) === null },
  });
  return { metrics, manager };
}
