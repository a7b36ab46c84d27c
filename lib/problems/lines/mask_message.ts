/**
 * What differs from line to line, most specific first. In the last one, a status of HTTP is kept, because 404 and 500
 * are different problems. A mask applies only if the text contains `hint`, or a digit if there is none, since searching
 * for these is far faster.
 */
const MASKS: readonly {
  readonly expression: RegExp;
  readonly mask: string | ((match: string, word?: string) => string);
  readonly hint?: string;
}[] = [
  { expression: /\b[a-z][a-z\d+.-]*:\/\/[^\s"'<>]+/gi, mask: "URL", hint: "://" },
  { expression: /"[^"]*"/g, mask: '"…"', hint: '"' },
  {
    expression: /\b\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(?:[.,]\d+)?(?:Z|[+-]\d\d:?\d\d)?/g,
    mask: "TIME",
    hint: ":",
  },
  { expression: /\b[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}\b/gi, mask: "ID", hint: "-" },
  { expression: /\b(?:0x[\da-f]+|(?=[a-f]*\d)[\da-f]{8,})\b/gi, mask: "HASH" },
  { expression: /\b\d{1,3}(?:\.\d{1,3}){3}(?::\d+)?\b/g, mask: "IP", hint: "." },
  { expression: /(?:\b[A-Za-z]:\\|\\\\)[^\s:"'<>()]+/g, mask: "PATH", hint: "\\" },
  { expression: /(?<![^\s"'(<=:[])(?!HTTP\/)[\w.@+~-]*\/[^\s:"'<>()]+/g, mask: "PATH", hint: "/" },
  {
    expression: new RegExp(
      String.raw`\b(HTTP(?:\/[\d.]+)?|[Ss]tatus(?: code)?|answer(?:ed|s)|responded|returned|[Ee]rror|[Cc]ode)` +
        String.raw`[ :=(]{1,3}\d{3}\b|\d+(?:[.,]\d+)*`,
      "g",
    ),
    mask: (match, word) => word === undefined ? "N" : match,
  },
];

/** Longer messages are cut before they are masked, so that the time per line is bounded. */
const MAX_LENGTH = 500;

/**
 * Return the pattern of a message: without what differs from line to line, such as quoted names, URLs, paths, hashes and
 * numbers. The status of HTTP stays.
 *
 * @returns The pattern; equal for messages about the same problem
 */
export function maskMessage(message: string): string {
  let pattern = message.length > MAX_LENGTH ? message.slice(0, MAX_LENGTH) : message;
  const hasDigit = /\d/.test(pattern);
  for (const { expression, mask, hint } of MASKS) {
    if (hint === undefined ? hasDigit : pattern.includes(hint)) pattern = pattern.replace(expression, mask as string);
  }
  return pattern;
}
