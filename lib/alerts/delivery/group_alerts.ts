import type { AlertState, TrackedAlert } from "../states/alert_state.ts";
import type { AlertRoute, AlertsConfig } from "../config/alerts_config.ts";
import { fitsMatchers } from "../rules/label_matcher.ts";

/** Alerts that go to one receiver together. */
export interface AlertGroup {
  readonly key: string;
  readonly receiver: string;
  readonly labels: Readonly<Record<string, string>>;
  /** If several routes lead to one group, the shortest value of each time applies. */
  readonly groupWaitMs: number;
  readonly groupIntervalMs: number;
  readonly repeatIntervalMs: number;
  readonly alerts: readonly TrackedAlert[];
}

/** Find the route of an alert: the first that matches, or the last one, which matches all alerts. */
export function routeOf(labels: Readonly<Record<string, string>>, config: Pick<AlertsConfig, "routes">): AlertRoute {
  return config.routes.find((route) => fitsMatchers(route.matchers, labels)) ?? config.routes.at(-1)!;
}

/** Group alerts by receiver and by the values of their route's `groupBy` labels. */
export function groupAlerts(state: AlertState, config: AlertsConfig): ReadonlyMap<string, AlertGroup> {
  const groups = new Map<string, AlertGroup>();
  for (const alert of Object.values(state.alerts)) {
    const route = routeOf(alert.labels, config);
    if (route.receiver === "") continue;
    const names = route.groupBy.includes("...") ? Object.keys(alert.labels).sort() : route.groupBy;
    const labels = Object.fromEntries(names.map((name) => [name, alert.labels[name] ?? ""]));
    const key = `${route.receiver}:${JSON.stringify(labels)}`;
    const known = groups.get(key);
    groups.set(key, {
      key,
      receiver: route.receiver,
      labels,
      groupWaitMs: Math.min(route.groupWaitMs, known?.groupWaitMs ?? Infinity),
      groupIntervalMs: Math.min(route.groupIntervalMs, known?.groupIntervalMs ?? Infinity),
      repeatIntervalMs: Math.min(route.repeatIntervalMs, known?.repeatIntervalMs ?? Infinity),
      alerts: [...known?.alerts ?? [], alert],
    });
  }
  return groups;
}

/** Whether an alert fired and ended, even if it is pending again. */
export function isEnded(alert: TrackedAlert): boolean {
  return alert.state === "resolved" || (alert.state === "pending" && alert.resolvedAt !== null);
}
