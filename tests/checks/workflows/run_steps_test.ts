import { assertEquals, assertStringIncludes } from "@std/assert";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { program as lazyProgram } from "../../../cli.ts";
import { type Command, CONFIG_FLAG, loadProgram, parseCommand } from "../../../lib/cli/mod.ts";
import { hasProgram } from "../../helpers/has_program.ts";
import { inTempDir } from "../../helpers/temp_dir.ts";
import { actWorkflow } from "../../helpers/workflows/act_workflow.ts";
import { readWorkflow } from "../../helpers/workflows/read_workflow.ts";

const ROOT = fileURLToPath(new URL("../../../", import.meta.url));
// The scripts are written for the programs of Linux, on which almost all jobs run.
const canClone = Deno.build.os === "linux" && await hasProgram("git", "-C", ROOT, "rev-parse", "HEAD");

/** Values of expressions in each workflow. */
const GITHUB = {
  "ref_name": "main",
  ref: "refs/heads/main",
  token: "none",
  actor: "somebody",
  repository: "civitai-dl/civitai-dl",
};
const CONTEXTS: Readonly<Record<string, readonly Readonly<Record<string, unknown>>[]>> = {
  "ci.yml": [{ github: { ...GITHUB, "ref_name": "performance/phase2" } }],
  "benchmark.yml": [{
    github: GITHUB,
    inputs: { baseline_branch: "main", target_branch: "feature/a b; $(exit 9)", duration: "30m" },
  }],
  "stability_sitting.yml": ["first", "last"].map((turn) => ({
    github: GITHUB,
    inputs: { runner: "self-hosted", turn, limit: "5h", duration: "24h", report: "day" },
  })),
  "release.yml": [{
    github: { ...GITHUB, "ref_name": "v1.1.0" },
    secrets: { RELEASE_SIGNING_KEY: "none", RELEASE_SIGNING_KEY_NEXT: "" },
  }],
  // They have no scripts for a shell.
  "benchmark_comment.yml": [],
  "stability.yml": [],
};

/** Clone the repository, with the present text of its tracked files. */
async function makeClone(folder: string): Promise<string> {
  const clone = join(folder, "clone");
  const script = [
    'git clone -q --shared --no-tags "$ROOT" "$CLONE"',
    'git -C "$ROOT" diff HEAD --binary | git -C "$CLONE" apply --allow-empty --index -',
    'git -C "$CLONE" -c user.name=t -c user.email=t@t commit -q --allow-empty --no-verify -m present',
    // The tag for which release.yml is acted.
    'git -C "$CLONE" -c user.name=t -c user.email=t@t tag -a -m v1.1.0 v1.1.0',
  ].join("\n");
  const { code, stderr } = await new Deno.Command("bash", {
    args: ["-e", "-o", "pipefail", "-c", script],
    env: { ROOT, CLONE: clone },
  }).output();
  assertEquals(code, 0, new TextDecoder().decode(stderr));
  return clone;
}

/** Tasks that are commands of Deno itself. */
const TASKS_OF_DENO = ["test", "bundle"];

/** Find the command of a task: one of the program, or a script of the repository. */
async function findCommand(task: string): Promise<Command> {
  const program = await loadProgram(lazyProgram);
  const known = program.commands.find(({ name }) => name === task);
  if (known !== undefined) return known;
  const script = new URL(`../../../scripts/${task.replaceAll("-", "_")}.ts`, import.meta.url);
  return (await import(script.href) as { readonly command: Command }).command;
}

const FLAGS_OF_DENO: Readonly<Record<string, readonly string[]>> = {
  ci: [],
  publish: ["--dry-run", "--allow-dirty"],
};

