import { assertEquals, assertThrows } from "@std/assert";
import { ConfigError, parseAlertsConfig, parseRuleTests, runRuleTests } from "../../lib/alerts/mod.ts";
import { parseDuration } from "../../lib/base/mod.ts";
import { fromFileUrl } from "./_path.ts";

/** The YAML of docs/alerts.md, block by block. */
function blocks(): readonly string[] {
  const text = Deno.readTextFileSync(fromFileUrl("../../docs/alerts.md"));
  return [...text.matchAll(/^```yaml\n(.*?)^```$/gms)].map(([, block]) => block!);
}

Deno.test("docs/alerts.md shows a valid configuration", () => {
  const { rules, routes, inhibit } = parseAlertsConfig(blocks().slice(0, 4).join(""));
  assertEquals(rules.map((rule) => rule.name), ["HighErrorRate", "DownloadsPage", "DownloadsTicket"]);
  assertEquals([routes.length, inhibit.length], [2, 1]);
  const withDefaults = parseAlertsConfig(`${blocks()[0]}receivers: [{ name: default, urls: ["stdout:"] }]`);
  assertEquals(withDefaults.routes, routes);
});

Deno.test("the rule test in docs/alerts.md passes with the shipped rules", () => {
  const shipped = parseAlertsConfig(Deno.readTextFileSync(fromFileUrl("../../config/alerts.yml")));
  const results = runRuleTests(shipped, parseRuleTests(blocks()[4]!).tests);
  assertEquals(results, [{ name: "errors above 5 % fire after five minutes", failures: [] }]);
});

/** A file that sets one key of the table. */
function withDuration(key: string, value: string): string {
  const rule = (more: string) =>
    `{ alert: A, metric: error_rate, value: 5%, severity: info, annotations: { summary: s }${more} }`;
  const group = (more: string, inRule: string) => `groups: [{ name: g, ${more}rules: [${rule(inRule)}] }]\n`;
  if (key === "interval") return group(`interval: ${value}, `, "");
  if (key.startsWith("group") || key === "repeatInterval") return `${group("", "")}route: { ${key}: ${value} }\n`;
  if (key === "window of a service level") {
    return `slo: [{ name: S, objective: 99%, metric: error_rate, window: ${value} }]\n`;
  }
  if (key === "every of the heartbeat") {
    return `${group("", "")}heartbeat: { url: "https://hc-ping.com/1", every: ${value} }\n`;
  }
  return group("", `, ${key}: ${value}`);
}

Deno.test("docs/alerts.md states the program's longest and shortest durations", () => {
  const text = Deno.readTextFileSync(fromFileUrl("../../docs/alerts.md"));
  const rows = [...text.matchAll(/^\| (`.+?) +\| (\d\w+) +\| (\d\w+) +\|$/gm)].flatMap(([, keys, from, to]) =>
    keys!.replaceAll("`", "").split(", ").map((key) => [key, from!, to!] as const)
  );
  assertEquals(rows.length, 9);
  for (const [key, from, to] of rows) {
    for (const value of [from, to]) parseAlertsConfig(withDuration(key, value));
    const seconds = (duration: string) => parseDuration(duration) / 1000;
    const beyond = [seconds(from) - 0.5, seconds(to) + 0.5].filter((value) => value >= 0);
    for (const value of beyond) {
      assertThrows(() => parseAlertsConfig(withDuration(key, `${value}`)), ConfigError);
      assertThrows(() => parseAlertsConfig(withDuration(key, `${value}s`)), ConfigError);
    }
  }
});
