import { assertEquals, assertThrows } from "@std/assert";
import { ConfigError, parseAlertsConfig } from "../../lib/alerts/mod.ts";
import { parseDuration } from "../../lib/base/mod.ts";
import { EXPLAINED_ALERTS } from "../../lib/alerts/delivery/explained_alerts.ts";
import { splitAlertName } from "../../lib/alerts/states/alert_name.ts";
import { fromFileUrl } from "./_path.ts";

const PAGE = Deno.readTextFileSync(fromFileUrl("../../docs/alerts.md"));

/** The YAML of docs/alerts.md, block by block. */
function blocks(): readonly string[] {
  return [...PAGE.matchAll(/^```yaml\n(.*?)^```$/gms)].map(([, block]) => block!);
}

Deno.test("docs/alerts.md shows a valid configuration, with the waits that a file without them has", () => {
  const shown = parseAlertsConfig(blocks().slice(0, 2).join(""));
  assertEquals(shown.rules.map((rule) => rule.name), ["HighErrorRate"]);
  const withDefaults = parseAlertsConfig(`${blocks()[0]}receivers: []`);
  assertEquals({ ...shown, receivers: [] }, withDefaults);
});

Deno.test("docs/alerts.md says which alerts explain others", () => {
  const rows = [...PAGE.matchAll(/^\| `(\w+)` +\| (`[A-Z].*?`) +\|$/gm)].map(([, rule, names]) =>
    [rule!, names!.replaceAll("`", "").split(", ")] as const
  );
  assertEquals(Object.fromEntries(rows), EXPLAINED_ALERTS);
});

Deno.test("only shipped alerts explain others, and none explains itself by way of others", () => {
  const shipped = parseAlertsConfig(Deno.readTextFileSync(fromFileUrl("../../config/alerts.yml"))).rules;
  const names = new Set(shipped.map(({ name }) => name));
  const reach = (rule: string, trail: readonly string[]): void => {
    assertEquals([rule, names.has(rule), trail.includes(rule)], [rule, true, false]);
    for (const name of EXPLAINED_ALERTS[rule] ?? []) reach(splitAlertName(name).rule, [...trail, rule]);
  };
  for (const rule of Object.keys(EXPLAINED_ALERTS)) reach(rule, []);
});

/** A file that sets one key of the table. */
function withDuration(key: string, value: string): string {
  const rules = (more: string) =>
    `rules: [{ alert: A, metric: error_rate, value: 5%, severity: info, annotations: { summary: s }${more} }]\n` +
    "receivers: []\n";
  if (key === "groupWait" || key === "repeatInterval") return `${rules("")}${key}: ${value}\n`;
  return rules(`, ${key}: ${value}`);
}

Deno.test("docs/alerts.md states the program's longest and shortest durations", () => {
  const rows = [...PAGE.matchAll(/^\| (`.+?) +\| (\d\w+) +\| (\d\w+) +\|$/gm)].flatMap(([, keys, from, to]) =>
    keys!.replaceAll("`", "").split(", ").map((key) => [key, from!, to!] as const)
  );
  assertEquals(rows.length, 5);
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
