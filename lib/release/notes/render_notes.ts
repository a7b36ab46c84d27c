/**
 * Render the section of a changelog in Markdown for a release page of GitHub, where each line break in the source would be
 * one on the page: paragraphs are one line each, and the headings begin at the second level.
 *
 * @param body Body of the section
 * @returns Markdown that ends with a line break
 */
export function renderNotes(body: string): string {
  const lines: string[] = [];
  let isCode = false;
  for (const line of body.trim().split("\n")) {
    const last = lines.at(-1) ?? "";
    const isOwn = isCode || lines.length === 0 || last.trim() === "" || BEGINS_BLOCK.test(line) ||
      ENDS_BLOCK.test(last);
    if (FENCE.test(line)) isCode = !isCode;
    if (isOwn) lines.push(isCode ? line : line.replace(/^#(?=##)/, ""));
    else lines[lines.length - 1] = `${last} ${line.trimStart()}`;
  }
  return `${lines.join("\n")}\n`;
}

const FENCE = /^\s*(`{3,}|~{3,})/;
/** A line that does not continue the paragraph above it. */
const BEGINS_BLOCK = /^\s*([-*+>|#]|\d+\.\s|`{3,}|~{3,}|$)/;
/** A line that no paragraph goes on from. */
const ENDS_BLOCK = /^\s*(#|\||`{3,}|~{3,})/;

/**
 * Render the section of a changelog as text for the message of a tag. It has no line that begins with `#`, which git would
 * remove as a comment.
 *
 * @param body Body of the section
 * @returns Lines, without a line break at the end
 */
export function renderNotesForTag(body: string): string {
  return body.split("\n").map((line) => line.replace(/^#+\s*(.*)$/, "$1:")).join("\n");
}
