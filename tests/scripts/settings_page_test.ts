import { assertEquals, assertStringIncludes } from "@std/assert";
import type { Command, Flag } from "../../lib/cli/mod.ts";
import { type JsonSchema, renderSettingsPage } from "../../scripts/_docs/settings_page.ts";

/** The rows of a table without spaces that only align it. */
function rowsOf(commands: readonly Command[], other: JsonSchema = {}): readonly string[] {
  const page = renderSettingsPage({ name: "a.yml", text: "A", sectionsText: "S", commands }, [
    { name: "b.yml", text: "B", schema: other },
  ]);
  return page.split("\n").filter((line) => line.startsWith("| `") || line === "S");
}

function commandWith(name: string, ...flags: readonly Flag[]): Command {
  return { name, summary: "", flags, run: () => Promise.resolve() };
}

Deno.test("renderSettingsPage() lists shared keys once, with all commands, and the keys of sections by meaning", () => {
  const rate: Flag = {
    name: "rate",
    setting: "shared",
    type: "number",
    summary: "As 5M | 0",
    unit: "per second",
    min: 1,
  };
  const limit: Flag = { name: "limit", type: "integer", summary: "Rows", default: 20, min: 1, max: 99 };
  const page = rowsOf([
    commandWith("verify", rate, limit),
    commandWith("list", { ...rate, name: "speed", key: "rate", rare: true }, { ...limit, summary: "Models" }),
    commandWith("search", { ...limit, group: "Search" }, {
      name: "fix",
      setting: "none",
      type: "boolean",
      summary: "",
    }),
    commandWith("a", { name: "wait", type: "duration", summary: "Wait", min: "1s", default: "5s" }, rate),
    commandWith("b", {
      name: "kind",
      type: "choice",
      choices: ["x", "y"],
      multiple: true,
      summary: "Kinds",
      default: ["x"],
    }),
    commandWith("c", { name: "deep", type: "boolean", summary: "Deep" }, {
      name: "from",
      type: "path",
      multiple: true,
      summary: "Files",
    }),
  ]);
  assertEquals(page, [
    "| `rate` | number from 1 per second |  | As 5M \\| 0 | verify, list, a |",
    "S",
    "| `deep` | `true` or `false` | `false` | Deep | c |",
    "| `from` | path, or list of: path |  | Files | c |",
    "| `kind` | `x`, `y`, or a list of these | `x` | Kinds | b |",
    "| `limit` | whole number from 1 to 99 | `20` | Rows | verify, search |",
    "| `limit` | whole number from 1 to 99 | `20` | Models | list |",
    "| `wait` | time from `1s` | `5s` | Wait | a |",
  ]);
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
  const rows = rowsOf([], {
    properties: {
      version: { const: 1 },
      weight: { type: "number", minimum: 0, maximum: 100 },
      rules: { type: "array", items: rule },
      kinds: { type: "object", additionalProperties: { properties: { on: { type: "boolean" } } } },
      list: { anyOf: [{ type: "string" }, { type: "array", items: { type: "string" } }] },
      matcher: { type: "string", description: "Also =~, !~" },
    },
  });
  assertEquals(rows.slice(1), [
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
  for (const key of ["output", "rules[].metric", "steps[].setWeight", "phases[].conditions[].minCount"]) {
    assertStringIncludes(page, `| \`${key}\` `);
  }
});
