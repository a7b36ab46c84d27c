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
  /** Whether to load config/telemetry.env, which may configure an OpenTelemetry collector. */
  readonly telemetry?: boolean;
  /** Whether it may run for hours. If so, it is started with the V8 flags that limit memory growth. */
  readonly longRun?: boolean;
  /** Whether it needs the data of all commands, which only cli.ts can provide. */
  readonly whole?: boolean;
}

/** The commands of the program, which is also installed. */
const PROGRAM: Readonly<Record<string, TaskForm>> = {
  "download": { permissions: "library", telemetry: true, longRun: true },
  "update": { permissions: "library", telemetry: true, longRun: true },
  "verify": { permissions: "library", telemetry: true, longRun: true },
  "repair": { permissions: "library", telemetry: true, longRun: true },
  "search": { permissions: "search", telemetry: true },
  "list": { permissions: "local", telemetry: true },
  "status": { permissions: "status" },
  "failsafe": { permissions: "local", telemetry: true },
  "canary": { permissions: "local", telemetry: true },
  "rollout": { permissions: "local", telemetry: true },
  "deploy": { permissions: "local", telemetry: true },
  "collect-metrics": { permissions: "local", telemetry: true },
  "check-alerts": { permissions: "alerts", telemetry: true },
  "alerts": { permissions: "alerts", telemetry: true },
  "monitor": { permissions: "monitor", telemetry: true },
  "heartbeat": { permissions: "heartbeat" },
  "doctor": { permissions: "doctor" },
  "handle-issue": { permissions: "issueReport" },
  "analyze-metrics": { permissions: "analyze", longRun: true },
  "analyze-errors": { permissions: "analyze", longRun: true },
  "tune-timeouts": { permissions: "analyze" },
  "health-check": { permissions: "doctor" },
  "install": { permissions: "install" },
  "rollback": { permissions: "rollback" },
  "memory-test": { permissions: "memory", whole: true },
  "debug-info": { permissions: "debugInfo", longRun: true },
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
    command: fromHere("checking", "$ROOT/scripts/workflow_lint.ts"),
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
    command: fromHere("house", "$ROOT/scripts/compile.ts"),
  },
  npm: {
    description: "Pack the program for npm: dist/npm/civitai-dl-VERSION.tgz",
    command: fromHere("npm", "$ROOT/scripts/npm.ts"),
  },
  "image-files": {
    description: "Write the files of the container image; the Dockerfile starts it",
    command: fromHere("packaging", "$ROOT/scripts/image_files.ts"),
  },
  "load-test": {
    description: "Fetch 10 000 files of 20 GiB ten times from nginx, and judge success, speed and memory",
    command: fromHere("benchmark", "$ROOT/scripts/load_test.ts"),
  },
};

/**
 * Create the tasks of deno.json: first the commands, each with its group, and then the tasks of the repository.
 *
 * @param commands Every command of a checkout
 * @returns Tasks by name
 */
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

/**
 * Return the flags of `deno run` with which the task of a command starts it: its permission set, and its V8 flags.
 *
 * @param name A name of {@linkcode COMMAND_NAMES}
 * @param root Folder of the checkout
 * @returns The flags
 */
export function taskFlags(name: string, root: string): readonly string[] {
  const form = FORMS[name];
  if (form === undefined) throw new TypeError(`There is no task "${name}"`);
  return [setOf(form.permissions), ...runFlags(form, `${root}/config/telemetry.env`)];
}

/**
 * Return the words with which the task of a command starts it, after the flags of `deno run`: its script, or the program
 * and its name.
 *
 * @param name A name of {@linkcode COMMAND_NAMES}
 * @param root Folder of the checkout
 * @returns The words before its own arguments
 */
export function taskScript(name: string, root: string): readonly string[] {
  return FORMS[name]?.whole ? [`${root}/cli.ts`, name] : [`${root}/scripts/${name.replaceAll("-", "_")}.ts`];
}

function commandOf(name: string, form: TaskForm): string {
  const [script = "", ...rest] = taskScript(name, "$ROOT");
  const flags = runFlags(form, '"$ROOT/config/telemetry.env"');
  return [fromHere(form.permissions, script, flags), ...rest].join(" ");
}

function runFlags({ telemetry, longRun }: TaskForm, envFile: string): readonly string[] {
  return [
    ...telemetry ? [`--env-file=${envFile}`] : [],
    ...longRun ? ["--v8-flags=--max-semi-space-size=2,--heap-growing-percent=20"] : [],
  ];
}

/**
 * Build a command that runs in the caller's working directory, because paths on the command line are relative to it.
 */
function fromHere(permissions: string, script: string, flags: readonly string[] = []): string {
  const command = ["deno", "run", "-q", "--no-prompt", setOf(permissions), ...flags, `"${script}"`];
  return `ROOT=$PWD && cd "$INIT_CWD" && ${command.join(" ")}`;
}

/** Build a command that runs in the root of the checkout. */
function house(script: string, permissions = "house"): string {
  return ["deno", "run", "-q", "--no-prompt", setOf(permissions), script].join(" ");
}

function setOf(permissions: string): string {
  if (PERMISSION_SETS[permissions] === undefined) throw new TypeError(`There is no permission set "${permissions}"`);
  return `-P=${permissions}`;
}

/**
 * Replace tasks and permission sets in the text of deno.json; everything else remains unchanged.
 *
 * @param text The text of deno.json
 * @param commands Every command of a checkout
 * @returns The new text, not formatted
 */
export function withTasks(text: string, commands: readonly Command[]): string {
  const config = JSON.parse(text) as Record<string, unknown>;
  return JSON.stringify({ ...config, tasks: tasksOf(commands), permissions: PERMISSION_SETS });
}
