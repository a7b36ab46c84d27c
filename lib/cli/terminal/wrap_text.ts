import { textWidth } from "./text_width.ts";

/**
 * Wrap a paragraph at spaces; a word wider than the width is not split.
 *
 * @param text One paragraph; its line breaks count as spaces
 * @param width The maximum width in columns
 * @returns The lines, without line breaks
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
