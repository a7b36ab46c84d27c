import { asProgram } from "./as_program.ts";
import type { Command } from "./command.ts";
import { execute, type ExecuteOptions } from "./execute.ts";
import { INTERRUPT_CODES, Interruption } from "./interruption.ts";
import type { Program } from "./program.ts";

/** Options of {@linkcode runMain}. */
export interface RunMainOptions extends Omit<ExecuteOptions, "signal"> {
  /**
   * The words after the program.
   *
   * @default {Deno.args}
   */
  readonly argv?: readonly string[];
}

/**
 * Run a program, or one command by itself, and end the process with its exit code. A first signal asks the run to stop
 * cleanly; a second one ends it at once. The only function that installs signal handlers and exits.
 *
 * @param target A program or a command
 * @param options Arguments and seams
 */
export async function runMain(target: Program | Command, options: RunMainOptions = {}): Promise<never> {
  const { argv = Deno.args, ...seams } = options;
  const controller = new AbortController();
  const handled: Deno.Signal[] = Deno.build.os === "windows" ? ["SIGINT", "SIGBREAK"] : ["SIGINT", "SIGTERM", "SIGHUP"];
  for (const name of handled) {
    Deno.addSignalListener(name, () => {
      if (controller.signal.aborted) Deno.exit(INTERRUPT_CODES[name]);
      controller.abort(new Interruption(name));
    });
  }
  Deno.exit(await execute(asProgram(target), argv, { ...seams, signal: controller.signal }));
}
