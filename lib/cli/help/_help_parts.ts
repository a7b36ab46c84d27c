import type { Example } from "../command/command.ts";
import { exitNotes } from "../command/exit_notes.ts";
import { padText } from "../terminal/pad_text.ts";
import { textWidth } from "../terminal/text_width.ts";
import { wrapText } from "../terminal/wrap_text.ts";

/** A term and what it means. */
export type Entry = readonly [term: string, meaning: string];

const INDENT = "  ";

/** Two columns, the second wrapped; a long term gets a line of its own. */
export function entryLines(entries: readonly Entry[], width: number): string[] {
  const widest = entries.reduce((most, [term]) => Math.max(most, textWidth(term)), 0);
  const column = Math.min(widest, Math.max(12, Math.floor(width * 0.36)));
  const room = Math.max(24, width - column - 2 * INDENT.length);
  return entries.flatMap(([term, meaning]) => {
    const [first = "", ...rest] = wrapText(meaning, room);
    const under = INDENT.repeat(2) + " ".repeat(column);
    const head = textWidth(term) > column
      ? [INDENT + term, under + first]
      : [INDENT + padText(term, column) + INDENT + first];
    return [...head.map((line) => line.trimEnd()), ...rest.map((line) => under + line)];
  });
}

/** Paragraphs separated by an empty line. */
export function paragraphLines(text: string, width: number): string[] {
  return text.trim().split(/\n\s*\n/).flatMap((paragraph, index) => [
    ...(index === 0 ? [] : [""]),
    ...wrapText(paragraph, width),
  ]);
}

/** Each example on its line, its meaning under it. */
export function exampleLines(
  examples: readonly Example[],
  width: number,
): string[] {
  return examples.flatMap(({ command, summary }) => [
    INDENT + command,
    ...wrapText(summary, width - 3 * INDENT.length).map((line) => INDENT.repeat(3) + line),
  ]);
}

/** The table of exit codes. */
export function exitLines(own: Readonly<Record<number, string>> | undefined, width: number): string[] {
  return entryLines(exitNotes(own), width);
}

/** Sections with a heading each, an empty line between them; a section without lines is left out. */
export function joinSections(sections: readonly (readonly [heading: string, lines: readonly string[]])[]): string {
  return sections
    .filter(([, lines]) => lines.length > 0)
    .map(([heading, lines]) => [...(heading === "" ? [] : [heading]), ...lines].map((line) => `${line}\n`).join(""))
    .join("\n");
}
