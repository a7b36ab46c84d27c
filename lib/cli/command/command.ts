import type { Env } from "../../base/mod.ts";
import type { Display } from "../terminal/display.ts";
import type { Flag, FlagSource } from "./flag.ts";
import type { FlagValues } from "./flag_values.ts";
import type { Io } from "../terminal/io.ts";

/** A positional argument. */
export interface ArgSpec {
  /** As help writes it, such as `TARGET`. */
  readonly name: string;
  /** One line for `--help`. */
  readonly summary: string;
  /** Takes all that follow; only the last argument may. */
  readonly multiple?: boolean;
  /** At least one must be given. */
  readonly required?: boolean;
  /** The allowed words. */
  readonly choices?: readonly string[];
  /** Whether completions offer files. */
  readonly path?: boolean;
}

/** A command line that works, and what it does. */
export interface Example {
  /** The whole line, such as `civitai-dl verify ./models`. */
  readonly command: string;
  /** One line. */
  readonly summary: string;
}

/** What `run` receives. */
export interface CommandContext {
  /** The flags' values, by typed getters. */
  readonly flags: FlagValues;
  /** The positional arguments, in order. */
  readonly args: readonly string[];
  /** Where a flag's value came from; `undefined` when it has none. */
  readonly given: (name: string) => FlagSource | undefined;
  /** Aborts with a `KitError("interrupted")` when the user or the system asks to stop. */
  readonly signal: AbortSignal;
  /** What the user typed, for hints to type it again; it may hold secrets that only the display removes. */
  readonly commandLine: string;
  /** The environment. */
  readonly env: Env;
  /** Standard input, output and error. */
  readonly io: Io;
  /** Log lines and progress on standard error, as `--quiet`, `--json`, `--verbose` and `--color` say. */
  readonly display: Display;
}

/** How a result is to be shown. */
export interface RenderOptions {
  /** Columns of the terminal; `Infinity` where the text goes elsewhere, so that nothing of it is cut. */
  readonly width: number;
  /** Whether colours are wanted. */
  readonly color: boolean;
}

/** A command, as data: help, completions, manual page and parsing all come from it. */
export interface Command {
  /** The verb, kebab-case. */
  readonly name: string;
  /** One line. */
  readonly summary: string;
  /** Paragraphs separated by an empty line. */
  readonly description?: string;
  /** The heading under which the program's help lists it. */
  readonly group?: string;
  /** Works, but is left out of help and completions. */
  readonly hidden?: boolean;
  /** The positional arguments. */
  readonly args?: readonly ArgSpec[];
  /** The flags, besides the global ones. */
  readonly flags?: readonly Flag[];
  /** Sets of flag names of which one at most may be given. */
  readonly excludes?: readonly (readonly string[])[];
  /** Command lines that work. */
  readonly examples?: readonly Example[];
  /** What an exit code means for this command, where the common table is not exact enough. */
  readonly exits?: Readonly<Record<number, string>>;
  /**
   * Version of the `--json` document.
   *
   * @default {1}
   */
  readonly schemaVersion?: number;
  /** Do the work; returns a plain value, an `Outcome`, or nothing. */
  run(context: CommandContext): Promise<unknown>;
  /** The result as text for people; a command may declare the type that its own `run` returns. */
  render?(result: unknown, options: RenderOptions): string | Promise<string>;
}

/** A command that is imported only when it is asked for. */
export interface LazyCommand extends Pick<Command, "name" | "summary" | "group" | "hidden"> {
  /** Import the command. */
  readonly load: () => Promise<Command>;
}
