import { cleanText } from "../../base/mod.ts";

/** Characters that begin or end a construct of Markdown, HTML or an entity. */
const ACTIVE = /[\\`*[\]<>#|~]|(?<![a-z\d])_|_(?![a-z\d])|&(?=[#a-z])/gi;
/** Characters that make a line a list item, a heading or a rule. */
const LINE_START = /^(\s*)(?:([-+=])|(\d{1,9})([.)]))/;

/** Escape text for one line of Markdown, so that it renders as written. */
export function escapeMarkdown(text: string): string {
  return cleanText(text).replace(/\s+/g, " ").replace(ACTIVE, "\\$&");
}

/** Escape the first characters of an otherwise escaped line that would make it a list item, a heading or a rule. */
export function escapeLineStart(line: string): string {
  return line.replace(
    LINE_START,
    (_, space: string, sign: string | undefined, digits: string | undefined, dot: string | undefined) =>
      sign === undefined ? `${space}${digits}\\${dot}` : `${space}\\${sign}`,
  );
}

/** Render text as code on one line, with as many backticks as it needs. */
export function markdownCode(text: string): string {
  const line = cleanText(text).replace(/\s+/g, " ");
  let longest = 0;
  for (const [run] of line.matchAll(/`+/g)) longest = Math.max(longest, run.length);
  const fence = "`".repeat(longest + 1);
  const space = line.startsWith("`") || line.endsWith("`") ? " " : "";
  return `${fence}${space}${line}${space}${fence}`;
}
