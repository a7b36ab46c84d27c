import { assertEquals } from "@std/assert";
import { parseAlertsConfig, parseRuleTests, runRuleTests } from "../../lib/alerts/mod.ts";
import { fromFileUrl } from "./_path.ts";

/** The YAML of docs/alerts.md, block by block. */
function blocks(): readonly string[] {
  const text = Deno.readTextFileSync(fromFileUrl("../../docs/alerts.md"));
  return [...text.matchAll(/^```yaml\n(.*?)^```$/gms)].map(([, block]) => block!);
}

Deno.test("what docs/alerts.md shows is a configuration that works", () => {
  const { rules, routes, inhibit } = parseAlertsConfig(blocks().slice(0, 4).join(""));
  assertEquals(rules.map((rule) => rule.name), ["HighErrorRate", "DownloadsPage", "DownloadsTicket"]);
  assertEquals([routes.length, inhibit.length], [2, 1]);
  const withDefaults = parseAlertsConfig(`${blocks()[0]}receivers: [{ name: default, urls: ["stdout:"] }]`);
  assertEquals(withDefaults.routes, routes);
});

Deno.test("the test of rules in docs/alerts.md passes with the shipped rules", () => {
  const shipped = parseAlertsConfig(Deno.readTextFileSync(fromFileUrl("../../config/alerts.yml")));
  const results = runRuleTests(shipped, parseRuleTests(blocks()[4]!).tests);
  assertEquals(results, [{ name: "errors above 5 % fire after a minute", failures: [] }]);
});