/** Explain why a call of `deno` in a workflow would not work; `null` if it would. */
async function explainCall(clone: string, [verb, ...words]: readonly string[]): Promise<string | null> {
  const config = JSON.parse(await Deno.readTextFile(join(clone, "deno.json")));
  if (verb === "run") {
    const set = words.find((word) => word.startsWith("-P="))?.slice(3);
    if (set !== undefined && config.permissions[set] === undefined) return `there is no permission set ${set}`;
    const file = words.find((word) => !word.startsWith("-"))!;
    const isMade = file.endsWith("dist/civitai-dl.js");
    const isFile = await Deno.stat(join(clone, file)).then((stat) => stat.isFile, () => false);
    return isMade || isFile ? null : `there is no ${file}`;
  }
  if (verb !== "task") {
    const allowed = FLAGS_OF_DENO[verb!];
    return allowed === undefined
      ? `deno ${verb} is not expected`
      : words.find((word) => !allowed.includes(word)) ?? null;
  }
  const [task, ...args] = words[0] === "-q" ? words.slice(1) : words;
  if (config.tasks[task!] === undefined) return `there is no task ${task}`;
  if (TASKS_OF_DENO.includes(task!) || task === "std") return null;
  try {
    parseCommand(await findCommand(task!), args, { shared: [CONFIG_FLAG] });
    return null;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

Deno.test("every workflow has values for its expressions in this test", async () => {
  const names: string[] = [];
  for await (const { name } of Deno.readDir(join(ROOT, ".github", "workflows"))) names.push(name);
  assertEquals(names.toSorted(), Object.keys(CONTEXTS).toSorted());
});

Deno.test({
  name: "every script of the workflows runs in a clean clone, and asks for what exists",
  ignore: !canClone,
  fn: () =>
    inTempDir(async (folder) => {
      const clone = await makeClone(folder);
      const calls = new Map<string, readonly (readonly string[])[]>();
      for (const [name, all] of Object.entries(CONTEXTS)) {
        const workflow = await readWorkflow(name);
        const place = join(folder, name);
        for (const contexts of all) {
          const { steps, denoCalls, artifactProblems } = await actWorkflow(workflow, {
            clone,
            folder: place,
            contexts,
          });
          assertEquals(steps.filter(({ code }) => code !== 0), [], name);
          assertEquals(artifactProblems, [], name);
          calls.set(name, denoCalls);
        }
      }
      const sums = await Deno.readTextFile(join(folder, "release.yml", "artifacts", "release", "SHA256SUMS"));
      const listed = sums.split("\n").flatMap((line) => /\.(deb|tgz|cdx\.json)$/.exec(line)?.[1] ?? []);
      assertEquals(listed.toSorted(), ["cdx.json", "deb", "tgz"]);
      const problems: string[] = [];
      for (const call of [...calls.values()].flat()) {
        const problem = await explainCall(clone, call);
        if (problem !== null) problems.push(`deno ${call.join(" ")}: ${problem}`);
      }
      assertEquals(problems, []);
      // The phase comes from the name of the branch; the name of a branch is text, whatever is in it.
      const callOf = (name: string, task: string) => calls.get(name)!.filter((call) => call[1] === task);
      const report = "reports/benchmark-phase-2.json";
      assertEquals(callOf("ci.yml", "benchmark"), [["task", "benchmark", "--phase", "2", "--output", report]]);
      // Whole downloads are judged, too, by as many runs as find 10 %.
      const performance = callOf("ci.yml", "benchmark-compare");
      assertEquals(performance.map((call) => call.slice(2, 11)), [
        ["--baseline", "origin/main", "--target", "HEAD", "--threshold", "0.05", "--downloads", "--runs", "30"],
      ]);
      const [compare] = callOf("benchmark.yml", "benchmark-compare");
      assertEquals(compare!.slice(3, 9).filter((word) => !word.startsWith("--")), [
        "origin/main",
        "origin/feature/a b; $(exit 9)",
        "30m",
      ]);
      // The second sitting continues the report of the first.
      assertEquals(callOf("stability_sitting.yml", "stability").map((call) => call.slice(2, 4)), [
        ["--duration", "24h"],
        ["--resume", "reports/stability-day.json"],
      ]);
    }),
});

Deno.test({
  name: "every task that a workflow names starts in a clean clone",
  ignore: !canClone,
  fn: () =>
    inTempDir(async (folder) => {
      const clone = await makeClone(folder);
      const scripts: string[] = [];
      for (const name of Object.keys(CONTEXTS)) {
        scripts.push(...(await readWorkflow(name)).jobs.flatMap(({ steps }) => steps).map(({ run }) => run));
      }
      for await (const { name } of Deno.readDir(join(ROOT, ".github", "scripts"))) {
        scripts.push(await Deno.readTextFile(join(ROOT, ".github", "scripts", name)));
      }
      const named = scripts.join("\n").matchAll(/\bdeno task (?:-q )?([\w-]+)/g);
      const tasks = [...new Set([...named].map(([, task]) => task!))].filter((task) => task !== "std");
      const run = async (args: readonly string[]): Promise<string> => {
        const env = { CI: "true", NO_COLOR: "1" };
        const { code, stdout, stderr } = await new Deno.Command(Deno.execPath(), { args: [...args], cwd: clone, env })
          .output();
        assertEquals(code, 0, `${args.join(" ")}: ${new TextDecoder().decode(stderr)}`);
        return new TextDecoder().decode(stdout);
      };
      // The first command of every job; the lock file must fit deno.json.
      await run(["ci"]);
      for (const task of tasks) assertStringIncludes(await run(["task", "-q", task, "--help"]), "Usage:", task);
      assertStringIncludes(await run(["task", "-q", "std", "jsr"]), "@std comes from jsr now");
    }),
});
