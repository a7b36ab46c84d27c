import { type Clock, createRedactor, type Env, type Redactor, systemEnv } from "../../base/mod.ts";
import { ClosedOutput, guardOutput } from "../terminal/closed_output.ts";
import { earlyWishes } from "./_early_wishes.ts";
import { type Frame, runCommand } from "./_run_command.ts";
import type { LoadConfig } from "./config_values.ts";
import { decideColor } from "../terminal/decide_color.ts";
import { describeError } from "../errors/describe_error.ts";
import { Interruption } from "./interruption.ts";
import type { Io } from "../terminal/io.ts";
import { loadCommand } from "./load_command.ts";
import type { Program } from "./program.ts";
import { renderCommandLine } from "../help/render_command_line.ts";
import { renderError } from "../errors/render_error.ts";
import { renderHelp } from "../help/render_help.ts";
import { resolveCommand } from "./resolve_command.ts";
import { systemIo } from "../terminal/system_io.ts";
import type { Ticker } from "../terminal/system_ticker.ts";

/** Options of {@linkcode execute}. */
export interface ExecuteOptions {
  /**
   * Reads the environment.
   *
   * @default {systemEnv}
   */
  readonly env?: Env | undefined;
  /**
   * Standard input, output and error.
   *
   * @default {systemIo}
   */
  readonly io?: Io | undefined;
  /** Asks the command to stop, with an `Interruption` as its reason. */
  readonly signal?: AbortSignal | undefined;
  /** Aborts just before the process ends at once, so that progress bars are cleared. */
  readonly halt?: AbortSignal | undefined;
  /**
   * The words with which the user starts the program, without the arguments.
   *
   * @default {the program's name}
   */
  readonly started?: readonly string[] | undefined;
  /** Finds the configuration file; without it there is none. */
  readonly loadConfig?: LoadConfig | undefined;
  /**
   * Removes secrets from all that is written.
   *
   * @default {a redactor that knows no secret of this run}
   */
  readonly redact?: Redactor | undefined;
  /**
   * For progress.
   *
   * @default {systemClock}
   */
  readonly clock?: Clock | undefined;
  /**
   * For progress.
   *
   * @default {systemTicker}
   */
  readonly ticker?: Ticker | undefined;
}

/**
 * Run a program's command line to its end: parse, run, print. Needs no process, so tests call it.
 *
 * @param program The program
 * @param argv The words after the program's name
 * @param options Seams
 * @returns The exit code
 */
export async function execute(
  program: Program,
  argv: readonly string[],
  options: ExecuteOptions = {},
): Promise<number> {
  const { env = systemEnv, signal = new AbortController().signal, redact = createRedactor() } = options;
  const io = guardOutput(options.io ?? systemIo);
  const commandLine = renderCommandLine([...options.started ?? [program.name], ...argv]);
  try {
    return await answer(program, argv, { ...options, env, signal, redact, io, commandLine });
  } catch (error) {
    if (error instanceof ClosedOutput) return 0;
    // Whatever the abort broke on its way out, the reason is what the user should read.
    const isStopped = signal.aborted && signal.reason instanceof Interruption;
    const shown = isStopped ? new Interruption(signal.reason.signal, commandLine) : error;
    return reportFailure(shown, argv, options);
  }
}

/**
 * Write an error to standard error, as text or as JSON with `--json`.
 *
 * @param error What was thrown
 * @param argv The words after the program's name
 * @param options Seams
 * @returns The exit code
 */
export function reportFailure(
  error: unknown,
  argv: readonly string[],
  options: Pick<ExecuteOptions, "env" | "io" | "redact">,
): number {
  const { env = systemEnv, io = systemIo, redact = createRedactor() } = options;
  const { json, verbose, color: flag } = earlyWishes(argv);
  const color = decideColor({ flag, env, isTerminal: io.errIsTerminal });
  io.writeErr(renderError(error, { json, verbose, color, redact }));
  return describeError(error).exit;
}

async function answer(program: Program, argv: readonly string[], frame: Frame): Promise<number> {
  const { env, io } = frame;
  const request = resolveCommand(program, argv);
  const { color: flag } = earlyWishes(argv);
  const help = { width: io.width(), color: decideColor({ flag, env, isTerminal: io.outIsTerminal }) };
  switch (request.type) {
    case "version":
      io.writeOut(`${program.name} ${program.version}\n`);
      return 0;
    case "program-help":
      io.writeOut(renderHelp(program, help));
      return 0;
    case "command-help":
      io.writeOut(renderHelp(await loadCommand(request.command), { ...help, program }));
      return 0;
    case "command":
      return await runCommand({ program, command: await loadCommand(request.command), argv: request.argv }, frame);
  }
}
