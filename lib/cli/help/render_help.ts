import { formatCount } from "../../base/mod.ts";
import { type Entry, entryLines, exampleLines, joinSections, paragraphLines } from "./_help_parts.ts";
import { formatArg } from "./_format_arg.ts";
import { flagNotes, formatFlag } from "./_format_flag.ts";
import type { ArgSpec, Command, Program } from "../command/command.ts";
import { EXIT_NOTES, exitNotes } from "../command/exit_notes.ts";
import type { Flag } from "../command/flag.ts";
import { mergeFlags } from "../command/merge_flags.ts";
import { createPaint } from "../terminal/paint.ts";
import { usageLine } from "./usage_line.ts";

/** Options of {@linkcode renderHelp}. */
export interface RenderHelpOptions {
  /**
   * The columns of the terminal; lines are wrapped at 40 to 100 columns.
   *
   * @default {80}
   */
  readonly width?: number;
  /**
   * Whether to use bold headings.
   *
   * @default {false}
   */
  readonly color?: boolean;
  /**
   * Whether to list all examples, rare flags and details.
   *
   * @default {false}
   */
  readonly isComplete?: boolean;
  /** The program that a command belongs to, for its name and shared flags. */
  readonly program?: Program | undefined;
}

/**
 * Render the help of a command or of a whole program.
 *
 * @returns Lines, each with a line break
 */
export function renderHelp(subject: Command | Program, options: RenderHelpOptions = {}): string {
  return "commands" in subject ? programHelp(subject, options) : commandHelp(subject, options);
}

/** Maximum number of examples without `--all`. They show the main uses; `--help --all` lists the others. */
const MAX_EXAMPLES = 3;

function commandHelp(command: Command, options: RenderHelpOptions): string {
  const { color = false, program, isComplete = false } = options;
  const width = readable(options.width);
  const { bold } = createPaint({ color });
  const args = (command.args ?? []).map((spec): Entry => [formatArg(spec), withNotes(spec.summary, argNotes(spec))]);
  const all = mergeFlags(command.flags ?? [], program?.flags).filter((flag) => !flag.hidden);
  const flags = isComplete ? all : all.filter((flag) => !flag.rare);
  const examples = isComplete ? command.examples : command.examples?.slice(0, MAX_EXAMPLES);
  return joinSections([
    ["", paragraphLines(command.summary, width)],
    ["", [`${bold("Usage:")} ${usageLine(command, program)}`]],
    ["", command.description === undefined ? [] : paragraphLines(command.description, width)],
    ["", isComplete && command.details !== undefined ? paragraphLines(command.details, width) : []],
    [bold("Examples:"), exampleLines(examples ?? [], width)],
    [bold("Arguments:"), entryLines(args, width)],
    ...flagSections(flags, width, bold),
    [bold("Exit codes:"), entryLines(exitNotes(command.exits), width)],
    ["", moreLines(command, { program, omitted: all.length - flags.length })],
  ]);
}

/** Render a line that says how many flags were omitted and how to list them; none if none were omitted. */
function moreLines(
  { name }: Command,
  { program, omitted }: { readonly program: Program | undefined; readonly omitted: number },
): readonly string[] {
  if (omitted === 0) return [];
  const words = program === undefined || program.name === name ? [name] : [program.name, name];
  return [`${formatCount(omitted, "more option")}: ${words.join(" ")} --help --all`];
}

function programHelp(program: Program, options: RenderHelpOptions): string {
  const { color = false } = options;
  const width = readable(options.width);
  const { bold } = createPaint({ color });
  const groups = Object.entries(
    Object.groupBy(program.commands, (command) => command.group ?? "Commands"),
  );
  const fallback = program.defaultCommand;
  return joinSections([
    ["", [`${program.name} ${program.version}`, ...paragraphLines(program.summary, width)]],
    ["", [
      `${bold("Usage:")} ${program.name} COMMAND [options] [arguments]`,
      ...(fallback === undefined ? [] : [`       ${program.name} [options] [arguments]    same as "${fallback}"`]),
    ]],
    ["", program.description === undefined ? [] : paragraphLines(program.description, width)],
    [bold("Examples:"), exampleLines(program.examples ?? [], width)],
    ...groups.map(([title, commands = []]) =>
      [bold(`${title}:`), entryLines(commands.map(({ name, summary }): Entry => [name, summary]), width)] as const
    ),
    ...flagSections(mergeFlags([], program.flags).filter((flag) => !flag.hidden), width, bold),
    [bold("Exit codes:"), entryLines(Object.entries(EXIT_NOTES), width)],
    ["", [`Run "${program.name} COMMAND --help" for the options of a command`]],
  ]);
}

/** Group flags into sections: first those without a group, then the groups in the order of their first flag. */
function flagSections(
  flags: readonly Flag[],
  width: number,
  bold: (text: string) => string,
): (readonly [string, readonly string[]])[] {
  const groups = Map.groupBy(flags, (flag) => flag.group ?? "Options");
  const titles = [...groups.keys()].toSorted((a, b) => Number(b === "Options") - Number(a === "Options"));
  return titles.map((title) => {
    const entries = groups.get(title)!.map((flag): Entry => {
      const indent = flag.short === undefined ? "    " : "";
      return [indent + formatFlag(flag), withNotes(flag.summary, flagNotes(flag))];
    });
    return [bold(`${title}:`), entryLines(entries, width)];
  });
}

function argNotes(spec: ArgSpec): string[] {
  return spec.choices === undefined ? [] : [`one of ${spec.choices.join(", ")}`];
}

function withNotes(summary: string, notes: readonly string[]): string {
  return notes.length === 0 ? summary : `${summary} (${notes.join("; ")})`;
}

/** Clamp the width to 40 to 100 columns, because longer lines are hard to read. */
function readable(width = 80): number {
  return Math.min(100, Math.max(40, width));
}
