import type { Command, Example, LazyCommand } from "./command.ts";
import type { Flag } from "./flag.ts";

/** An executable with verbs, as data. */
export interface Program {
  /** As the user types it. */
  readonly name: string;
  /** The version, for `--version`. */
  readonly version: string;
  /** One line. */
  readonly summary: string;
  /** Paragraphs separated by an empty line. */
  readonly description?: string;
  /** The verbs. */
  readonly commands: readonly (Command | LazyCommand)[];
  /** The verb that gets all arguments when the first word is no verb. */
  readonly defaultCommand?: string;
  /** Flags that every command has, besides the frame's own. */
  readonly flags?: readonly Flag[];
  /** Command lines that work. */
  readonly examples?: readonly Example[];
  /**
   * Words that the default command must not take for an argument, such as the verbs of other programs; each with what
   * it is.
   */
  readonly foreignWords?: ReadonlyMap<string, string>;
  /** The command line that passes a refused word to the default command, for the hint. */
  readonly typoHint?: (word: string) => string;
}

/** A program whose commands are all imported; {@linkcode loadProgram} makes one. */
export interface LoadedProgram extends Program {
  /** The verbs. */
  readonly commands: readonly Command[];
}
