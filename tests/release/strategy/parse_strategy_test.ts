import { assertEquals, assertStringIncludes, assertThrows } from "@std/assert";
import { ConfigError } from "../../../lib/config/mod.ts";
import { DEFAULT_TAG_FORMS } from "../../../lib/installation/mod.ts";
import { matchBranch, parseStrategy, strategyJsonSchema } from "../../../lib/release/mod.ts";

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
  assertEquals(strategy.lines.map(({ name, phase }) => [name, phase]), [
    ["1.0", null],
    ["1.1", 1],
    ["1.2", 2],
    ["1.3", 3],
    ["2.0", 4],
  ]);
  assertEquals(strategy.tagForms, DEFAULT_TAG_FORMS);
  assertEquals(strategy.branches.map(({ kind, into }) => [kind, into]), [
    ["develop", ["main"]],
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
    [["line: 1.2.x", "line: 1.2"], /must be a line of versions such as 1\.1\.x|must be text/],
    [["line: 1.2.x", "line: 1.1.x"], /1\.1\.x comes after 1\.1\.x/],
    [["line: 2.0.x", "line: 0.9.x"], /0\.9\.x comes after 1\.3\.x \(Write the oldest|Write the oldest/],
    [["phase: 2 }", "phase: 5 }"], /phase 5 is in place 2/],
    [[", gate: [deno, task, checks] }", " }"], /the line 1\.0\.x has no phase, and gates of stages need one/],
    [["tag: v{version}-beta", "tag: v{version}-aaa"], /the version 1\.1\.0-aaa does not come after 1\.1\.0-alpha/],
    [["tag: v{version}-beta", "tag: v{version}"], /the version 1\.1\.0-rc\.1 does not come after 1\.1\.0/],
    [["tag: v{version}-alpha", "tag: alpha-{version}"], /is not a form of the tags of "alpha"/],
    [["tag: v{version}-rc.{number}", "tag: v{version}-rc{number}"], /is not a form of the tags of "candidate"/],
    [["tag: v{version}-beta", "tag: v{version}-beta_1"], /without the v it must be a version/],
    [["stage: alpha", "stage: candidate"], /"beta" comes after "candidate"/],
    [["stage: stable", "stage: release"], /"stage" is "release", and must be one of "alpha"/],
    [
      ['release/v{version}-beta"]\n    from: main\n    into: [main, develop]', 'x-{version}"]\n    from: main'],
      /a release is not merged into main first/,
    ],
    [["kind: feature", "kind: hotfix"], /the kind "hotfix" is defined twice/],
    [["name: feature/{name}", "name: feature/{nmae}"], /no placeholder is named "nmae"/],
    [["name: feature/{name}", "name: feature/{name"], /must have braces only around a placeholder, such as \{name\}/],
    [["name: feature/{name}", "name: feature/.{name}"], /must not have a part that begins with "\."/],
    [["name: feature/{name}", 'name: "feature {name}"'], /must not contain a space/],
    [["name: performance/phase{phase}", "name: performance/work"], /\{version\} does not follow from the name "perf/],
    [["main: main", "main: ma..in"], /must not contain "\.\."/],
    [["main: main", "main: HEAD"], /must not be HEAD or @/],
    [["develop: develop", "develop: develop.lock"], /must not have a part that ends with "\.lock"/],
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

Deno.test("parseStrategy() takes every name that git takes", () => {
  const text = SHIPPED.replace("main: main", "main: 幹").replaceAll("from: main", "from: 幹")
    .replaceAll(/into: \[(.*?)\bmain\b(.*?)\]/g, "into: [$1幹$2]").replace("feature/{name}", "作業+/-{name}😀");
  const strategy = parseStrategy(text, "branches.yml");
  assertEquals([strategy.main, strategy.branches[1]!.into], ["幹", ["develop", "幹"]]);
  assertEquals(matchBranch(strategy, "作業+/-監視😀")?.words.name, "監視");
});
