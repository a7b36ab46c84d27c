import { flagNotes, formatFlag } from "./_format_flag.ts";
import type { Command, LoadedProgram } from "../command/command.ts";
import { EXIT_NOTES, exitNotes } from "../command/exit_notes.ts";
import type { Flag } from "../command/flag.ts";
import { mergeFlags } from "../command/merge_flags.ts";
import { usageLine } from "./usage_line.ts";

/** Options of {@linkcode renderManPage}. */
export interface RenderManPageOptions {
  /** The date of the release, such as `2026-01-31`. */
  readonly date: string;
}

/**
 * Render the manual page of a program, for section 1.
 *
 * @param program The program; use `loadProgram` to import lazy commands
 */
export function renderManPage(program: LoadedProgram, options: RenderManPageOptions): string {
  const { date } = options;
  const { commands } = program;
  const shared = mergeFlags([], program.flags);
  const title = `.TH "${escape(program.name.toUpperCase())}" 1 "${date}" "${program.name} ${program.version}"`;
  return [
    title,
    ".SH NAME",
    `${escape(program.name)} \\- ${escape(program.summary)}`,
    ".SH SYNOPSIS",
    `\\fB${escape(program.name)}\\fR \\fICOMMAND\\fR [options] [arguments]`,
    ...(program.description === undefined ? [] : [".SH DESCRIPTION", ...paragraphs(program.description)]),
    ".SH COMMANDS",
    ...commands.flatMap((command) => commandLines(program, command)),
    ".SH GLOBAL OPTIONS",
    ...flagLines(shared),
    ...environmentLines(commands, shared),
    ".SH EXIT STATUS",
    ...Object.entries(EXIT_NOTES).flatMap(([code, note]) => term(`\\fB${escape(code)}\\fR`, note)),
    ...exampleLines(program, commands),
  ].map((line) => `${line}\n`).join("");
}

function commandLines(program: LoadedProgram, command: Command): string[] {
  return [
    `.SS "${escape(usageLine(command, program))}"`,
    line(`${command.summary}.`),
    ...(command.description === undefined ? [] : [".PP", ...paragraphs(command.description)]),
    ...(command.details === undefined ? [] : [".PP", ...paragraphs(command.details)]),
    ...(command.args ?? []).flatMap((spec) => term(`\\fI${escape(spec.name)}\\fR`, spec.summary)),
    ...flagLines(command.flags ?? []),
    ...exitNotes(command.exits).filter(([code]) => Object.hasOwn(command.exits ?? {}, code))
      .flatMap(([code, note]) => term(`Exit ${code}`, note)),
  ];
}

function flagLines(flags: readonly Flag[]): string[] {
  return flags.filter((flag) => !flag.hidden).flatMap((flag) => {
    const notes = flagNotes(flag);
    return term(
      `\\fB${escape(formatFlag(flag))}\\fR`,
      notes.length === 0 ? flag.summary : `${flag.summary} (${notes.join("; ")})`,
    );
  });
}

function environmentLines(commands: readonly Command[], shared: readonly Flag[]): string[] {
  const flags = [...shared, ...commands.flatMap((command) => command.flags ?? [])];
  const known = new Map(
    flags.filter((flag) => !flag.hidden && flag.env !== undefined).map((flag) => [flag.env!, flag]),
  );
  return [
    ".SH ENVIRONMENT",
    ...term("\\fBNO_COLOR\\fR", "Disable colors, whatever the terminal supports"),
    ...term("\\fBCOLUMNS\\fR", "Width of the terminal in columns; overrides what the terminal reports"),
    ...[...known].flatMap(([name, flag]) => term(`\\fB${escape(name)}\\fR`, `Same as --${flag.name}`)),
  ];
}

function exampleLines(program: LoadedProgram, commands: readonly Command[]): string[] {
  const examples = [program, ...commands].flatMap((owner) => owner.examples ?? []);
  if (examples.length === 0) return [];
  return [
    ".SH EXAMPLES",
    ...examples.flatMap(({ command, summary }) => [".TP", `\\fB${escape(command)}\\fR`, line(summary)]),
  ];
}

function term(head: string, meaning: string): string[] {
  return [".TP", head, line(meaning)];
}

function paragraphs(text: string): string[] {
  return text.trim().split(/\n\s*\n/).flatMap((paragraph, index) => [
    ...(index === 0 ? [] : [".PP"]),
    line(paragraph.replace(/\s+/g, " ")),
  ]);
}

/** Escape a line of text; a leading `.` or `'` would otherwise start a roff request. */
function line(text: string): string {
  return escape(text).replace(/^(?=[.'])/, "\\&");
}

/** Escape backslashes and dashes, which roff would change, and quotes, which would end an argument of a request. */
function escape(text: string): string {
  return text.replaceAll("\\", "\\e").replaceAll("-", "\\-").replaceAll('"', "\\(dq");
}
