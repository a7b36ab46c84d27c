import { assertEquals, assertStringIncludes } from "@std/assert";
import { type JsonSchema, renderSettingsPage } from "../../scripts/_docs/settings_page.ts";

/** The rows of a table without spaces that only align it. */
function rowsOf(settings: JsonSchema, other: JsonSchema = {}): readonly string[] {
  const page = renderSettingsPage({ name: "a.yml", text: "A", schema: settings }, [
    { name: "b.yml", text: "B", schema: other },
  ]);
  return page.split("\n").filter((line) => line.startsWith("| `"));
}

Deno.test("renderSettingsPage() lists the keys of a command once, with the commands that know them", () => {
  const rate: JsonSchema = { type: ["string", "number"], description: "Rate, as 5M | 0" };
  const section = (...keys: readonly string[]): JsonSchema => ({
    properties: Object.fromEntries(keys.map((key) => [key, { $ref: `#/properties/${key}` }])),
  });
  const properties = { rate, verify: section("rate"), list: section() };
  assertEquals(rowsOf({ properties }), ["| `rate` | text | Rate, as 5M \\| 0 | verify |"]);
  const whole = { properties: { rate: { type: "integer" } } };
  assertEquals(rowsOf({ properties: { ...properties, list: whole } }), [
    "| `rate` | text | Rate, as 5M \\| 0 | verify |",
  ]);
  const both = { rate: { anyOf: [rate, section()] }, list: section("rate") };
  assertEquals(rowsOf({ properties: both }), ["| `rate` | text | Rate, as 5M \\| 0 | list |"]);
  const many = Object.fromEntries(["a", "b", "c", "d", "e"].map((name) => [name, section("rate")]));
  assertEquals(rowsOf({ properties: { rate, ...many } }), ["| `rate` | text | Rate, as 5M \\| 0 | 5 commands |"]);
});

Deno.test("renderSettingsPage() names keys by their place, and says what a value may be", () => {
  const rule: JsonSchema = {
    required: ["op"],
    properties: {
      op: { enum: [">", "<"] },
      for: { examples: ["5m"], type: "string" },
      by: { type: "array", items: { type: "string" } },
    },
  };
  const rows = rowsOf({}, {
    properties: {
      version: { const: 1 },
      weight: { type: "number", minimum: 0, maximum: 100 },
      rules: { type: "array", items: rule },
      kinds: { type: "object", additionalProperties: { properties: { on: { type: "boolean" } } } },
      list: { anyOf: [{ type: "string" }, { type: "array", items: { type: "string" } }] },
      matcher: { type: "string", description: "Also =~, !~" },
    },
  });
  assertEquals(rows, [
    "| `version` | `1` |  |",
    "| `weight` | number from 0 to 100 |  |",
    "| `rules` | list |  |",
    "| `rules[].op` | `>`, `<` (required) |  |",
    "| `rules[].for` | such as `5m` |  |",
    "| `rules[].by` | list of: text |  |",
    "| `kinds` | keys and values |  |",
    "| `kinds.NAME.on` | `true` or `false` |  |",
    "| `list` | text, or list of: text |  |",
    "| `matcher` | text | Also =\\~, !\\~ |",
  ]);
});

Deno.test("docs/settings.md has the keys of each configuration file", async () => {
  const page = await Deno.readTextFile(new URL("../../docs/settings.md", import.meta.url));
  for (const key of ["output", "groups[].rules[].expr", "steps[].setWeight", "phases[].conditions[].minCount"]) {
    assertStringIncludes(page, `| \`${key}\` `);
  }
});
