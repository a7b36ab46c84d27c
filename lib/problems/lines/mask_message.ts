interface Mask {
  readonly expression: RegExp;
  readonly mask: string;
  /** Without this text in the message, nothing can match: searching for it is far faster than trying the expression. */
  readonly needs: string | typeof ANY_DIGIT;
}

const ANY_DIGIT = Symbol("any digit");

/** What differs from line to line, most specific first. */
const MASKS: readonly Mask[] = [
  { expression: /\b[a-z][a-z\d+.-]*:\/\/[^\s"'<>]+/gi, mask: "URL", needs: "://" },
  { expression: /"[^"]*"/g, mask: '"…"', needs: '"' },
  {
    expression: /\b\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(?:[.,]\d+)?(?:Z|[+-]\d\d:?\d\d)?/g,
    mask: "TIME",
    needs: ":",
  },
  { expression: /\b[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}\b/gi, mask: "ID", needs: "-" },
  // Eight letters from a to f may be a word: a hash has a digit, too.
  { expression: /\b(?:0x[\da-f]+|(?=[a-f]*\d)[\da-f]{8,})\b/gi, mask: "HASH", needs: ANY_DIGIT },
  { expression: /\b\d{1,3}(?:\.\d{1,3}){3}(?::\d+)?\b/g, mask: "IP", needs: "." },
  { expression: /(?:\b[A-Za-z]:\\|\\\\)[^\s:"'<>()]+/g, mask: "PATH", needs: "\\" },
  // A path begins the message or follows one of these characters, so that no match begins inside of a word.
  { expression: /(?<=^|[\s"'(<=:[])(?!HTTP\/)[\w.@+~-]*\/[^\s:"'<>()]+/g, mask: "PATH", needs: "/" },
];

/** A status of HTTP with the word before it, which is the first group, or any other number. */
const STATUS_OR_NUMBER = new RegExp(
  String.raw`\b(HTTP(?:\/[\d.]+)?|[Ss]tatus(?: code)?|answer(?:ed|s)|responded|returned|[Ee]rror|[Cc]ode)` +
    String.raw`[ :=(]{1,3}\d{3}\b|\d+(?:[.,]\d+)*`,
  "g",
);

/** Longer messages are cut before they are masked, so that the time per line is bounded. */
const MAX_LENGTH = 500;

/**
 * Return the pattern of a message: without what differs from line to line, such as quoted names, URLs, paths, hashes and
 * numbers. A status of HTTP stays, because 404 and 500 are different problems.
 *
 * @returns The pattern; equal for messages about the same problem
 */
export function maskMessage(message: string): string {
  let pattern = message.length > MAX_LENGTH ? message.slice(0, MAX_LENGTH) : message;
  const hasDigit = /\d/.test(pattern);
  for (const { expression, mask, needs } of MASKS) {
    if (needs === ANY_DIGIT ? hasDigit : pattern.includes(needs)) pattern = pattern.replace(expression, mask);
  }
  if (!hasDigit) return pattern;
  return pattern.replace(STATUS_OR_NUMBER, (match, statusWord?: string) => statusWord === undefined ? "N" : match);
}
