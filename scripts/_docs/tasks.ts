import type { Command, Permissions } from "../../lib/cli/mod.ts";
import { CHECKOUT_GROUP, scriptOf } from "./list_commands.ts";
import { PERMISSION_SETS } from "./permission_sets.ts";

/** A task in deno.json. */
export interface Task {
  readonly description: string;
  readonly command: string;
}

/** What starts the script of a task. Deno runs it in the root of the checkout; see `enterCallersFolder`. */
const RUN = ["deno", "run", "-q", "--no-prompt"];
/** Variables of the program's tasks, which also limit the growth of memory in long runs. */
const ENV_FILE = "config/tasks.env";

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
  for (const command of commands) {
    const { name, group, summary } = command;
    tasks[name] = { description: `${group}: ${summary}`, command: startOf(command) };
  }
  for (const [name, { description, command }] of Object.entries(HOUSE_TASKS)) {
    tasks[name] = { description: `Maintenance: ${description}`, command };
  }
  return tasks;
}

/** The names of the tasks that are no commands. */
export const HOUSE_TASK_NAMES: readonly string[] = Object.keys(HOUSE_TASKS);

/** The permissions of the task of a command. */
export function permissionsOf({ name, permissions }: Command): Permissions {
  if (typeof permissions === "object") return permissions;
  const sets: Readonly<Record<string, Permissions>> = PERMISSION_SETS;
  const set = sets[permissions ?? ""];
  if (set === undefined) {
    throw new TypeError(
      `Cannot make a task of "${name}": its permissions are "${permissions}", which is no set of permission_sets.ts`,
    );
  }
  return set;
}

/** All permission sets: those that commands share, and those of single commands, which have the names of these. */
export function permissionSetsOf(commands: readonly Command[]): Readonly<Record<string, Permissions>> {
  const own = commands.filter(({ permissions }) => typeof permissions === "object");
  return { ...PERMISSION_SETS, ...Object.fromEntries(own.map((command) => [command.name, permissionsOf(command)])) };
}

/** What starts a command: its script, or the whole program if it needs that. */
function startOf(command: Command): string {
  permissionsOf(command);
  const { name, group, permissions, needsProgram = false } = command;
  const set = typeof permissions === "string" ? permissions : name;
  // The launchers of the installed program set the same.
  const variables = group === CHECKOUT_GROUP ? [] : [`--env-file=${ENV_FILE}`];
  const words = needsProgram ? ["cli.ts", name] : [`scripts/${scriptOf(command)}`];
  return [...RUN, `-P=${set}`, ...variables, ...words].join(" ");
}

/** Build the command of a task that is no command of the program. */
function house(script: string, permissions: keyof typeof PERMISSION_SETS = "house"): string {
  return [...RUN, `-P=${permissions}`, script].join(" ");
}

/**
 * Replace tasks and permission sets in the text of deno.json; everything else remains unchanged.
 *
 * @returns The new text, not formatted
 */
export function withTasks(text: string, commands: readonly Command[]): string {
  const config = JSON.parse(text) as Record<string, unknown>;
  return JSON.stringify({ ...config, tasks: tasksOf(commands), permissions: permissionSetsOf(commands) });
}
