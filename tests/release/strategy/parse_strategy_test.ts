import { assertEquals, assertStringIncludes, assertThrows } from "@std/assert";
import { ConfigError } from "../../../lib/config/mod.ts";
import { parseStrategy, strategyJsonSchema } from "../../../lib/release/mod.ts";

const SHIPPED = await Deno.readTextFile(new URL("../../../config/branches.yml", import.meta.url));
const SCHEMA = new URL("../../../config/branches.schema.json", import.meta.url);

Deno.test("parseStrategy() reads the shipped strategy, and its schema is current", async () => {
  const strategy = parseStrategy(SHIPPED, "branches.yml");
  assertEquals(strategy.phases.map(({ phase, version }) => [phase, version]), [
    [1, "1.1.0"],
    [2, "1.2.0"],
    [3, "1.3.0"],
    [4, "2.0.0"],
  ]);
  assertEquals(strategy.branches.map(({ kind, into }) => [kind, into]), [
    ["phase", ["develop", "main"]],
    ["feature", ["develop"]],
    ["hotfix", ["main", "develop"]],
    ["release", ["main", "develop"]],
    ["experimental", []],
    ["benchmark", []],
  ]);
  assertEquals(JSON.parse(await Deno.readTextFile(SCHEMA)), JSON.parse(JSON.stringify(strategyJsonSchema())));
});

for (
  const [change, wanted] of [
    [
      ["from: main\n    into: [develop, main]", "from: mian\n    into: [develop, main]"],
      /branches\.yml:\d+:11: no long-lived branch is named "mian" \(Did you mean "main"\?\)|Did you mean "main"/,
    ],
    [["into: [main, develop]", "into: [main, devlop]"], /no long-lived branch is named "devlop"/],
    [["mainBy: push", "mainBy: pull"], /"mainBy" is "pull", and must be one of "push", "pull-request"/],
    [["version: 1.2.0", "version: 1.2"], /must be a version such as 1\.1\.0|must be text/],
    [["phase: 2,", "phase: 5,"], /phase 5 is in place 2/],
    [["kind: feature", "kind: hotfix"], /the kind "hotfix" is defined twice/],
    [["name: feature/{name}", "name: feature/{nmae}"], /no placeholder is named "nmae"/],
    [["remote: origin", "remot: origin"], /unknown key "remot"/],
    [["version: 1\n\nremote", "version: 2\n\nremote"], /version 2 is newer than this program/],
    [['gate: [deno, task, gate, --phase, "1", --quick]', "gate: deno task gate"], /must be a list of words/],
  ] as const
) {
  Deno.test(`parseStrategy() reports ${JSON.stringify(change[1])} with its place`, () => {
    assertStringIncludes(SHIPPED, change[0]);
    const error = assertThrows(() => parseStrategy(SHIPPED.replace(change[0], change[1]), "branches.yml"), ConfigError);
    assertEquals(wanted.test(`${error.message} ${error.hint}`), true, `${error.message} ${error.hint}`);
    assertEquals(/branches\.yml:[1-9]\d*:[1-9]/.test(error.message), true, error.message);
  });
}
