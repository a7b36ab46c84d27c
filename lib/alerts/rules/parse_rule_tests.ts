import * as z from "zod";
import { durationSchema } from "../config/alerts_schema.ts";
import { checkShape, Mistakes, readYaml } from "../../config/mod.ts";
import { toMilliseconds } from "../config/compile_rule.ts";
import { parseSeriesValues } from "./_series_values.ts";
import type { RuleTest, RuleTests } from "./rule_tests.ts";

const labels = z.record(z.string(), z.string({ error: "must be text: put it in quotes" }));

const series = z.strictObject({
  metric: z.string(),
  labels: labels.optional(),
  values: z.union([z.string(), z.number()], { error: 'must be values such as "0x10 6%x5"' }),
  samples: z.int().min(0).optional(),
});
const alert = z.strictObject({
  alert: z.string(),
  state: z.enum(["pending", "firing"]).optional(),
  labels: labels.optional(),
});
const test = z.strictObject({
  name: z.string(),
  interval: durationSchema.optional(),
  series: z.array(series).min(1),
  expect: z.array(z.strictObject({ at: durationSchema, alerts: z.array(alert) })).min(1),
});
const schema = z.strictObject({
  version: z.literal(1).optional(),
  config: z.string().optional(),
  tests: z.array(test).min(1),
});

/**
 * Parse a file of rule tests.
 *
 * @param text YAML
 * @param options Name of the file in messages, `alerts.test.yml` by default
 * @returns The tests, and the path of the configuration under test
 * @throws {ConfigError} With the mistakes, each with line and column
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { parseRuleTests } from "@civitai-dl/civitai-dl/alerts";
 *
 * const { tests } = parseRuleTests(`
 * tests:
 *   - name: slow answers
 *     series: [{ metric: latency_seconds, values: 1 3x2 }]
 *     expect: [{ at: 30s, alerts: [{ alert: Slow }] }]
 * `);
 * assertEquals(tests[0]?.series[0]?.values, [1, 3, 3, 3]);
 * ```
 */
export function parseRuleTests(text: string, options: { readonly file?: string } = {}): RuleTests {
  const { file = "alerts.test.yml" } = options;
  const yaml = readYaml(text, { begin: "tests:" });
  const mistakes = new Mistakes(yaml);
  mistakes.throwIfAny(file);
  const written = checkShape(schema, yaml.value, mistakes);
  mistakes.throwIfAny(file);
  const tests = written!.tests.map((entry, index): RuleTest => ({
    name: entry.name,
    intervalMs: toMilliseconds(entry.interval, 30_000),
    series: entry.series.map((one, at) => ({
      metric: one.metric,
      labels: one.labels ?? {},
      samples: one.samples ?? 100,
      values: mistakes.try(["tests", index, "series", at, "values"], () => parseSeriesValues(String(one.values))) ?? [],
    })),
    expect: entry.expect.map((one, at) => ({
      atMs: toMilliseconds(one.at, 0),
      line: yaml.placeOf(["tests", index, "expect", at]).line,
      alerts: one.alerts.map((wanted) => ({
        alert: wanted.alert,
        state: wanted.state ?? "firing",
        labels: wanted.labels ?? {},
      })),
    })),
  }));
  for (const [index, entry] of tests.entries()) {
    if (entry.intervalMs < 1000) mistakes.add(["tests", index, "interval"], '"interval" must be 1s or more');
    const last = Math.max(...entry.expect.map((one) => one.atMs));
    if (last / entry.intervalMs > 100_000) mistakes.add(["tests", index], "the test is longer than 100000 intervals");
  }
  mistakes.throwIfAny(file);
  return { config: written!.config ?? "alerts.yml", tests };
}
