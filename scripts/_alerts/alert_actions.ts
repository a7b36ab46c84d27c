import { type AlertStatus, alertStatus, dispatch, type DispatchResult } from "../../lib/alerts/mod.ts";
import { findLockHolder, systemClock } from "../../lib/base/mod.ts";
import { type CommandContext, type Outcome, withExit } from "../../lib/cli/mod.ts";
import { monitorLockPath } from "../../lib/library/mod.ts";
import { readLibrary } from "../_frame/library/choose_library.ts";
import { openAlertStore, openReceivers, readAlertsConfig, rulesEnv } from "./alerts_config.ts";
import type { AlertsFlags } from "./alert_flags.ts";

/** Result of an action of `alerts`. */
export type AlertsResult =
  | {
    readonly action: "status";
    readonly status: AlertStatus;
    /** Whether a monitor evaluates the rules. */
    readonly isMonitored: boolean;
  }
  | { readonly action: "send-test"; readonly results: readonly DispatchResult[] };

/** Read the stored state of the alerts, without evaluating the rules. */
export async function showStatus(context: CommandContext<AlertsFlags>): Promise<AlertsResult> {
  const config = await readAlertsConfig(context);
  const state = await openAlertStore(context).read();
  const monitor = await findLockHolder(monitorLockPath(readLibrary(context.flags)));
  return { action: "status", status: alertStatus(state, config, systemClock.now()), isMonitored: monitor !== null };
}

/** Send a test alert to every receiver. The exit code is 1 if a delivery fails. */
export async function sendTest(context: CommandContext<AlertsFlags>): Promise<Outcome> {
  const config = await readAlertsConfig(context, { env: rulesEnv(context) });
  const labels = { alertname: "TestAlert", severity: "info" };
  const alert = {
    status: "firing",
    labels,
    annotations: { summary: "A test: nothing is wrong" },
    startsAt: systemClock.now(),
    endsAt: null,
    value: null,
    fingerprint: "test",
  } as const;
  const notification = { status: "firing", groupKey: "test", groupLabels: labels, alerts: [alert] } as const;
  const results = await dispatch(notification, openReceivers(config, context), { signal: context.signal });
  const result: AlertsResult = { action: "send-test", results };
  return withExit(result, results.every((one) => one.ok) ? 0 : 1);
}
