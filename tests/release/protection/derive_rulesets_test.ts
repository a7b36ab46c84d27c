import { assertEquals, assertThrows } from "@std/assert";
import { KitError } from "../../../lib/base/mod.ts";
import { readYaml } from "../../../lib/config/mod.ts";
import { deriveRulesets, parseRuleset, parseStrategy, requiredChecks, type Ruleset } from "../../../lib/release/mod.ts";

const ROOT = new URL("../../../", import.meta.url);
const STRATEGY = await Deno.readTextFile(new URL("config/branches.yml", ROOT));
const WORKFLOW = await Deno.readTextFile(new URL(".github/workflows/ci.yml", ROOT));
const strategy = parseStrategy(STRATEGY, "branches.yml");

function rulesets(text: string, checks: readonly string[] = ["tests"]): Readonly<Record<string, Ruleset>> {
  const files = deriveRulesets(parseStrategy(text, "branches.yml"), { checks });
  return Object.fromEntries(files.map(({ file, ruleset }) => [file, ruleset]));
}

Deno.test("the rulesets of this repository are those of its strategy: deno task branch protect --write", async () => {
  const folder = new URL(".github/rulesets/", ROOT);
  const found: Record<string, Ruleset> = {};
  for await (const { name } of Deno.readDir(folder)) {
    found[name] = parseRuleset(await Deno.readTextFile(new URL(name, folder)), name);
  }
  assertEquals(found, rulesets(STRATEGY, requiredChecks(strategy, WORKFLOW)));
});

Deno.test("requiredChecks() names jobs of this repository that every pull request runs", () => {
  const { jobs, on } = readYaml(WORKFLOW).value as {
    readonly jobs: Readonly<Record<string, { readonly if?: string; readonly name?: string }>>;
    readonly on: { readonly pull_request: { readonly branches: readonly string[] } };
  };
  const checks = requiredChecks(strategy, WORKFLOW);
  assertEquals(checks.filter((check) => !(check in jobs)), []);
  // GitHub takes a skipped job for a success.
  assertEquals(checks.map((check) => jobs[check]!.if), ["always()"]);
  assertEquals(on.pull_request.branches, [strategy.main, strategy.develop]);
});

Deno.test("deriveRulesets() lets those finish branches who may, and nobody lose history", () => {
  const { "history.json": history, "main.json": main, "develop.json": develop, "tags.json": tags } = rulesets(STRATEGY);
  const typesOf = (ruleset: Ruleset | undefined) => ruleset?.rules.map(({ type }) => type);
  assertEquals(typesOf(history), ["deletion", "non_fast_forward"]);
  assertEquals(history?.conditions.ref_name.include, ["refs/heads/main", "refs/heads/develop"]);
  assertEquals([history?.bypass_actors, tags?.bypass_actors], [[], []]);
  assertEquals(typesOf(main), ["required_status_checks"]);
  assertEquals([main, develop].map((one) => one?.bypass_actors.map((actor) => actor.actor_id)), [[2, 5], [2, 5]]);
  assertEquals(typesOf(tags), ["deletion", "non_fast_forward", "update"]);
  assertEquals(tags?.conditions.ref_name.include, ["refs/tags/v*"]);
});

Deno.test("deriveRulesets() lets nobody push to a main that changes by pull request", () => {
  const text = STRATEGY.replace("mainBy: push", "mainBy: pull-request").replace("approvals: 1", "approvals: 2");
  const { "main.json": main, "develop.json": develop } = rulesets(text);
  assertEquals(main?.rules.map(({ type }) => type), ["pull_request", "required_status_checks"]);
  assertEquals(main?.rules[0]?.parameters?.required_approving_review_count, 2);
  // A finished branch is recognized by its commits, which other methods replace.
  assertEquals(main?.rules[0]?.parameters?.allowed_merge_methods, ["merge"]);
  assertEquals(main?.bypass_actors, []);
  assertEquals(develop?.bypass_actors.length, 2);
});

Deno.test("deriveRulesets() follows names and tags of the strategy, and needs no protection section", () => {
  const text = STRATEGY.replace(/protection:\n(?: .*\n)+/, "").replace("main: main", "main: trunk")
    .replaceAll(/\bmain\b(?=[\],\n])/g, "trunk").replace(
      "tag: v{version}-phase{phase}",
      "tag: phase-{phase}-{version}",
    );
  const found = rulesets(text, []);
  assertEquals(Object.keys(found), ["history.json", "tags.json"]);
  assertEquals(found["history.json"]?.conditions.ref_name.include, ["refs/heads/trunk", "refs/heads/develop"]);
  assertEquals(found["tags.json"]?.conditions.ref_name.include, ["refs/tags/v*", "refs/tags/phase-*-*"]);
});

for (
  const [change, message] of [
    [(text: string) => text.replace("  all-checks:", "  all-check:"), /no such job.*Did you mean all-check\?/],
    [(text: string) => text.replace(/ {2}pull_request:\n.*\n/, ""), /does not run for pull requests into main/],
    [
      (text: string) =>
        text.replace("pull_request:\n    branches: [main, develop]", "pull_request:\n    branches: main"),
      /does not run for pull requests into develop/,
    ],
    [
      (text: string) => text.replace("  all-checks:\n", "  all-checks:\n    strategy: { matrix: { os: [a] } }\n"),
      /several/,
    ],
    [(text: string) => text.replace("jobs:", "job:"), /the key "jobs" is missing|unknown key/],
  ] as const
) {
  Deno.test(`requiredChecks() refuses a check that would never be reported: ${message}`, () => {
    const error = assertThrows(() => requiredChecks(strategy, change(WORKFLOW)), KitError);
    assertEquals(message.test(`${error.message} ${error.hint}`), true, `${error.message} ${error.hint}`);
  });
}

Deno.test("requiredChecks() uses the name of a job, and knows every form of a trigger", () => {
  // The name of ours depends on the event: where the check counts, it is the id.
  assertEquals(requiredChecks(strategy, WORKFLOW), ["all-checks"]);
  const named = WORKFLOW.replace(
    /( {2}all-checks:\n(?: {4}#.*\n)*) {4}name: >-\n(?: {6}.*\n)+/,
    "$1    name: All checks\n",
  );
  assertEquals(requiredChecks(strategy, named), ["All checks"]);
  for (const trigger of ["on: pull_request", "on: [push, pull_request]", "on:\n  pull_request:"]) {
    const text = WORKFLOW.replace(/on:\n(?: .*\n)+/, `${trigger}\n`);
    assertEquals(requiredChecks(strategy, text).length, 1);
  }
});
