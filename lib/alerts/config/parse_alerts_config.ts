import type { Env } from "../../base/mod.ts";
import { type AlertsFile, alertsSchema } from "./alerts_schema.ts";
import { checkDurations } from "./_check_durations.ts";
import { checkShape, Mistakes, readYaml, type YamlPath } from "../../config/mod.ts";
import { checkVariables } from "./_check_variables.ts";
import { compileHeartbeat } from "./_compile_heartbeat.ts";
import { compileMatchers, type MatcherContext } from "./_compile_matchers.ts";
import { compileRoutes } from "./_compile_routes.ts";
import { compileRule, toMilliseconds } from "./compile_rule.ts";
import { compileSlo } from "./_compile_slo.ts";
import { findInhibitCycle } from "./_find_inhibit_cycle.ts";
import type { AlertRule } from "../rules/alert_rule.ts";
import type { AlertRoute, AlertsConfig, InhibitRule } from "./alerts_config.ts";
import { checkReceiverForm, parseReceiverUrl } from "../receivers/parse_receiver_url.ts";

/** Options of {@linkcode parseAlertsConfig}. */
export interface ParseAlertsConfigOptions {
  /**
   * Name of the file in messages.
   *
   * @default {"alerts.yml"}
   */
  readonly file?: string;
  /**
   * Names of the metrics that rules may use; `null` allows any name.
   *
   * @default {null}
   */
  readonly metrics?: readonly string[] | null;
  /**
   * Labels that each metric can be split by; `null` allows any name.
   *
   * @default {null}
   */
  readonly labels?: Readonly<Record<string, readonly string[]>> | null;
  /**
   * Whether somebody must be notified: a file without `receivers:`, or with a receiver that no route leads to, was
   * probably cut or is not finished. A matcher on `alertname` may then name only alerts of the file.
   *
   * @default {false}
   */
  readonly isComplete?: boolean;
  /**
   * Throws for an address that no receiver supports. The error states the reason and does not repeat the address. By
   * default an address is parsed with the variables of `env`; without `env`, only what does not depend on its variables
   * is checked.
   *
   * @default {parseReceiverUrl}
   */
  readonly checkUrl?: (url: string) => unknown;
  /**
   * Environment for the variables in receivers' addresses. A variable that is not set is reported as a mistake. Without
   * an environment, addresses are checked without their variables.
   *
   * @default {undefined}
   */
  readonly env?: Env | undefined;
  /**
   * Environment for the variables in the heartbeat's address. Without an environment, the address is checked without
   * its variables.
   *
   * @default {undefined}
   */
  readonly heartbeatEnv?: Env | undefined;
}

/**
 * Parse and check an alerts configuration.
 *
 * @param text YAML
 * @param options File name for messages, known metrics and labels, environment
 * @returns The configuration, ready for {@linkcode evaluateRules}
 * @throws {ConfigError} With the mistakes; each has a line and a column, and a hint if possible
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { parseAlertsConfig } from "@civitai-dl/civitai-dl/alerts";
 * const config = parseAlertsConfig(`
 * groups:
 *   - name: web
 *     rules:
 *       - { alert: Slow, expr: "latency_seconds > 2s", severity: warning, annotations: { summary: "{{value}}" } }
 * `);
 * assertEquals(config.rules[0]?.name, "Slow");
 * ```
 */
