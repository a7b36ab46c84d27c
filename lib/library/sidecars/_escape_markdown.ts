import { cleanText } from "../../base/mod.ts";

/** What begins or ends something in Markdown, HTML or an entity. */
const ACTIVE = /[\\`*[\]<>#|~]|(?<![a-z\d])_|_(?![a-z\d])|&(?=[#a-z])/gi;
/** What makes a line a list, a heading or a rule. */
const LINE_START = /^(\s*)(?:([-+=])|(\d{1,9})([.)]))/;

/** Make a text fit for one line of Markdown: what is read is what was written. */
export function escapeMarkdown(text: string): string {
  return cleanText(text).replace(/\s+/g, " ").replace(ACTIVE, "\\$&");
}

/** Keep a line, otherwise escaped, from being a list, a heading or a rule by its first characters. */
export function escapeLineStart(line: string): string {
  return line.replace(
    LINE_START,
    (_, space: string, sign: string | undefined, digits: string | undefined, dot: string | undefined) =>
      sign === undefined ? `${space}${digits}\\${dot}` : `${space}\\${sign}`,
  );
}

/** A text as code on one line, between as many backticks as it needs. */
export function markdownCode(text: string): string {
  const line = cleanText(text).replace(/\s+/g, " ");
  let longest = 0;
  for (const [run] of line.matchAll(/`+/g)) longest = Math.max(longest, run.length);
  const fence = "`".repeat(longest + 1);
  const space = line.startsWith("`") || line.endsWith("`") ? " " : "";
  return `${fence}${space}${line}${space}${fence}`;
}
