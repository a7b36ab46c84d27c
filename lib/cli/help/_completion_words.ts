import type { Command } from "../command/command.ts";
import type { Flag } from "../command/flag.ts";
import { mergeFlags } from "../command/merge_flags.ts";
import type { LoadedProgram } from "../command/program.ts";

/** The verbs that completions offer. */
export function visibleCommands(program: LoadedProgram): readonly Command[] {
  return program.commands.filter((command) => !command.hidden);
}

/** The flags that completions offer after a verb. */
export function visibleFlags(program: LoadedProgram, command: Command): readonly Flag[] {
  return mergeFlags(command.flags ?? [], program.flags).filter((flag) => !flag.hidden);
}

/** The spellings of a flag: `--color`, `--no-color`; only the one that changes something when it has a default. */
export function longForms(flag: Flag): string[] {
  if (flag.type !== "boolean" || flag.name === "help") return [`--${flag.name}`];
  if (flag.default === true) return [`--no-${flag.name}`];
  return flag.name === "color" ? ["--color", "--no-color"] : [`--${flag.name}`];
}

/** The name of a shell function. */
export function functionName(program: LoadedProgram): string {
  return `_${program.name.replace(/\W/g, "_")}`;
}

/** A text in single quotes that every POSIX shell reads as it is. */
export function shellQuote(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`;
}
