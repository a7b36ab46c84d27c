import { createRedactor, type Env, type Redactor, systemEnv } from "../../base/mod.ts";
import { ClosedOutputError, guardOutput } from "../terminal/closed_output_error.ts";
import { type CarriedFlag, carryFlags } from "../help/carry_flags.ts";
import type { Command, Program } from "../command/command.ts";
import { findEarlyFlags } from "./_find_early_flags.ts";
import { type BeforeRun, type Frame, runCommand, type StopHint } from "./_run_command.ts";
import type { LoadConfig } from "../command/config_values.ts";
import { decideColor } from "../terminal/decide_color.ts";
import { describeError } from "../errors/describe_error.ts";
import type { ErrorDescription } from "../errors/error_description.ts";
import { Interruption } from "./interruption.ts";
import type { Io } from "../terminal/io.ts";
import type { ParsedCommand } from "../command/parse_command.ts";
import { loadCommand } from "../command/load_command.ts";
import type { NameCommands } from "../name_commands.ts";
import { renderCommandLine } from "../help/render_command_line.ts";
import { renderError } from "../errors/render_error.ts";
import { renderHelp } from "../help/render_help.ts";
import { resolveCommand } from "../command/resolve_command.ts";
import { systemIo } from "../terminal/system_io.ts";

export type { BeforeRun };

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
  /** Asks the command to stop cleanly; its reason must be an `Interruption`. */
  readonly signal?: AbortSignal | undefined;
  /** Aborts just before an immediate exit of the process, so that progress lines are cleared. */
  readonly halt?: AbortSignal | undefined;
  /**
   * The words that start the program, without its arguments, for hints that repeat the command line.
   *
   * @default {the program's name}
   */
  readonly started?: readonly string[] | undefined;
  /**
   * Rewrites the commands in all text for the reader into those that the reader can type, such as `nameCommands` does.
   *
   * @default {text stays as it is}
   */
  readonly nameCommands?: NameCommands | undefined;
  /** Finds and reads the configuration file; without it, no file is read. */
  readonly loadConfig?: LoadConfig | undefined;
  /**
   * Called with a command and its context just before it runs; an error ends the command.
   *
   * @default {nothing is done}
   */
  readonly beforeRun?: BeforeRun | undefined;
  /**
   * Called with an error that is written to standard error now, so that nobody has to read it there.
   *
   * @default {nothing is done}
   */
  readonly onFailure?: ((failure: ErrorDescription) => void) | undefined;
  /**
   * Removes secrets from all output.
   *
   * @default {a redactor that does not know the secrets of this run}
   */
  readonly redact?: Redactor | undefined;
}

/**
 * Run a program's command line: parse, run, print the result or the error. Neither exits nor handles signals, so tests
 * can call it with a `MemoryIo`.
 *
 * @returns The exit code; 0 if the reader of standard output closed it early
 */
export async function execute(
  program: Program,
  argv: readonly string[],
  options: ExecuteOptions = {},
): Promise<number> {
  const { env = systemEnv, signal = new AbortController().signal, redact = createRedactor() } = options;
  const commandLine = renderCommandLine([...options.started ?? [program.name], ...argv]);
  let carried: readonly CarriedFlag[] = [];
  const nameCommands: NameCommands = (text) => {
    const complete = carryFlags(text, program.name, { flags: carried, commandLine });
    return options.nameCommands?.(complete) ?? complete;
  };
  const io = guardOutput(options.io ?? systemIo);
  let stopHint = `Run again with: ${commandLine}`;
  const stop: StopHint = {
    get: () => stopHint,
    set: (hint) => {
      stopHint = hint;
    },
  };
  const onParsed = (command: Command, parsed: ParsedCommand): void => {
    carried = findCarried(command, parsed);
  };
  return await handleRequest(
    program,
    argv,
    { ...options, env, signal, redact, nameCommands, onParsed, io, commandLine, stop },
  ).catch((error: unknown) => {
    if (error instanceof ClosedOutputError) return 0;
    // The abort may surface as any error, but the user needs the reason for the abort.
    const isStopped = signal.aborted && signal.reason instanceof Interruption;
    const shown = isStopped ? new Interruption(signal.reason.signal, stopHint) : error;
    return reportFailure(shown, argv, { ...options, nameCommands });
  });
}

/** Find the flags that were typed and apply to other commands too; those of environment and configuration do anyway. */
function findCarried({ flags = [] }: Command, { sourceOf, values }: ParsedCommand): readonly CarriedFlag[] {
  return flags.flatMap(({ name, short, carriedTo }) => {
    if (carriedTo === undefined || sourceOf(name) !== "flag") return [];
    const { value } = values.get(name)!;
    if (value === false) return [];
    return [{ name, short, value: value === true ? null : String(value), names: carriedTo }];
  });
}

/**
 * Write an error to standard error, as JSON if `argv` contains `--json`, otherwise as text.
 *
 * @param argv The words after the program's name, which need not be valid
 */
export function reportFailure(
  error: unknown,
  argv: readonly string[],
  options: Pick<ExecuteOptions, "env" | "io" | "redact" | "nameCommands" | "onFailure">,
): number {
  const { env = systemEnv, io = systemIo, redact = createRedactor(), nameCommands, onFailure } = options;
  const { json, verbose, color: flag } = findEarlyFlags(argv);
  const color = decideColor({ flag, env, isTerminal: io.errIsTerminal });
  const failure = describeError(error);
  onFailure?.(failure);
  io.writeErr(renderError(error, { json, verbose, color, redact, nameCommands }));
  return failure.exit;
}

async function handleRequest(
  program: Program,
  argv: readonly string[],
  frame: Frame,
): Promise<number> {
  const { env, io, nameCommands } = frame;
  const request = resolveCommand(program, argv);
  const { color: flag } = findEarlyFlags(argv);
  const help = { width: io.width(), color: decideColor({ flag, env, isTerminal: io.outIsTerminal }) };
  switch (request.type) {
    case "version":
      io.writeOut(`${program.name} ${program.version}\n`);
      return 0;
    case "program-help":
      io.writeOut(nameCommands(renderHelp(program, help)));
      return 0;
    case "command-help": {
      const command = await loadCommand(request.command);
      const { isComplete = false } = request;
      io.writeOut(nameCommands(renderHelp(command, { ...help, program, isComplete })));
      return 0;
    }
    case "command": {
      const command = await loadCommand(request.command);
      return await runCommand({ program, command, argv: request.argv }, frame);
    }
  }
}
