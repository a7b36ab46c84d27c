import type { Example } from "../command/command.ts";
import { padText } from "../terminal/pad_text.ts";
import { textWidth } from "../terminal/text_width.ts";
import { wrapText } from "../terminal/wrap_text.ts";

/** A row of a two-column list. */
export type Entry = readonly [term: string, meaning: string];

const INDENT = "  ";

/** Lay out two columns and wrap the second; a term wider than its column gets its own line. */
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

/** Wrap paragraphs, which are separated by empty lines. */
export function paragraphLines(text: string, width: number): string[] {
  return text.trim().split(/\n\s*\n/).flatMap((paragraph, index) => [
    ...(index === 0 ? [] : [""]),
    ...wrapText(paragraph, width),
  ]);
}

/** Lay out each example on its own line, with its summary indented below it. */
export function exampleLines(
  examples: readonly Example[],
  width: number,
): string[] {
  return examples.flatMap(({ command, summary }) => [
    INDENT + command,
    ...wrapText(summary, width - 3 * INDENT.length).map((line) => INDENT.repeat(3) + line),
  ]);
}

/** Join sections with empty lines between them; an empty heading is omitted, and so is a section without lines. */
export function joinSections(sections: readonly (readonly [heading: string, lines: readonly string[]])[]): string {
  return sections
    .filter(([, lines]) => lines.length > 0)
    .map(([heading, lines]) => [...(heading === "" ? [] : [heading]), ...lines].map((line) => `${line}\n`).join(""))
    .join("\n");
}
