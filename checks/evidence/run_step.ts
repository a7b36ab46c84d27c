import { join } from "node:path";
import { exists } from "@std/fs";
import { KitError } from "../../lib/base/mod.ts";
import type { EvidenceStep, StepState } from "./evidence_step.ts";

/** Options of {@linkcode runStep}. */
export interface RunStepOptions {
  /** Root folder of the checkout. */
  readonly root: string;
  /** Path of the report. */
  readonly path: string;
  /** What is to be done. */
  readonly state: Exclude<StepState, "done">;
  /** Stops the command cleanly: it keeps what it has done. */
  readonly signal: AbortSignal;
}

/** Exit codes with which a command has made its report: it passed, failed, or is open. */
const MADE = [0, 1, 3];
/** The same after a signal. */
const STOPPED = [130, 143];

/**
 * Run the command of a step as its task does, and wait for its end. Its output goes to where that of this process goes.
 *
 * @param step The step
 * @param options Where, and whether it continues
 * @returns Whether it was stopped before its end
 * @throws {KitError} `failed` if it ended without a report
 */
export async function runStep(step: EvidenceStep, options: RunStepOptions): Promise<"made" | "stopped"> {
  const { root, path, state, signal } = options;
  const { tasks } = JSON.parse(await Deno.readTextFile(join(root, "deno.json")));
  const [program, ...args] = commandOf(step, { command: tasks[step.words[0]!].command, root, path, state });
  const child = new Deno.Command(program!, { args, cwd: root, stdin: "null", stdout: "inherit", stderr: "inherit" })
    .spawn();
  const stop = (): void => {
    try {
      child.kill("SIGTERM");
    } catch {
      // It has just ended.
    }
  };
  signal.addEventListener("abort", stop, { once: true });
  if (signal.aborted) stop();
  try {
    const { code } = await child.status;
    if (MADE.includes(code) && await exists(path)) return "made";
    if (STOPPED.includes(code)) return "stopped";
    throw new KitError(
      "failed",
      `Cannot make "${step.id}": "deno task ${step.words.join(" ")}" ended with ${code} and no report`,
      {
        hint: "Its message says why; what was made before is kept",
      },
    );
  } finally {
    signal.removeEventListener("abort", stop);
  }
}

/** How a command is put together from its task. */
export interface CommandFacts extends Pick<RunStepOptions, "root" | "path" | "state"> {
  /** The command of the task in deno.json. */
  readonly command: string;
}

/**
 * Build the command line of a step: the program with the permissions of its task, without the shell that the task needs.
 *
 * @param step The step
 * @param facts Task, folder, report
 * @returns The program and its arguments
 */
export function commandOf(
  { words }: Pick<EvidenceStep, "words">,
  { command, root, path, state }: CommandFacts,
): readonly string[] {
  const flags = command.slice(command.indexOf("deno run") + "deno run".length).trim().split(" ")
    .map((word) => word.replaceAll('"', "").replaceAll("$ROOT", root));
  const [, ...args] = words;
  // A run that goes on has all other settings from its report.
  const rest = state === "to continue" ? ["--resume", path] : [...args, "--output", path];
  return [Deno.execPath(), "run", ...flags, ...rest];
}
