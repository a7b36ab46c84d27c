import { assertEquals, assertStringIncludes, assertThrows } from "@std/assert";
import { parseSiteMap } from "../../../checks/documents/site_map.ts";
import { ConfigError } from "../../../lib/config/mod.ts";

const GROUP = "version: 1\ngroups:\n  - title: { en: One, ja: 一 }\n    pages:\n";

Deno.test("parseSiteMap() reads groups in order", () => {
  assertEquals(parseSiteMap(`${GROUP}      - a.md\n      - ../CHANGELOG.md\n`), [
    { title: { en: "One", ja: "一" }, pages: ["a.md", "../CHANGELOG.md"] },
  ]);
});

for (
  const [what, text, message] of [
    ["a page that is listed twice", `${GROUP}      - a.md\n      - a.md\n`, '"a.md" is listed twice'],
    ["what is not a page", `${GROUP}      - a.html\n`, "must be a Markdown file"],
    ["an unknown key", `${GROUP}      - a.md\nextra: 1\n`, 'unknown key "extra"'],
    ["a title without Japanese", "version: 1\ngroups:\n  - title: { en: One }\n    pages: [a.md]\n", '"ja" is missing'],
  ] as const
) {
  Deno.test(`parseSiteMap() refuses ${what}`, () => {
    const error = assertThrows(() => parseSiteMap(text), ConfigError);
    assertStringIncludes(error.message, message);
    assertStringIncludes(error.message, "docs/site.yml");
  });
}
