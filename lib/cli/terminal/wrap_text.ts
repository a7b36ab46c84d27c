import { textWidth } from "./text_width.ts";

/**
 * Break a paragraph at spaces; a word longer than the width stays whole.
 *
 * @param text One paragraph; its line breaks count as spaces
 * @param width Columns
 * @returns Lines
 */
export function wrapText(text: string, width: number): string[] {
  const lines: string[] = [];
  let line = "";
  for (const word of text.split(/\s+/).filter((part) => part !== "")) {
    if (line === "") line = word;
    else if (textWidth(line) + 1 + textWidth(word) <= width) line += ` ${word}`;
    else {
      lines.push(line);
      line = word;
    }
  }
  return line === "" ? lines : [...lines, line];
}
