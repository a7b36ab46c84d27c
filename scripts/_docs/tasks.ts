import type { Command } from "../../lib/cli/mod.ts";
import { PERMISSION_SETS, type PermissionSet } from "./permission_sets.ts";

/** A task in deno.json. */
export interface Task {
  readonly description: string;
  readonly command: string;
}

/** How a command of the program is run as a task. */
interface TaskForm {
  /** Name of its permission set. */
  readonly permissions: string;
  /** Whether it gets the variables of config/tasks.env, which also limit the growth of memory in long runs. */
  readonly hasEnvFile?: boolean;
  /** Whether it needs the data of all commands, which only cli.ts can provide. */
  readonly whole?: boolean;
}

/** What starts the script of a task. Deno runs it in the root of the checkout; see `enterCallersFolder`. */
const RUN = ["deno", "run", "-q", "--no-prompt"];
/** Variables of tasks, from the root of the checkout. */
const ENV_FILE = "config/tasks.env";

/** The commands of the program, which is also installed. */
const PROGRAM: Readonly<Record<string, TaskForm>> = {
  "download": { permissions: "library", hasEnvFile: true },
  "update": { permissions: "library", hasEnvFile: true },
  "verify": { permissions: "library", hasEnvFile: true },
  "repair": { permissions: "library", hasEnvFile: true },
  "search": { permissions: "search", hasEnvFile: true },
  "list": { permissions: "local", hasEnvFile: true },
  "status": { permissions: "status" },
  "failsafe": { permissions: "local", hasEnvFile: true },
  "canary": { permissions: "local", hasEnvFile: true },
  "rollout": { permissions: "local", hasEnvFile: true },
  "deploy": { permissions: "local", hasEnvFile: true },
  "collect-metrics": { permissions: "local", hasEnvFile: true },
  "check-alerts": { permissions: "alerts", hasEnvFile: true },
  "alerts": { permissions: "alerts", hasEnvFile: true },
  "monitor": { permissions: "monitor", hasEnvFile: true },
  "heartbeat": { permissions: "heartbeat" },
  "doctor": { permissions: "doctor" },
  "handle-issue": { permissions: "issueReport" },
  "analyze-metrics": { permissions: "analyze", hasEnvFile: true },
  "analyze-errors": { permissions: "analyze", hasEnvFile: true },
  "tune-timeouts": { permissions: "analyze" },
  "health-check": { permissions: "doctor" },
  "install": { permissions: "install" },
  "rollback": { permissions: "rollback" },
  "memory-test": { permissions: "memory", whole: true },
  "debug-info": { permissions: "debugInfo", hasEnvFile: true },
  "emergency-test": { permissions: "demo" },
  "demo": { permissions: "demo" },
  "self-test": { permissions: "selfTest" },
  "sandbox": { permissions: "sandbox" },
  "config": { permissions: "look", whole: true },
  "completions": { permissions: "print", whole: true },
  "man": { permissions: "print", whole: true },
};

/** The commands that exist only in a checkout. */
const CHECKOUT: Readonly<Record<string, TaskForm>> = {
  "benchmark": { permissions: "benchmark" },
  "benchmark-compare": { permissions: "benchmark" },
  "check-regression": { permissions: "benchmark" },
  "benchmark-report": { permissions: "benchmark" },
  "stability": { permissions: "stability" },
  "paired-stability": { permissions: "stability" },
  "concurrency-test": { permissions: "stability" },
  "branch": { permissions: "branch" },
  "release": { permissions: "release" },
  "gate": { permissions: "gate" },
  "production-test": { permissions: "productionTest" },
  "checks": { permissions: "gate" },
  "profile": { permissions: "profiling" },
  "analyze-profile": { permissions: "profiling" },
  "dev-setup": { permissions: "gate" },
};

const FORMS: Readonly<Record<string, TaskForm>> = { ...PROGRAM, ...CHECKOUT };

