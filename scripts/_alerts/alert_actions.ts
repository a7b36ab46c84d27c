import { dirname, join } from "node:path";
import {
  type AlertRule,
  alertsJsonSchema,
  type AlertStatus,
  alertStatus,
  AlertStore,
  dispatch,
  type DispatchResult,
  evaluateRules,
  explainRule,
  exportPrometheusRules,
  parseRuleTests,
  planNotifications,
  prometheusMetrics,
  type RuleExplanation,
  type RuleTestResult,
  runRuleTests,
  withUndelivered,
} from "../../lib/alerts/mod.ts";
import { closest, KitError, systemClock } from "../../lib/base/mod.ts";
import { type CommandContext, type Outcome, withExit } from "../../lib/cli/mod.ts";
import { DOWNLOAD_DERIVED, DOWNLOAD_METRICS } from "../../lib/downloader/mod.ts";
import { readHolder } from "../_frame/read_holder.ts";
import {
  alertsStatePath,
  openAlertSource,
  openReceivers,
  parseRules,
  readAlertsConfig,
  type ReadAlertsOptions,
  readRulesFile,
  rulesEnv,
} from "./alerts_config.ts";
import type { AlertsFlags } from "./alert_flags.ts";

/** Result of an action of `alerts`. */
export type AlertsResult =
  | {
    readonly action: "status";
    readonly status: AlertStatus;
    /** Whether a monitor evaluates the rules. */
    readonly isMonitored: boolean;
  }
  | { readonly action: "test"; readonly results: readonly RuleTestResult[] }
  | { readonly action: "send-test"; readonly results: readonly (DispatchResult & { readonly address: string })[] }
  | { readonly action: "explain"; readonly explanations: readonly RuleExplanation[] }
  | { readonly action: "export"; readonly rules: string; readonly left: readonly string[] }
  | { readonly action: "schema"; readonly document: Record<string, unknown> }
  | {
    readonly action: "dry-run";
    readonly rules: readonly string[];
    /** Addresses without secrets. */
    readonly receivers: readonly { readonly name: string; readonly addresses: readonly string[] }[];
    /** Notifications that would be sent now. */
    readonly due: readonly { readonly address: string; readonly alerts: readonly string[] }[];
    readonly status: AlertStatus;
  };

/** Read the stored state of the alerts, without evaluating the rules. */
export async function showStatus(context: CommandContext<AlertsFlags>): Promise<AlertsResult> {
  const { flags, display } = context;
  const config = await readAlertsConfig(context);
  const onWarning = (message: string) => display.notice(`warning: ${message}`);
  const state = await new AlertStore(alertsStatePath(flags), { onWarning }).read();
  const monitor = await readHolder(join(dirname(alertsStatePath(flags)), "monitor.lock"));
  return { action: "status", status: alertStatus(state, config, systemClock.now()), isMonitored: monitor !== null };
}

/** Run a file of rule tests. The exit code is 1 if a test fails. */
export async function testRules(path: string, options: { readonly signal: AbortSignal }): Promise<Outcome> {
  const { config, tests } = parseRuleTests(await readRulesFile(path, options), { file: path });
  const rules = join(dirname(path), config);
  const results = runRuleTests(parseRules(await readRulesFile(rules, options), rules), tests);
  const failed = results.filter((result) => result.failures.length > 0).length;
  const result: AlertsResult = { action: "test", results };
  return withExit(result, failed > 0 ? 1 : 0);
}

