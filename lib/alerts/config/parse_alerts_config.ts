import type { Env } from "../../base/mod.ts";
import { alertsSchema } from "./alerts_schema.ts";
import { checkShape, Mistakes, readYaml, type YamlPath } from "../../config/mod.ts";
import { checkVariables } from "./_check_variables.ts";
import { compileRule, type KnownMetrics, toMilliseconds } from "./compile_rule.ts";
import type { AlertsConfig } from "../alerts_config.ts";
import { AddressError } from "../receivers/address_error.ts";
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
   * Metrics that rules may use, each with the labels that its alerts have; `null` allows any metric and any placeholder.
   *
   * @default {null}
   */
  readonly metrics?: KnownMetrics;
  /**
   * Environment for the variables in receivers' addresses. A variable that is not set is reported as a mistake. Without
   * an environment, only what does not depend on the variables is checked.
   *
   * @default {undefined}
   */
  readonly env?: Env | undefined;
}

/** Waits of a file that does not set them, in milliseconds. */
const GROUP_WAIT_MS = 5 * 60_000;
const REPEAT_INTERVAL_MS = 4 * 3_600_000;

/**
 * Parse and check an alerts configuration. A file without `receivers:` was probably cut, because nobody would be
 * notified; one that shall notify nobody has an empty list.
 *
 * @param text YAML
 * @param options File name for messages, known metrics, environment
 * @returns The configuration, ready for {@linkcode evaluateRules}
 * @throws {ConfigError} With the mistakes; each has a line and a column, and a hint if possible
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { parseAlertsConfig } from "@civitai-dl/civitai-dl/alerts";
 * const config = parseAlertsConfig(`
 * rules:
 *   - { alert: Slow, metric: latency_seconds, value: 2s, severity: warning, annotations: { summary: "{{value}}" } }
 * receivers: ["stdout:"]
 * `);
 * assertEquals(config.rules[0]?.name, "Slow");
 * ```
 */
export function parseAlertsConfig(text: string, options: ParseAlertsConfigOptions = {}): AlertsConfig {
  const { file = "alerts.yml", metrics = null, env } = options;
  const yaml = readYaml(text, { begin: "rules:" });
  const mistakes = new Mistakes(yaml);
  mistakes.throwIfAny(file);
  const written = checkShape(alertsSchema, yaml.value, mistakes);
  mistakes.throwIfAny(file);

  const { receivers, groupWait, repeatInterval } = written!;
  const rules = written!.rules.flatMap((entry, index) =>
    compileRule(entry, ["rules", index], { metrics, mistakes }) ?? []
  );
  rejectDuplicates(written!.rules.map(({ alert }) => alert), mistakes);
  for (const [index, url] of (receivers ?? []).entries()) checkAddress(url, ["receivers", index], { env, mistakes });
  mistakes.throwIfAny(file);
  if (receivers === undefined) {
    mistakes.addAtEnd('the file ends without "receivers:", so nobody would be notified', {
      hint: "If the file was cut, restore the rest; if nobody is to be notified, write receivers: []",
    });
    mistakes.throwIfAny(file);
  }
  return {
    rules,
    groupWaitMs: toMilliseconds(groupWait, GROUP_WAIT_MS),
    repeatIntervalMs: toMilliseconds(repeatInterval, REPEAT_INTERVAL_MS),
    receivers: receivers ?? [],
  };
}

function rejectDuplicates(names: readonly string[], mistakes: Mistakes): void {
  const seen = new Set<string>();
  for (const [index, name] of names.entries()) {
    if (seen.has(name)) {
      mistakes.add(["rules", index, "alert"], `two rules are named "${name}"`, { hint: "Give each a name of its own" });
    }
    seen.add(name);
  }
}

/** Report an address that no receiver supports. The error states the reason and does not repeat the address. */
function checkAddress(
  url: string,
  path: YamlPath,
  { env, mistakes }: { readonly env: Env | undefined; readonly mistakes: Mistakes },
): void {
  if (env !== undefined && !checkVariables(url, path, { env, mistakes })) return;
  try {
    if (env === undefined) checkReceiverForm(url);
    else parseReceiverUrl(url, { env });
  } catch (error) {
    if (!(error instanceof AddressError)) throw error;
    mistakes.add(path, `not a receiver address: ${error.problem}`);
  }
}
