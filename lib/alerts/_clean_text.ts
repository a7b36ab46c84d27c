/** Line ends, other control characters, and those that turn the direction of writing. */
const UNSAFE = /[\p{Cc}\u2028\u2029\u061C\u200E\u200F\u202A-\u202E\u2066-\u2069]+/gu;

/** One line of text from a label or an annotation: nothing that could begin a line, a header or a terminal sequence. */
export function cleanText(text: string): string {
  return text.replace(UNSAFE, " ").toWellFormed().trim();
}

/** The text, or its beginning and an ellipsis: at most so many UTF-16 units, no character cut in two. */
export function cutText(text: string, maxLength: number): string {
  if (text.length <= maxLength) return text;
  const head = text.slice(0, Math.max(0, maxLength - 1));
  return `${head.isWellFormed() ? head : head.slice(0, -1)}…`;
}
