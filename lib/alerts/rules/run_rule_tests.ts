import { formatDuration } from "../../base/mod.ts";
import { seriesSource } from "./_series_source.ts";
import { type AlertState, EMPTY_ALERT_STATE } from "../states/alert_state.ts";
import type { AlertsConfig } from "../config/alerts_config.ts";
import { evaluateRules } from "./evaluate_rules.ts";
import type { RuleTest, TestExpectation } from "./rule_tests.ts";

/** Result of one test. */
export interface RuleTestResult {
  /** The test's name. */
  readonly name: string;
  /** Differences from the expectations, one line each; empty if the test passed. */
  readonly failures: readonly string[];
}

/** The time at which every test starts; arbitrary, but always the same. */
const START_MS = Date.UTC(2026, 0, 1);

/**
 * Run rule tests on simulated time, each from an empty state.
 *
 * @param config The configuration under test
 * @param tests The tests to run
 * @returns A result for each test, in the same order
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { parseAlertsConfig, parseRuleTests, runRuleTests } from "@civitai-dl/civitai-dl/alerts";
 *
 * const config = parseAlertsConfig(`
 * groups:
 *   - name: web
 *     rules: [{ alert: Slow, expr: latency_seconds > 2s, severity: warning, annotations: { summary: Slow } }]
 * `);
 * const { tests } = parseRuleTests(`
 * tests:
 *   - name: slow answers
 *     series: [{ metric: latency_seconds, values: 1 3x2 }]
 *     expect: [{ at: 0s, alerts: [] }, { at: 30s, alerts: [{ alert: Slow }] }]
 * `);
 * assertEquals(runRuleTests(config, tests), [{ name: "slow answers", failures: [] }]);
 * ```
 */
export function runRuleTests(config: AlertsConfig, tests: readonly RuleTest[]): readonly RuleTestResult[] {
  return tests.map((test) => ({ name: test.name, failures: runTest(config, test) }));
}

function runTest(config: AlertsConfig, test: RuleTest): readonly string[] {
  const source = seriesSource(test, START_MS);
  const failures: string[] = [];
  const expected = test.expect.toSorted((a, b) => a.atMs - b.atMs);
  let state: AlertState = EMPTY_ALERT_STATE;
  let nextMs = 0;
  for (const expectation of expected) {
    for (; nextMs <= expectation.atMs; nextMs += test.intervalMs) {
      state = evaluateRules(state, config, source, START_MS + nextMs, { isForced: true }).state;
    }
    failures.push(...compare(state, expectation));
  }
  return failures;
}

function compare(state: AlertState, { atMs, alerts, line }: TestExpectation): readonly string[] {
  const found = Object.values(state.alerts).filter((alert) => alert.state !== "resolved");
  const unmatched = new Set(found);
  const position = `line ${line}, at ${formatDuration(atMs)}`;
  const failures: string[] = [];
  for (const expected of alerts) {
    const match = [...unmatched].find((alert) =>
      alert.rule === expected.alert && alert.state === expected.state &&
      Object.entries(expected.labels).every(([name, value]) => alert.labels[name] === value)
    );
    if (match !== undefined) unmatched.delete(match);
    else failures.push(`${position}: expected ${expected.alert} ${expected.state}, found ${describe(found)}`);
  }
  for (const alert of unmatched) failures.push(`${position}: ${alert.rule} is ${alert.state}, and was not expected`);
  return failures;
}

function describe(alerts: readonly { readonly rule: string; readonly state: string }[]): string {
  return alerts.length === 0 ? "nothing" : alerts.map((alert) => `${alert.rule} ${alert.state}`).join(", ");
}
