import type { Command, LoadedProgram } from "../command/command.ts";
import type { Flag } from "../command/flag.ts";
import { mergeFlags } from "../command/merge_flags.ts";

/** List the flags that completions offer after a verb. */
export function visibleFlags(program: LoadedProgram, command: Command): readonly Flag[] {
  return mergeFlags(command.flags ?? [], program.flags).filter((flag) => !flag.hidden);
}

/**
 * List the long forms of a flag to offer. A boolean only gets the form that changes its default. `--color` gets both
 * forms, because its default depends on the terminal.
 */
export function longForms(flag: Flag): string[] {
  if (flag.type !== "boolean" || flag.name === "help") return [`--${flag.name}`];
  if (flag.default === true) return [`--no-${flag.name}`];
  return flag.name === "color" ? ["--color", "--no-color"] : [`--${flag.name}`];
}

/** Derive the name of the completion function, which is also the prefix of its helpers. */
export function functionName(program: LoadedProgram): string {
  return `_${program.name.replace(/\W/g, "_")}`;
}

/** Quote text in single quotes for POSIX shells. */
export function shellQuote(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`;
}
