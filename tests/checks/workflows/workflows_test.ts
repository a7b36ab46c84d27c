import { assert, assertEquals } from "@std/assert";
import { exists } from "@std/fs";
import { parse } from "@std/yaml";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import changes from "../../../.github/rulesets/changes.json" with { type: "json" };
import config from "../../../deno.json" with { type: "json" };

const ROOT = fileURLToPath(new URL("../../../", import.meta.url));

interface Step {
  readonly uses?: string;
  readonly run?: string;
  readonly with?: Readonly<Record<string, unknown>>;
}

interface Job {
  readonly needs?: readonly string[];
  readonly permissions?: Readonly<Record<string, string>>;
  readonly strategy?: { readonly matrix: Readonly<Record<string, readonly string[]>> };
  readonly steps?: readonly Step[];
}

interface Workflow {
  readonly on: Readonly<Record<string, unknown>>;
  readonly permissions?: Readonly<Record<string, string>>;
  readonly jobs: Readonly<Record<string, Job>>;
}

/** The jobs that may write something, and what. */
const WRITERS: Readonly<Record<string, readonly string[]>> = {
  comment: ["pull-requests"],
  "publish-jsr": ["id-token"],
  "publish-npm": ["id-token"],
  "publish-image": ["packages", "id-token", "attestations"],
  "publish-site": ["pages", "id-token"],
  "publish-release": ["contents", "id-token", "attestations"],
};

/** A script with each value that its matrix gives it. */
function scriptsOf({ strategy, steps = [] }: Job): readonly string[] {
  return steps.flatMap(({ run = "" }) => {
    const [, name] = /\$\{\{ matrix\.(\w+) \}\}\.ts/.exec(run) ?? [];
    return name === undefined ? [run] : strategy!.matrix[name]!.map((value) => run.replace(/\$\{\{.*?\}\}/, value));
  });
}

const files = (await Array.fromAsync(Deno.readDir(join(ROOT, ".github/workflows")))).map(({ name }) => name);
for (const file of files.toSorted()) {
  const text = await Deno.readTextFile(join(ROOT, ".github/workflows", file));
  const { on, permissions, jobs } = parse(text) as Workflow;
  const steps = Object.values(jobs).flatMap((job) => job.steps ?? []);

  Deno.test(`${file}: every task and script that it names exists`, async () => {
    const scripts = Object.values(jobs).flatMap(scriptsOf).join("\n");
    for (const [, task] of scripts.matchAll(/\bdeno task (?:-q )?([\w-]+)/g)) assert(task! in config.tasks, task);
    for (const [path] of scripts.matchAll(/(?:\.github\/scripts|scripts|tests)\/[\w/.-]+\.(?:sh|ts)/g)) {
      assert(await exists(join(ROOT, path)), path);
    }
  });

  Deno.test(`${file}: every action is pinned to a commit, with its version beside it`, () => {
    for (const [, action] of text.matchAll(/\buses: (.+)$/gm)) {
      assert(action!.startsWith("./.github/") || /^[\w./-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$/.test(action!), action);
    }
  });

  Deno.test(`${file}: no job has more rights than it needs`, () => {
    assertEquals(permissions, {});
    assert(!("pull_request_target" in on));
    for (const [name, job] of Object.entries(jobs)) {
      assert(job.permissions !== undefined, name);
      const writes = Object.keys(job.permissions).filter((right) => job.permissions![right] !== "read");
      assertEquals([name, writes], [name, WRITERS[name] ?? []]);
    }
    for (const { uses = "", with: inputs } of steps) {
      if (uses.startsWith("actions/checkout@")) assertEquals(inputs?.["persist-credentials"], false);
    }
  });

  Deno.test(`${file}: what others can name, such as a branch, reaches a script through env only`, () => {
    for (const { run = "", with: inputs } of steps) {
      for (const [expression] of `${run}${inputs?.script ?? ""}`.matchAll(/\$\{\{.*?\}\}/gs)) {
        assert(/^\$\{\{ matrix\.\w+ \}\}$/.test(expression), expression);
      }
    }
  });

  Deno.test(`${file}: a job that judges all others needs each of them`, () => {
    for (const [name, { needs }] of Object.entries(jobs)) {
      if (name !== "all-checks" && name !== "released") continue;
      assertEquals(needs, Object.keys(jobs).filter((other) => other !== name));
    }
  });
}

Deno.test("the rules of GitHub require the job of ci.yml that judges all others", async () => {
  const required = changes.rules.flatMap(({ parameters }) => parameters.required_status_checks);
  assertEquals(required, [{ context: "all-checks" }]);
  const { jobs } = parse(await Deno.readTextFile(join(ROOT, ".github/workflows/ci.yml"))) as Workflow;
  assert("all-checks" in jobs);
});
