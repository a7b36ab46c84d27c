import { assertEquals } from "@std/assert";
import { parseAlertsConfig } from "../../lib/alerts/mod.ts";
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

Deno.test("only shipped alerts explain others, and none explains itself by way of others", () => {
  const shipped = parseAlertsConfig(Deno.readTextFileSync(fromFileUrl("../../config/alerts.yml"))).rules;
  const names = new Set(shipped.map(({ name }) => name));
  const reach = (rule: string, trail: readonly string[]): void => {
    assertEquals([rule, names.has(rule), trail.includes(rule)], [rule, true, false]);
    for (const name of EXPLAINED_ALERTS[rule] ?? []) reach(splitAlertName(name).rule, [...trail, rule]);
  };
  for (const rule of Object.keys(EXPLAINED_ALERTS)) reach(rule, []);
});
