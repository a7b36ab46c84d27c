import type { Command, Example, LazyCommand } from "./command.ts";
import type { Flag } from "./flag.ts";

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