/** Send a test alert to one receiver, or to all if `name` is undefined. The exit code is 1 if a delivery fails. */
export async function sendTest(context: CommandContext<AlertsFlags>, name: string | undefined): Promise<Outcome> {
  const config = await readAlertsConfig(context, { env: rulesEnv(context) });
  const all = openReceivers(config, context);
  if (name !== undefined && !all.has(name)) throw unknown("receiver", name, [...all.keys()]);
  const now = systemClock.now();
  const chosen = [...all].filter(([one]) => name === undefined || one === name);
  const results = await Promise.all(chosen.map(async ([receiver, list]) => {
    const labels = { alertname: "TestAlert", severity: "info" };
    const annotations = { summary: "A test: nothing is wrong" };
    const outcomes = await dispatch(
      {
        receiver,
        status: "firing",
        groupKey: `${receiver}:test`,
        groupLabels: labels,
        truncated: 0,
        alerts: [{
          status: "firing",
          labels,
          annotations,
          startsAt: now,
          endsAt: null,
          value: null,
          fingerprint: "test",
        }],
      },
      list,
      { signal: context.signal },
    );
    return outcomes.map((outcome, index) => ({ ...outcome, address: list[index]!.description }));
  }));
  const result: AlertsResult = { action: "send-test", results: results.flat() };
  return withExit(result, results.flat().every((one) => one.ok) ? 0 : 1);
}

/** Explain one rule, or all if `name` is undefined, with the current readings. */
export async function explain(context: CommandContext<AlertsFlags>, name: string | undefined): Promise<AlertsResult> {
  const { config, source: measured, now } = await openAlerts(context);
  const source = withUndelivered(measured, await new AlertStore(alertsStatePath(context.flags)).read());
  const rules: readonly AlertRule[] = name === undefined
    ? config.rules
    : config.rules.filter((rule) => rule.name === name);
  if (rules.length === 0) throw unknown("rule", name ?? "", config.rules.map((rule) => rule.name));
  return { action: "explain", explanations: rules.map((rule) => explainRule(rule, config, source, now)) };
}

/** Export the rules for Prometheus, and warn about each rule whose metric does not exist in Prometheus. */
export async function exportRules(context: CommandContext<AlertsFlags>): Promise<AlertsResult> {
  const { display } = context;
  const config = await readAlertsConfig(context);
  const { text, left } = exportPrometheusRules(config, prometheusMetrics(DOWNLOAD_METRICS, DOWNLOAD_DERIVED));
  for (const rule of left) display.notice(`warning: left out ${rule}: Prometheus has no such metric`);
  return { action: "export", rules: text, left };
}

/** Return the JSON Schema of the rules file. */
export function showSchema(): AlertsResult {
  return { action: "schema", document: alertsJsonSchema() };
}

/** Evaluate the rules and plan the notifications, without sending or writing anything. */
export async function dryRun(context: CommandContext<AlertsFlags>): Promise<AlertsResult> {
  const { config, source, now } = await openAlerts(context, { env: rulesEnv(context) });
  const receivers = openReceivers(config, context);
  const targets = new Map([...receivers].map(([name, list]) => [name, list.map((one) => one.description)]));
  const before = await new AlertStore(alertsStatePath(context.flags)).read();
  const { state } = evaluateRules(before, config, source, now, { isForced: true });
  const { due } = planNotifications(state, config, now, { targets });
  return {
    action: "dry-run",
    rules: config.rules.map((rule) => rule.name),
    receivers: [...targets].map(([name, addresses]) => ({ name, addresses })),
    due: due.map(({ target, notification }) => ({
      address: target,
      alerts: notification.alerts.map((alert) => `${alert.labels["alertname"]} ${alert.status}`),
    })),
    status: alertStatus(state, config, now),
  };
}

async function openAlerts(context: CommandContext<AlertsFlags>, options: ReadAlertsOptions = {}) {
  const { flags, display } = context;
  const config = await readAlertsConfig(context, options);
  const now = systemClock.now();
  const source = openAlertSource(config, flags, {
    onWarning: (message) => display.notice(`warning: ${message}`),
  });
  await source.refresh(now);
  return { config, source, now };
}

function unknown(what: string, name: string, known: readonly string[]): KitError {
  const near = closest(name, known);
  return new KitError("usage", `Cannot find ${what} "${name}": the configuration has none of that name`, {
    hint: near === undefined ? `There are: ${known.join(", ")}` : `Did you mean "${near}"?`,
  });
}