export function parseAlertsConfig(text: string, options: ParseAlertsConfigOptions = {}): AlertsConfig {
  const { file = "alerts.yml", metrics = null, labels = null, isComplete = false, env, heartbeatEnv } = options;
  const { checkUrl = env === undefined ? checkReceiverForm : (url) => parseReceiverUrl(url, { env }) } = options;
  const yaml = readYaml(text, { begin: "groups:" });
  const mistakes = new Mistakes(yaml);
  mistakes.throwIfAny(file);
  const written = checkShape(alertsSchema, yaml.value, mistakes);
  mistakes.throwIfAny(file);

  checkDurations(written!, mistakes);
  const { groups = [], slo = [], receivers = [] } = written!;
  const rules: AlertRule[] = [];
  for (const [index, group] of groups.entries()) {
    const intervalMs = toMilliseconds(group.interval, 30_000);
    const ruleGroup = { name: group.name, intervalMs, labels: group.labels ?? {} };
    for (const [at, entry] of group.rules.entries()) {
      const path = ["groups", index, "rules", at];
      const rule = compileRule(entry, path, { group: ruleGroup, mistakes, metrics, labels });
      if (rule !== undefined) rules.push(rule);
    }
  }
  for (const [index, entry] of slo.entries()) {
    rules.push(...compileSlo(entry, ["slo", index], { mistakes, metrics, labels }));
  }
  if (groups.length + slo.length === 0) mistakes.add([], "there is no rule", { hint: "Add groups: or slo:" });
  rejectDuplicates(groups.map(({ name }, index) => [["groups", index, "name"], name]), "group", mistakes);
  const names = listAlertNames(written!);
  rejectDuplicates(names, "rule", mistakes);
  rejectDuplicates(receivers.map(({ name }, index) => [["receivers", index, "name"], name]), "receiver", mistakes);
  for (const [index, { urls }] of receivers.entries()) {
    for (const [at, url] of urls.entries()) {
      const path = ["receivers", index, "urls", at];
      const isSound = env === undefined || checkVariables(url, path, { env, mistakes });
      if (isSound) checkAddress(url, path, { checkUrl, mistakes });
    }
  }
  const context: MatcherContext = {
    mistakes,
    alertNames: isComplete ? names.map(([, name]) => name) : null,
  };
  const inhibit = (written!.inhibit ?? []).map((entry, index): InhibitRule => ({
    source: compileMatchers(entry.source, ["inhibit", index, "source"], context),
    target: compileMatchers(entry.target, ["inhibit", index, "target"], context),
    equal: entry.equal ?? [],
  }));
  const cycle = findInhibitCycle(rules, inhibit);
  if (cycle !== undefined) {
    mistakes.add(["inhibit", cycle.index], `these rules would mute each other: ${cycle.names.join(" → ")}`, {
      hint: "Remove one of them from source or target",
    });
  }
  const isCut = isComplete && written!.receivers === undefined;
  // A cut file names receivers that it does not have; the cause is one, and at its end.
  const routes = isCut ? [] : compileRoutes(written!, context);
  const heartbeat = compileHeartbeat(written!, { mistakes, env: heartbeatEnv });
  mistakes.throwIfAny(file);
  if (isCut) {
    mistakes.addAtEnd('the file ends without "receivers:", so nobody would be notified', {
      hint: "If the file was cut, restore the rest; if nobody is to be notified, write receivers: []",
    });
  }
  if (isComplete) rejectUnreached(receivers, routes, mistakes);
  mistakes.throwIfAny(file);
  return { rules, routes, inhibit, receivers, heartbeat };
}

/** List the names of all rules with their paths, including rules that cannot be compiled. */
function listAlertNames({ groups = [], slo = [] }: AlertsFile): readonly (readonly [YamlPath, string])[] {
  const ruleNames = groups.flatMap(({ rules }, index) =>
    rules.map(({ alert }, at) => [["groups", index, "rules", at, "alert"], alert] as const)
  );
  const sloNames = slo.flatMap(({ name }, index) =>
    [`${name}Page`, `${name}Ticket`].map((alert) => [["slo", index, "name"], alert] as const)
  );
  return [...ruleNames, ...sloNames];
}

function rejectDuplicates(names: readonly (readonly [YamlPath, string])[], what: string, mistakes: Mistakes): void {
  const seen = new Set<string>();
  for (const [path, name] of names) {
    if (seen.has(name)) mistakes.add(path, `two ${what}s are named "${name}"`, { hint: "Give each a name of its own" });
    seen.add(name);
  }
}

/** A receiver that no route leads to is notified of nothing: a part of `route:` is missing. */
function rejectUnreached(
  receivers: readonly { readonly name: string }[],
  routes: readonly AlertRoute[],
  mistakes: Mistakes,
): void {
  for (const [index, { name }] of receivers.entries()) {
    if (routes.length === 0 || routes.some(({ receiver }) => receiver === name)) continue;
    mistakes.add(["receivers", index], `no route leads to the receiver "${name}"`, {
      hint: "Name it in route:, or in an entry of its routes:",
    });
  }
}

/** Report any error about an address as a mistake in the file. */
function checkAddress(
  url: string,
  path: YamlPath,
  context: { readonly checkUrl: (url: string) => unknown; readonly mistakes: Mistakes },
): void {
  try {
    context.checkUrl(url);
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    const hint = "hint" in error && typeof error.hint === "string" ? error.hint : undefined;
    const state = error.message.replace(/^Cannot use the receiver(?: "[^"]*")?: |^[^:"]*: /, "");
    context.mistakes.add(path, `not a receiver address: ${state}`, { hint });
  }
}
