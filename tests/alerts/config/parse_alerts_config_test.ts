import { assert, assertEquals, assertMatch, assertStringIncludes, assertThrows } from "@std/assert";
import { parse } from "@std/yaml";
import { fromFileUrl } from "../_path.ts";
import * as z from "zod";
import { alertsJsonSchema, ConfigError, parseAlertsConfig } from "../../../lib/alerts/mod.ts";
import { MAX_CONFIG_BYTES } from "../../../lib/config/mod.ts";
import { assertLinearTime } from "../../helpers/assert_linear_time.ts";
import { BROKEN_MEANING, BROKEN_SHAPE } from "../../helpers/broken_rules.ts";

const METRICS = Object.fromEntries(
  ["error_rate", "timeout_rate", "memory_usage_mb", "disk_usage_percent", "rollout_stopped"].map((name) => [name, []]),
);
const BROKEN = fromFileUrl("broken/");
const SHIPPED = fromFileUrl("../../config/alerts.yml");

function mistake(text: string): ConfigError {
  return assertThrows(() => parseAlertsConfig(text, { metrics: METRICS }), ConfigError);
}

for (const [file, place, says] of [...BROKEN_MEANING, ...BROKEN_SHAPE]) {
  Deno.test(`parseAlertsConfig() reports place and reason of the error in ${file}`, () => {
    const { message, hint, code, mistakes } = mistake(Deno.readTextFileSync(BROKEN + file));
    assertEquals(code, "usage");
    assertEquals(`${mistakes[0]!.line}:${mistakes[0]!.column}`, place);
    assertStringIncludes(message, `Cannot use alerts.yml:${place}: `);
    assertStringIncludes(`${message}\n${hint}`, says);
    assert(!message.includes("secret-key"));
  });
}

Deno.test("the table lists every broken file", () => {
  const names = [...Deno.readDirSync(BROKEN)].map((entry) => entry.name).toSorted();
  assertEquals([...BROKEN_MEANING, ...BROKEN_SHAPE].map(([file]) => file).toSorted(), names);
});

Deno.test("alertsJsonSchema() equals the published schema and agrees with the parser", () => {
  const published = Deno.readTextFileSync(fromFileUrl("../../config/alerts.schema.json"));
  assertEquals(JSON.parse(published), alertsJsonSchema());
  const schema = z.fromJSONSchema(JSON.parse(published));
  const accepts = (path: string) => schema.safeParse(parse(Deno.readTextFileSync(path), { schema: "core" })).success;
  assert(accepts(SHIPPED));
  for (const [file] of BROKEN_SHAPE) assert(!accepts(BROKEN + file), file);
});

Deno.test("config/alerts.yml has the four specified limits and the troubles of rollouts, runs and disks, each with a page of the runbook", () => {
  const { rules, groupWaitMs, repeatIntervalMs } = parseAlertsConfig(Deno.readTextFileSync(SHIPPED));
  assertEquals(
    rules.map(({ name, severity, metric, op, threshold }) => [name, severity, metric, op, threshold]),
    [
      ["HighErrorRate", "warning", "error_rate", ">", 0.05],
      ["HighTimeoutRate", "critical", "timeout_rate", ">", 0.01],
      ["NoProgress", "critical", "no_progress_seconds", ">", 60],
      ["RolloutStopped", "warning", "rollout_stopped", ">", 0],
      ["HighMemoryUsage", "warning", "memory_usage_mb", ">", 2048],
      ["HighDiskUsage", "warning", "disk_usage_percent", ">", 90],
      ["LibraryMissing", "critical", "library_missing", ">", 0],
      ["HealthCheckFailing", "warning", "health_check_failing", ">", 0],
      ["RunFailed", "critical", "run_failed", ">", 0],
      ["NoSuccessFor48h", "critical", "seconds_since_success", ">", 172_800],
      ["KeyRejected", "critical", "key_rejected", ">", 0],
      ["ReserveReached", "critical", "reserve_reached", ">", 0],
      ["DiskFilling", "warning", "disk_full_in_seconds", "<", 7200],
    ],
  );
  assertEquals([groupWaitMs, repeatIntervalMs], [300_000, 4 * 3_600_000]);
  for (const { annotations } of rules) {
    const path = annotations.runbook!;
    assertMatch(path, /^docs\/runbook\/[a-z-]+\.md$/);
    assert(Deno.statSync(fromFileUrl(`../../${path}`)).isFile, path);
  }
});