/** Tasks of the repository that are no commands. */
const HOUSE_TASKS: Readonly<Record<string, Task>> = {
  ok: {
    description: "The same as `deno task checks`: all that one machine can run of CI in minutes",
    command: house("scripts/checks.ts", "gate"),
  },
  test: {
    description: "Run all tests, without a check of the types, which `deno task ok` does",
    command: house("scripts/run_tests.ts", "gate"),
  },
  "pre-commit": {
    description: "Check what is staged: format, lint and types of the changed files, and that no secret is among them",
    command: house("scripts/pre_commit.ts", "gate"),
  },
  docs: {
    description:
      "Generate tasks and permissions of deno.json, docs/commands.md, the manual page and schemas from the commands",
    command: house("scripts/docs.ts"),
  },
  site: {
    description: "Build the documentation site into dist/site/",
    command: house("scripts/site.ts"),
  },
  "workflow-lint": {
    description: "Find faults in the workflows of GitHub Actions",
    command: house("scripts/workflow_lint.ts", "checking"),
  },
  std: {
    description: "Switch @std between the local packages and JSR: std jsr, std local",
    command: house("scripts/std.ts"),
  },
  bundle: {
    description: "Bundle the program into one JavaScript file, dist/civitai-dl.js",
    command: "deno bundle -q --platform deno -o dist/civitai-dl.js cli.ts",
  },
  compile: {
    description: "Compile one executable in dist/ (--target for another system)",
    command: house("scripts/compile.ts"),
  },
  npm: {
    description: "Pack the program for npm: dist/npm/civitai-dl-VERSION.tgz",
    command: house("scripts/npm.ts", "npm"),
  },
  "image-files": {
    description: "Write the files of the container image; the Dockerfile starts it",
    command: house("scripts/image_files.ts", "packaging"),
  },
  "load-test": {
    description: "Fetch 10 000 files of 20 GiB ten times from nginx, and judge success, speed and memory",
    command: house("scripts/load_test.ts", "benchmark"),
  },
};

/** Create the tasks of deno.json: first the commands, each with its group, and then the tasks of the repository. */
export function tasksOf(commands: readonly Command[]): Readonly<Record<string, Task>> {
  const tasks: Record<string, Task> = {};
  for (const { name, group, summary } of commands) {
    const form = FORMS[name];
    if (form === undefined) {
      throw new TypeError(`Cannot make a task of "${name}": scripts/_docs/tasks.ts does not know it`);
    }
    tasks[name] = { description: `${group}: ${summary}`, command: commandOf(name, form) };
  }
  for (const [name, { description, command }] of Object.entries(HOUSE_TASKS)) {
    tasks[name] = { description: `Maintenance: ${description}`, command };
  }
  return tasks;
}

/** The names of the program's commands. */
export const PROGRAM_NAMES: readonly string[] = Object.keys(PROGRAM);

/** The names of all commands, with those of a checkout. */
export const COMMAND_NAMES: readonly string[] = Object.keys(FORMS);

/** The names of the tasks that exist only in a checkout. */
export const CHECKOUT_TASK_NAMES: readonly string[] = [...Object.keys(CHECKOUT), ...Object.keys(HOUSE_TASKS)];

/** The permissions of the task of a command; `name` is one of {@linkcode COMMAND_NAMES}. */
export function permissionsOf(name: string): PermissionSet {
  return PERMISSION_SETS[FORMS[name]!.permissions]!;
}

/** Return the flags of `deno run` with which the task of a command starts it: its permission set, and its variables. */
export function taskFlags(name: string, root: string): readonly string[] {
  const form = FORMS[name];
  if (form === undefined) throw new TypeError(`There is no task "${name}"`);
  return [setOf(form.permissions), ...form.hasEnvFile ? [`--env-file=${root}/${ENV_FILE}`] : []];
}

/**
 * Return the words with which the task of a command starts it, after the flags of `deno run`: its script, or the program
 * and its name.
 */
export function taskScript(name: string, root: string): readonly string[] {
  return FORMS[name]?.whole ? [`${root}/cli.ts`, name] : [`${root}/scripts/${name.replaceAll("-", "_")}.ts`];
}

function commandOf(name: string, form: TaskForm): string {
  const { permissions, hasEnvFile, whole } = form;
  const script = whole ? "cli.ts" : `scripts/${name.replaceAll("-", "_")}.ts`;
  const flags = [setOf(permissions), ...hasEnvFile ? [`--env-file=${ENV_FILE}`] : []];
  return [...RUN, ...flags, script, ...whole ? [name] : []].join(" ");
}

/** Build the command of a task that is no command of the program. */
function house(script: string, permissions = "house"): string {
  return [...RUN, setOf(permissions), script].join(" ");
}

function setOf(permissions: string): string {
  if (PERMISSION_SETS[permissions] === undefined) throw new TypeError(`There is no permission set "${permissions}"`);
  return `-P=${permissions}`;
}

/**
 * Replace tasks and permission sets in the text of deno.json; everything else remains unchanged.
 *
 * @returns The new text, not formatted
 */
export function withTasks(text: string, commands: readonly Command[]): string {
  const config = JSON.parse(text) as Record<string, unknown>;
  return JSON.stringify({ ...config, tasks: tasksOf(commands), permissions: PERMISSION_SETS });
}
