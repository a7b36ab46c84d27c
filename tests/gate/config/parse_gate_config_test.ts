import { assertEquals, assertStringIncludes, assertThrows } from "@std/assert";
import { ConfigError, parseGateConfig } from "../../../lib/gate/mod.ts";

const TWO = `version: 1
sources: [lib]
phases:
  - name: 1
    title: First
    conditions:
      - { id: lint, title: Lint, check: lint, quick: true, require: "= 0" }
      - id: timeout-rate
        title: Timeouts
        evidence: { schema: a/soak, maxAge: 14d, minDuration: 24h }
        claims: [timeout_rate]
        require: "< 1%"
        minCount: 299
  - name: 2
    title: Second
    extends: 1
    conditions:
      - { id: week, title: A week, evidence: { schema: a/soak }, claims: ["*"] }
`;

Deno.test("parseGateConfig() inherits the conditions of an earlier phase", () => {
  const { phases, sources, sourcesOf } = parseGateConfig(TWO);
  assertEquals([sources, sourcesOf], [["lib"], {}]);
  const [first, second] = phases;
  assertEquals(first!.conditions.map((one) => one.id), ["lint", "timeout-rate"]);
  assertEquals(second!.conditions.map((one) => `${one.phase}:${one.id}`), ["1:lint", "1:timeout-rate", "2:week"]);
  const { source, require, minCount } = second!.conditions[1]!;
  assertEquals([require?.value, minCount], [0.01, 299]);
  assertEquals(source, {
    type: "evidence",
    claims: ["timeout_rate"],
    demand: {
      schema: "a/soak",
      sameCommit: true,
      sources: ["lib"],
      sameMachine: false,
      maxAgeMs: 14 * 86_400_000,
      minDurationMs: 86_400_000,
      maxPauseMs: null,
      where: {},
      whereOf: {},
      proofWhere: {},
    },
  });
});

Deno.test("parseGateConfig() adds the sources of a report kind to its conditions", () => {
  const { phases } = parseGateConfig(TWO.replace("phases:", "sourcesOf: { a/soak: [lib/a, b.ts] }\nphases:"));
  const demands = phases[1]!.conditions.flatMap(({ source }) => source.type === "evidence" ? [source.demand] : []);
  assertEquals(demands.map((demand) => demand.sources), [["lib/a", "b.ts"], ["lib/a", "b.ts"]]);
});

function mistakeOf(text: string): string {
  const error = assertThrows(
    () => parseGateConfig(text, { file: "p.yml", checks: ["lint", "tests"] }),
    ConfigError,
  );
  assertEquals(error.exitCode, 2);
  return `${error.message} | ${error.hint ?? ""}`;
}

Deno.test.each(
  [
    ["quick: true", "quik: true", '7:47: unknown key "quik" | Did you mean "quick"?'],
    ["maxAge: 14d", "maxage: 14d", '10:37: unknown key "maxage" | Did you mean "maxAge"?'],
    ["maxAge: 14d", "maxAge: 1w", '10:45: "maxAge" is "1w", and must be a duration'],
    ["sources:", "source:", '2:1: unknown key "source"'],
    ["check: lint", "check: lnt", '7:41: no check is named "lnt" | Did you mean "lint"?'],
    [
      'require: "< 1%"',
      'require: "around 1%"',
      '12:18: "require" is "around 1%", and must be a comparison such as < 1%',
    ],
    ["minCount: 299", "judge: rate", '13:9: unknown key "judge"'],
    ["minCount: 299", "minCount: 0", '"minCount" is 0, and must be 1 or more'],
    ["extends: 1", "extends: 3", '16:14: no phase before this one is named "3"'],
    ["- name: 2", "- name: 1", '14:11: the phase "1" is defined twice'],
    ["id: week", "id: timeout-rate", 'the condition "timeout-rate" is also in phase 1'],
    ["check: lint, ", "", 'the condition "lint" must have either check: or evidence:'],
    ["title: A week, ", "", '18:9: the key "title" is missing'],
    ["claims: [timeout_rate]", "", "names no claims of the report | Add claims: [NAME]"],
    ["version: 1", "version: 2", "1:10: version 2 is newer than this program"],
    ["  - name: 2", "\t- name: 2", "14:1: a tab indents the line"],
  ] as const,
)("parseGateConfig() reports the place: %j to %j", (old, replacement, expected) => {
  const broken = TWO.replace(old, replacement);
  assertEquals(broken === TWO, false);
  assertStringIncludes(mistakeOf(broken), expected);
});

Deno.test("parseGateConfig() reports all errors at once, in the order of the file", () => {
  const broken = TWO.replace("minCount: 299", "minCount: x").replace("quick:", "quik:").replace(
    'claims: ["*"]',
    "claims: x",
  );
  assertEquals([...mistakeOf(broken).matchAll(/p\.yml:(\d+):/g)].map(([, line]) => Number(line)), [7, 13, 18]);
});

Deno.test.each(["", "[]", "version: 1", "a: &x 1\nb: *x", "version: 1\n---\nversion: 1\n"])(
  "parseGateConfig(%j) throws a usage error",
  (text) => {
    assertStringIncludes(mistakeOf(text), "Cannot use p.yml:");
  },
);
