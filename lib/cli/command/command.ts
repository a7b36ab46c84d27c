import type { Env } from "../../base/mod.ts";
import type { Display } from "../terminal/display.ts";
import type { Exits } from "./exit_notes.ts";
import type { Flag, FlagSource, FlagValue } from "./flag.ts";
import type { FlagsOf } from "./typed_flags.ts";
import type { Io } from "../terminal/io.ts";

/** A positional argument. */
export interface ArgSpec {
  /** The name in help and errors, such as `TARGET`. */
  readonly name: string;
  /** A one-line description for `--help`. */
  readonly summary: string;
  /** Whether it takes all remaining words; only allowed for the last argument. */
  readonly multiple?: boolean;
  /** Whether at least one word must be given. */
  readonly required?: boolean;
  /** The allowed words; if absent, any word is allowed. */
  readonly choices?: readonly string[];
  /** Words that completions offer although any word is allowed. Like `choices`, they are recorded: none is a secret. */
  readonly suggestions?: readonly string[];
  /** Whether it is a path, so that completions offer files. */
  readonly path?: boolean;
}

/** An example command line for help and the manual page. */
export interface Example {
  /** The complete command line, such as `civitai-dl verify ./models`. */
  readonly command: string;
  /** What the command line does, in one line. */
  readonly summary: string;
}

/** Permissions by name, in the form that deno.json has under `permissions`. */
export type Permissions = Readonly<Record<string, true | readonly string[]>>;

/** Flags that every command has. */
export interface GlobalFlags {
  /** Print the result as one JSON document. */
  readonly json: boolean;
  /** Print the result and errors only. */
  readonly quiet: boolean;
  /** Print details. */
  readonly verbose: boolean;
  /** Path of the configuration file, if the program has such a flag. */
  readonly config?: string | undefined;
}

/** Flag values whose names and types are not known. */
export type AnyFlags = Readonly<Record<string, FlagValue | undefined>>;

/** The argument of `run`. `Flags` is the type of the command's own flag values, see {@linkcode FlagsOf}. */
export interface CommandContext<Flags = AnyFlags> {
  /** The flag values by their names in camelCase. */
  readonly flags: Flags & GlobalFlags;
  /** The positional arguments, in order. */
  readonly args: readonly string[];
  /** Returns the source of a flag's value; `undefined` if the flag has no value. */
  readonly sourceOf: (name: string) => FlagSource | undefined;
  /** Aborts with a `KitError` of code `interrupted` when the user or the system asks the run to stop. */
  readonly signal: AbortSignal;
  /** The command line as typed, for hints to run it again. It may contain secrets; only the display removes them. */
  readonly commandLine: string;
  /**
   * Sets the hint for a run that is stopped from now on, if running it again is not the way to go on; it replaces "Run
   * again with: …".
   */
  readonly setStopHint: (hint: string) => void;
  /** Reads environment variables. */
  readonly env: Env;
  /** Standard input, output and error. */
  readonly io: Io;
  /** Why the configuration file is not used, for a command that `worksWithoutConfig`; otherwise `null`. */
  readonly configError: Error | null;
  /** The program that the command belongs to; its commands may not be imported yet. */
  readonly program: Program;
  /** Writes log lines and progress to standard error, and applies `--quiet`, `--json`, `--verbose` and `--color`. */
  readonly display: Display;
}

/** How to render a result as text. */
export interface RenderOptions {
  /** Columns of the terminal; `Infinity` if the output is not a terminal, so that nothing is truncated. */
  readonly width: number;
  /** Whether to use colors. */
  readonly color: boolean;
}

/**
 * A command as data: parsing, help, completions and the manual page are all derived from it. Use
 * {@linkcode defineCommand} to create a command with typed flags.
 */
