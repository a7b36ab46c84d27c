import { type Env, EXIT_CODES, KitError, type Redactor } from "../../base/mod.ts";
import type { Command, CommandContext, Program } from "../command/command.ts";
import type { ConfigValues, LoadConfig } from "../command/config_values.ts";
import { decideColor } from "../terminal/decide_color.ts";
import { findConfigPath } from "../command/find_config_path.ts";
import { describeError } from "../errors/describe_error.ts";
import type { ErrorDescription } from "../errors/error_description.ts";
import { Display } from "../terminal/display.ts";
import { Interruption } from "./interruption.ts";
import type { Io } from "../terminal/io.ts";
import { mergeFlags } from "../command/merge_flags.ts";
import type { NameCommands } from "../name_commands.ts";
import { Outcome } from "./outcome.ts";
import { parseCommand, type ParsedCommand } from "../command/parse_command.ts";
import { renderDescription } from "../errors/render_error.ts";
import { renderResult } from "./render_result.ts";

/** What a run that is stopped says about going on. */
export interface StopHint {
  readonly get: () => string;
  readonly set: (hint: string) => void;
}

/** The options of one execution, with all defaults applied. */
export interface Frame {
  readonly env: Env;
  readonly io: Io;
  readonly signal: AbortSignal;
  readonly halt?: AbortSignal | undefined;
  readonly commandLine: string;
  readonly stop: StopHint;
  readonly redact: Redactor;
  readonly nameCommands: NameCommands;
  /** Told of the arguments when they are known to be valid, before the command runs. */
  readonly onParsed: (command: Command, parsed: ParsedCommand) => void;
  readonly loadConfig?: LoadConfig | undefined;
  readonly beforeRun?: BeforeRun | undefined;
  readonly onFailure?: ((failure: ErrorDescription) => void) | undefined;
}

/** What a program does before any of its commands runs. An error ends the command. */
export type BeforeRun = (command: Command, context: CommandContext) => Promise<void>;

/** A command to run, its program, and the arguments without the verb. */
export interface Call {
  readonly program: Program;
  readonly command: Command;
  readonly argv: readonly string[];
}

/** Parse the arguments, run the command and print its result; returns the exit code. */
export async function runCommand(call: Call, frame: Frame): Promise<number> {
  const { program, command } = call;
  const { env, io, signal, halt, redact, nameCommands, commandLine, stop } = frame;
  const { parsed, configError } = await parseWithConfig(call, frame);
  frame.onParsed(command, parsed);
  const { flags } = parsed;
  const flag = parsed.sourceOf("color") === undefined ? undefined : flags.color === true;
  const { json } = flags;
  const errColor = decideColor({ flag, env, isTerminal: io.errIsTerminal });
  const display = new Display({
    ...frame,
    json,
    quiet: flags.quiet,
    verbose: flags.verbose,
    color: errColor,
  });
  const notice = "Stopping cleanly: press Ctrl-C again (or resend the signal) to stop immediately";
  // A pending prompt ends its line in its own abort listener: print the notice after that.
  const reportStopping = () => queueMicrotask(() => display.notice(notice));
  signal.addEventListener("abort", reportStopping, { once: true });
  const clear = () => {
    display.close();
    if (halt?.reason instanceof Interruption) display.notice(`Stopped immediately. ${stop.get()}`);
  };
  halt?.addEventListener("abort", clear, { once: true });
  try {
    signal.throwIfAborted();
    if (configError !== null) display.notice(`warning: The configuration is not used: ${configError.message}`);
    const context = { ...parsed, configError, signal, commandLine, setStopHint: stop.set, program, env, io, display };
    await frame.beforeRun?.(command, context);
    const returned = await command.run(context);
    display.close();
    const outcome = returned instanceof Outcome ? returned : new Outcome(returned, undefined);
    const { result } = outcome;
    // A result may be streamed while it is printed, so it is disposed of only afterwards.
    using _open = isDisposable(result) ? result : undefined;
    const color = decideColor({ flag, env, isTerminal: io.outIsTerminal });
    // Lines are truncated for terminals only, never in a pipe or file.
    const width = io.outIsTerminal ? io.width() : Infinity;
    const pieces = renderResult(command, result, { json, redact, nameCommands, program: program.name, width, color });
    for await (const piece of pieces) io.writeOut(piece);
    const end = describeEnd(outcome, frame);
    if (end === null) return outcome.exitCode ?? 0;
    frame.onFailure?.(end);
    // Where the result is read by the same person, it says this already.
    const isRead = result !== undefined && io.outIsTerminal && io.errIsTerminal;
    if (!isRead) io.writeErr(renderDescription(end, { json, color: errColor, redact, nameCommands }));
    return end.exit;
  } finally {
    display.close();
    signal.removeEventListener("abort", reportStopping);
    halt?.removeEventListener("abort", clear);
  }
}

/**
 * Describe why a command with a result ends with another code than 0, for those who read standard error only; `null` if
 * it ends with 0, or its result alone says why.
 */
function describeEnd({ exitCode, reason }: Outcome, { signal, stop }: Frame): ErrorDescription | null {
  if (exitCode === undefined && signal.aborted) {
    return describeError(
      signal.reason instanceof Interruption ? new Interruption(signal.reason.signal, stop.get()) : signal.reason,
    );
  }
  const exit = exitCode ?? 0;
  if (exit === 0 || reason === undefined) return null;
  return {
    code: Object.entries(EXIT_CODES).find(([, number]) => number === exit)?.[0] ?? "failed",
    exit,
    message: reason.message,
    hint: reason.hint,
    language: reason.language,
    causes: [],
    stack: undefined,
  };
}

function isDisposable(result: unknown): result is Disposable {
  return typeof result === "object" && result !== null && Symbol.dispose in result;
}

interface Parsed {
  readonly parsed: ParsedCommand;
  readonly configError: Error | null;
}

/** Parse the arguments with the configuration; without it, if it cannot be used and the command works without. */
async function parseWithConfig(call: Call, frame: Frame): Promise<Parsed> {
  const { program, command, argv } = call;
  const { env } = frame;
  const parse = (config?: ConfigValues): ParsedCommand =>
    parseCommand(command, argv, { env, config, shared: program.flags });
  try {
    return { parsed: parse(await findConfig(call, frame)), configError: null };
  } catch (error) {
    if (command.worksWithoutConfig !== true || !(error instanceof KitError)) throw error;
    // A mistake in the arguments is thrown again.
    return { parsed: parse(), configError: error };
  }
}

/**
 * Load the configuration file. It may set any flag, so `--config` is read before all other flags. If the command
 * defines its own `--config` with another meaning, the file is searched for in the default locations.
 */
async function findConfig(call: Call, frame: Frame): Promise<ConfigValues | undefined> {
  const { program, command, argv } = call;
  const { env, loadConfig, signal } = frame;
  if (loadConfig === undefined) return undefined;
  if (command.flags?.some((flag) => flag.name === "config")) return await loadConfig(command, undefined, { signal });
  const path = findConfigPath(argv, mergeFlags(command.flags ?? [], program.flags), env);
  return await loadConfig(command, path, { signal });
}
