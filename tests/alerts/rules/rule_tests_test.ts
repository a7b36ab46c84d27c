import { assertEquals, assertStringIncludes, assertThrows } from "@std/assert";
import {
  type AlertsConfig,
  ConfigError,
  parseAlertsConfig,
  parseRuleTests,
  type RuleTestResult,
  runRuleTests,
} from "../../../lib/alerts/mod.ts";
import { fromFileUrl } from "../_path.ts";

const SHIPPED = parseAlertsConfig(Deno.readTextFileSync(fromFileUrl("../../config/alerts.yml")));

function run(text: string, config: AlertsConfig = SHIPPED): readonly RuleTestResult[] {
  return runRuleTests(config, parseRuleTests(text).tests);
}

Deno.test("config/alerts.yml passes its rule tests", () => {
  const { config, tests } = parseRuleTests(Deno.readTextFileSync(fromFileUrl("../../config/alerts.test.yml")));
  assertEquals(config, "alerts.yml");
  const results = runRuleTests(SHIPPED, tests);
  assertEquals(results.filter(({ failures }) => failures.length > 0), []);
  assertEquals(results.length, tests.length);
});

Deno.test("the tests of the shipped rules fail when a rule is changed", () => {
  const { tests } = parseRuleTests(Deno.readTextFileSync(fromFileUrl("../../config/alerts.test.yml")));
  for (const rule of SHIPPED.rules) {
    const [limit] = rule.anyOf[0]!;
    for (const change of [0.5, 3]) {
      // A limit of 0 stays 0 when it is multiplied.
      const value = limit!.value === 0 ? change : limit!.value * change;
      const changed = { ...rule, anyOf: [[{ ...limit!, value }]] };
      const config = { ...SHIPPED, rules: SHIPPED.rules.map((one) => one === rule ? changed : one) };
      const failed = runRuleTests(config, tests).filter(({ failures }) => failures.length > 0);
      assertEquals(failed.length > 0, true, `${rule.name} times ${change}`);
    }
  }
});

Deno.test("runRuleTests() reports missing and unexpected alerts with line and time", () => {
  const [result] = run(`
tests:
  - name: wrong
    series: [{ metric: disk_usage_percent, values: 91x10 }]
    expect:
      - { at: 0s, alerts: [{ alert: HighDiskUsage }] }
      - { at: 2m, alerts: [] }`);
  assertEquals(result!.failures, [
    "line 6, at 0ms: expected HighDiskUsage firing, found HighDiskUsage pending",
    "line 6, at 0ms: HighDiskUsage is pending, and was not expected",
    "line 7, at 2m: HighDiskUsage is firing, and was not expected",
  ]);
});

Deno.test("parseRuleTests() reads series in promtool's notation", () => {
  const values = (text: string) =>
    parseRuleTests(`tests: [{ name: n, series: [{ metric: m, values: "${text}" }], expect: [{ at: 0, alerts: [] }] }]`)
      .tests[0]!.series[0]!.values;
  assertEquals(values("1 2 3"), [1, 2, 3]);
  assertEquals(values("5x3"), [5, 5, 5, 5]);
  assertEquals(values("0+0.1x3"), [0, 0.1, 0.2, 0.3]);
  assertEquals(values("10-2x2 _ _x2 6%x1"), [10, 8, 6, null, null, null, 0.06, 0.06]);
  const error = assertThrows(() => values("1+2"), ConfigError);
  assertStringIncludes(error.message, 'alerts.test.yml:1:50: cannot read the value "1+2"');
  assertThrows(() => values("1x99999999"), ConfigError);
});

Deno.test("runRuleTests() averages a ratio over its window by events, and takes the latest value of other metrics", () => {
  const config = parseAlertsConfig(`
groups:
  - name: g
    rules:
      - { alert: Rate, metric: x_rate, value: 50%, window: 2m, minSamples: 3, severity: info, annotations: { summary: s } }
      - { alert: Hosts, metric: x_rate, value: 50%, window: 2m, by: [host], severity: info, annotations: { summary: s } }
      - { alert: Gauge, metric: level, value: 1, window: 2m, severity: info, annotations: { summary: s } }`);
  const results = run(
    `
tests:
  - name: windows
    interval: 1m
    series:
      - { metric: x_rate, labels: { host: a }, values: "0 1 1 0 0", samples: 1 }
      - { metric: x_rate, labels: { host: b }, values: "0 1 1 0 0", samples: 2 }
      - { metric: level, values: "2 0 2 _ _ _" }
    expect:
      - { at: 0m, alerts: [{ alert: Gauge }] }
      - { at: 1m, alerts: [] }
      - at: 2m
        alerts: [{ alert: Rate }, { alert: Hosts, labels: { host: a } }, { alert: Hosts, labels: { host: b } }, { alert: Gauge }]
      - { at: 3m, alerts: [{ alert: Gauge }] }
      - { at: 4m, alerts: [] }`,
    config,
  );
  assertEquals(results, [{ name: "windows", failures: [] }]);
});

Deno.test("parseRuleTests() reports the place of an error", () => {
  const cases: readonly (readonly [text: string, says: string])[] = [
    ["tests: []", "1:8"],
    ["tests: [{ name: n, series: [], expect: [] }]", "1:28"],
    ["test: []", 'Did you mean "tests"?'],
    [
      "tests: [{ name: n, interval: 1ms, series: [{ metric: m, values: 1 }], expect: [{ at: 0, alerts: [] }] }]",
      "1s or more",
    ],
    ["tests: [{ name: n, series: [{ metric: m, values: 1 }], expect: [{ at: 9999d, alerts: [] }] }]", "longer than"],
  ];
  for (const [text, says] of cases) {
    const { message, hint } = assertThrows(() => parseRuleTests(text), ConfigError);
    assertStringIncludes(`${message} ${hint}`, says);
  }
});