Deno.test("parseAlertsConfig() refuses 10 MB without reading them, and nesting that would overflow the stack", () => {
  assertStringIncludes(mistake("#".repeat(10_000_000)).message, "alerts.yml:1:1: the file is larger than 1 MiB");
  assertEquals(MAX_CONFIG_BYTES, 2 ** 20);
  for (
    const text of [
      `rules: ${"[".repeat(100_000)}`,
      `${"- ".repeat(20_000)}a`,
      "rules: !!binary aGk=",
      "\u0000",
      "\ufeff",
    ]
  ) {
    assert(mistake(text).mistakes.length > 0);
  }
});

Deno.test("parseAlertsConfig() reports all errors at once, in the order of the file", () => {
  const rule = (name: string, metric: string) =>
    `  - { alert: ${name}, metric: ${metric}, value: 1, severity: warning, annotations: { summary: s } }\n`;
  const text = `rules:\n${rule("A", "nothing")}${rule("A", "no_other")}`;
  const { mistakes, message } = mistake(text);
  assertEquals(mistakes.map(({ line }) => line), [2, 3, 3]);
  assertStringIncludes(message, 'alerts.yml:3:14: two rules are named "A" (Give each a name of its own)');
  const many = text + Array.from({ length: 40 }, (_, index) => rule(`B${index}`, "none")).join("");
  assertStringIncludes(mistake(many).message, "\nand 23 more");
});

Deno.test("parseAlertsConfig() reads units by the name of the metric", () => {
  const limit = (metric: string, value: string): number => {
    const rule = `{ alert: A, metric: ${metric}, value: ${value}, severity: info, annotations: { summary: s } }`;
    return parseAlertsConfig(`rules: [${rule}]\nreceivers: []`).rules[0]!.threshold;
  };
  const cases: readonly [metric: string, value: string, expected: number][] = [
    ["error_rate", "5%", 0.05],
    ["error_rate", "0.07", 0.07],
    ["error_rate", '"7 %"', 0.07],
    ["disk_usage_percent", "90%", 90],
    ["disk_usage_percent", "90", 90],
    ["memory_usage_mb", "2048 MB", 2048],
    ["memory_usage_mb", "2 GB", 2048],
    ["free_bytes", "1 GiB", 2 ** 30],
    ["download_seconds_p95", "5m", 300],
    ["wait_ms", "2s", 2000],
    ["queue", "12", 12],
  ];
  for (const [metric, value, expected] of cases) assertEquals(limit(metric, value), expected, `${metric} ${value}`);
});

Deno.test("parseAlertsConfig() knows the placeholders of the labels of a metric", () => {
  const rule = '{ alert: A, metric: m, value: 1, severity: info, annotations: { summary: "{{check}}: {{details}}" } }';
  const text = `rules: [${rule}]\nreceivers: []`;
  const read = (labels: readonly string[]) => parseAlertsConfig(text, { metrics: { m: labels } });
  assertEquals(read(["check"]).rules.length, 1);
  assertThrows(() => read(["host"]), ConfigError, 'there is no placeholder "check"');
});

Deno.test("parseAlertsConfig() takes linear time for any file", async () => {
  const pieces = [
    "k: v\n",
    "a:\n ",
    "[",
    "[a,",
    "{a: ",
    "- ",
    "- - ",
    "? ",
    "&a ",
    "*a ",
    '"',
    "<<: *a\n",
    "---\n",
    "!x ",
    "|\n",
  ];
  for (const piece of pieces) {
    const read = (text: string): void => {
      try {
        parseAlertsConfig(`rules:\n${text}`, { metrics: METRICS });
      } catch (error) {
        if (!(error instanceof ConfigError)) throw error;
      }
    };
    await assertLinearTime(read, piece, { name: "parseAlertsConfig()", msPerKib: 12, maxLength: 1 << 15 });
  }
});
