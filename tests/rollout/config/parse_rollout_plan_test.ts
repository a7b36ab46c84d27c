import { assertEquals, assertThrows } from "@std/assert";
import { fileURLToPath } from "node:url";
import { ConfigError } from "../../../lib/config/mod.ts";
import { DEFAULT_RULES, parseRolloutPlan, rolloutJsonSchema } from "../../../lib/rollout/mod.ts";

const read = (path: string) => Deno.readTextFileSync(fileURLToPath(new URL(`../../../${path}`, import.meta.url)));
const ALTERNATIVES = ["stable", "resilient", "parallel", "turbo"];

const HEAD = "version: 1\nname: turbo\nfrom: stable\nto: turbo\n";
const LAST = "  - setWeight: 100\n";

function problemsOf(text: string): readonly string[] {
  const error = assertThrows(
    () => parseRolloutPlan(text, { file: "rollout.yml", alternatives: ALTERNATIVES }),
    ConfigError,
  );
  assertEquals(error.code, "usage");
  return error.mistakes.map(({ line, column, message, hint = "" }) => `${line}:${column}: ${message} (${hint})`);
}

Deno.test("config/rollout.yml: 10 % → analysis → pause of an hour → 50 % → analysis → 100 %", () => {
  const plan = parseRolloutPlan(read("config/rollout.yml"), { alternatives: ALTERNATIVES });
  assertEquals(plan, {
    name: "turbo",
    salt: "turbo",
    from: "stable",
    to: "turbo",
    rules: DEFAULT_RULES,
    steps: [
      { type: "weight", percentage: 10 },
      { type: "analysis" },
      { type: "pause", durationMs: 3_600_000 },
      { type: "weight", percentage: 50 },
      { type: "analysis" },
      { type: "weight", percentage: 100 },
    ],
  });
});

Deno.test("config/rollout.schema.json equals the schema of the parser", () => {
  assertEquals(JSON.parse(read("config/rollout.schema.json")), rolloutJsonSchema());
});

Deno.test("parseRolloutPlan() takes fractions and pauses without an end", () => {
  const { steps, salt } = parseRolloutPlan(
    `${HEAD}salt: other\nsteps:\n  - setWeight: 0.01\n  - analysis: {}\n` +
      `  - pause: until-promoted\n  - pause: 90\n${LAST}`,
  );
  assertEquals([salt, ...steps], [
    "other",
    { type: "weight", percentage: 0.01 },
    { type: "analysis" },
    { type: "pause", durationMs: null },
    { type: "pause", durationMs: 90_000 },
    { type: "weight", percentage: 100 },
  ]);
});

Deno.test("parseRolloutPlan() names line, column and correction of each mistake", () => {
  const cases: readonly (readonly [text: string, problems: readonly string[]])[] = [
    [`${HEAD}steps:\n  - setWeigth: 10\n${LAST}`, ['6:5: unknown key "setWeigth" (Did you mean "setWeight"?)']],
    [`${HEAD}stepz: []\n`, ['5:1: unknown key "stepz" (Did you mean "steps"?)']],
    [`${HEAD}steps:\n  - setWeight: 101\n${LAST}`, ['6:16: "setWeight" is 101, and must be 100 or less ()']],
    [`${HEAD}steps:\n  - setWeight: -1\n${LAST}`, ['6:16: "setWeight" is -1, and must be 0 or more ()']],
    [`${HEAD}steps:\n  - setWeight: 0.001\n${LAST}`, [
      '6:16: "setWeight" is 0.001, and must have at most two decimals ()',
    ]],
    [`${HEAD}steps:\n  - setWeight: ten\n${LAST}`, [
      '6:16: "setWeight" is "ten", and must be a number from 0 to 100 ()',
    ]],
    [`${HEAD}steps:\n  - setWeight: .nan\n${LAST}`, [
      '6:16: "setWeight" is NaN, and must be a number from 0 to 100 ()',
    ]],
    [`${HEAD}steps:\n  - { setWeight: 10, pause: 1h }\n${LAST}`, [
      "6:5: the step has the keys setWeight and pause, and must have one of setWeight, analysis, pause ()",
    ]],
    [`${HEAD}steps:\n  - {}\n${LAST}`, [
      "6:5: the step has no key, and must have one of setWeight, analysis, pause ()",
    ]],
    [`${HEAD}steps:\n  - setWeight: 10\n  - pause: soon\n${LAST}`, [
      '7:12: "pause" is "soon", and must be a duration such as 30s, 5m, 1h or 7d, or until-promoted ()',
    ]],
    [`${HEAD}steps:\n  - setWeight: 10\n  - pause: 1h\n  - setWeight: 10\n  - pause: 1h\n${LAST}`, [
      "8:16: 10 is not above the weight before it, 10 ()",
    ]],
    [`${HEAD}steps:\n  - setWeight: 10\n${LAST}`, [
      "6:5: nothing waits at 10 % (Add analysis: {} or a pause after it)",
    ]],
    [`${HEAD}steps:\n  - setWeight: 10\n`, ["6:5: the last step is not setWeight: 100 (End with setWeight: 100)"]],
    [`${HEAD}steps:\n  - pause: 1h\n${LAST}`, ["6:5: the first step sets no weight (Begin with setWeight: 10)"]],
    [`${HEAD}steps:\n  - setWeight: 0\n  - analysis: {}\n${LAST}`, [
      "7:5: the analysis cannot end: the canary gets nothing yet (Put it after a setWeight between 0 and 100)",
    ]],
    [`${HEAD}steps: []\n`, ['5:8: "steps" is an empty list, and must have a step ()']],
    [`${HEAD}thresholds: { healthy: 5% }\nsteps:\n${LAST}`, [
      '5:13: "failing" is not above "healthy" (5%) ()',
    ]],
    [`${HEAD}thresholds: { alpha: 0.025 }\nsteps:\n${LAST}`, [
      '5:22: "alpha" is 0.025, and must be a share with a percent sign, such as 5% ()',
    ]],
    [`version: 1\nname: turbo\nfrom: stable\nto: tubro\nsteps:\n${LAST}`, [
      '4:5: "to" is "tubro", which does not exist (Did you mean "turbo"?)',
    ]],
    [`version: 1\nname: turbo\nfrom: turbo\nto: turbo\nsteps:\n${LAST}`, [
      '4:5: "to" is the same as "from": nothing would change ()',
    ]],
    [`version: 2\nname: turbo\nfrom: stable\nto: turbo\nsteps:\n${LAST}`, [
      "1:10: version 2 is newer than this program (Update the program, or write version: 1)",
    ]],
  ];
  for (const [text, problems] of cases) assertEquals(problemsOf(text), problems, text);
});
