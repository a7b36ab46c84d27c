import { mentionOf } from "../name_commands.ts";
import { renderCommandLine } from "./render_command_line.ts";

/** A flag of the command line that the commands in its output need too, because they mean the same place. */
export interface CarriedFlag {
  /** The name of the flag that was given. */
  readonly name: string;
  /** Its one-letter form, if it has one. */
  readonly short?: string | undefined;
  /** The value that was given; `null` for a flag without one. */
  readonly value: string | null;
  /** The name of the flag in each command that has it, by the command's name. */
  readonly names: Readonly<Record<string, string>>;
}

/** Options of {@linkcode carryFlags}. */
export interface CarryFlagsOptions {
  /** The flags to add. */
  readonly flags: readonly CarriedFlag[];
  /** The command line that the user typed: it is complete. */
  readonly commandLine?: string | undefined;
}

/**
 * Add flags to the commands that a text names. Somebody who asked about the repository in `/srv/a` and types the next
 * command as it is printed then acts in `/srv/a`, not in the working folder.
 *
 * @param text The text, which names commands as the program's rooms write them
 * @param options The flags to add; a command that has a flag already, under any of its names, keeps its own
 * @returns The text with longer commands
 */
export function carryFlags(text: string, program: string, options: CarryFlagsOptions): string {
  const { flags, commandLine } = options;
  if (flags.length === 0 || !text.includes(program)) return text;
  return text.replaceAll(mentionOf(program), (mention: string, space: string, command: string, offset: number) => {
    if (commandLine !== undefined && text.startsWith(commandLine, offset)) return mention;
    // A command that was wrapped goes on in the next line with a flag.
    const [rest] = text.slice(offset + mention.length).split(/\n(?! +-)|;/, 1);
    const words = flags.flatMap(({ name: given, short, value, names }) => {
      const name = Object.hasOwn(names, command) ? names[command]! : undefined;
      if (name === undefined || hasFlag(rest!, name, name === given ? short : undefined)) return [];
      return [`--${name}`, ...value === null ? [] : [value]];
    });
    return words.length === 0 ? mention : `${program}${space}${command} ${renderCommandLine(words)}`;
  });
}

/** Whether the words after a command contain a flag: `--output x`, `--output=x`, `-o x`, `-ox`. */
function hasFlag(words: string, name: string, short: string | undefined): boolean {
  const letter = short === undefined ? "" : `|-${RegExp.escape(short)}`;
  return new RegExp(String.raw`(?<=\s)(?:--${RegExp.escape(name)}(?![\w-])${letter})`).test(words);
}