export interface Command<Flags extends readonly Flag[] = readonly Flag[]> {
  /** The verb, kebab-case. */
  readonly name: string;
  /** What the command does, in one line without a period. */
  readonly summary: string;
  /** The description in help: paragraphs separated by empty lines. */
  readonly description?: string;
  /** More paragraphs, shown only in the manual page and by `--help --all`. */
  readonly details?: string;
  /** The heading under which the program's help lists the command; "Commands" if absent. */
  readonly group?: string;
  /**
   * The permissions that it needs: its own, or the name of a set that commands share. What starts the command is made
   * with them; the command itself cannot widen them.
   */
  readonly permissions?: string | Permissions;
  /**
   * Whether it works on the other commands of its program, so that it cannot run alone.
   *
   * @default {false}
   */
  readonly needsProgram?: boolean;
  /** The positional arguments, in order. */
  readonly args?: readonly ArgSpec[];
  /** The command's own flags, in addition to the program's and the global ones. */
  readonly flags?: Flags;
  /** Sets of mutually exclusive flags, by name. */
  readonly excludes?: readonly (readonly string[])[];
  /**
   * Sets of flags and arguments, by name, whose values add up to one answer, such as what to fetch. If a source gives any
   * of a set, what sources of lower precedence give of it does not count.
   */
  readonly unions?: readonly (readonly string[])[];
  /**
   * Whether it also runs if the configuration file cannot be used, with a warning and without its settings: for commands
   * that are needed when something is broken.
   *
   * @default {false}
   */
  readonly worksWithoutConfig?: boolean;
  /** Example command lines. */
  readonly examples?: readonly Example[];
  /**
   * The exit codes that it can end with, each with a meaning of its own or `true` for the common one, in addition to
   * those of every command; see {@linkcode exitNotes}.
   */
  readonly exits?: Exits;
  /** Run the command; returns plain data, an `Outcome`, or nothing. */
  run(context: CommandContext<FlagsOf<Flags>>): Promise<unknown>;
  /**
   * Whether the text of a result is a document that others read too, such as a manual page or rules for another
   * program: it names commands by the program's name, whatever the reader would type here.
   */
  isDocument?(result: unknown): boolean;
  /** Render the result as text; the parameter may be narrowed to the type that the command's own `run` returns. */
  render?(result: unknown, options: RenderOptions): string | Promise<string>;
}

/** A command whose module is imported only when the command is used. */
export interface LazyCommand extends Pick<Command, "name" | "summary" | "group"> {
  /** Import the command. */
  readonly load: () => Promise<Command>;
}

/** A program with verbs, as data. */
export interface Program {
  /** The name, as the user types it. */
  readonly name: string;
  /** The version, for `--version`. */
  readonly version: string;
  /** What the program does, in one line. */
  readonly summary: string;
  /** The description in help: paragraphs separated by empty lines. */
  readonly description?: string;
  /** The commands, in the order that help shows. */
  readonly commands: readonly (Command | LazyCommand)[];
  /** The name of the command that receives all arguments if the first word is not a verb. */
  readonly defaultCommand?: string;
  /** Flags of every command of this program, in addition to `GLOBAL_FLAGS`. */
  readonly flags?: readonly Flag[];
  /** Example command lines. */
  readonly examples?: readonly Example[];
  /**
   * Words that are never passed to the default command, such as the verbs of other programs. Each maps to an
   * explanation for the error message.
   */
  readonly foreignWords?: ReadonlyMap<string, string>;
  /** Returns the hint for a rejected word, which explains how to pass it to the default command anyway. */
  readonly typoHint?: (word: string) => string;
}

/** A program whose commands are all imported, as {@linkcode loadProgram} returns it. */
export interface LoadedProgram extends Program {
  /** The complete commands. */
  readonly commands: readonly Command[];
}

/** Define a command. The types of its flag values are derived from its flag definitions. */
export function defineCommand<const Flags extends readonly Flag[] = readonly []>(
  command: Command<Flags>,
): Command<Flags> {
  return command;
}
