/** A commit message in the form of Conventional Commits 1.0.0. */
export interface ConventionalCommit {
  /** Lower case, such as `feat` or `fix`. */
  readonly type: string;
  /** What it concerns, such as the room; `null` if the message does not say. */
  readonly scope: string | null;
  /** Whether users have to change something: `!` before the colon, or a footer `BREAKING CHANGE:`. */
  readonly isBreaking: boolean;
  /** The rest of the first line. */
  readonly subject: string;
}

const FIRST_LINE = /^(\w+)(?:\(([^()]+)\))?(!)?: +(\S.*)$/;

/**
 * Parse a commit message.
 *
 * @param message The whole message
 * @returns Its parts, or `null` if the first line has another form
 */
export function parseConventionalCommit(message: string): ConventionalCommit | null {
  const [first = "", ...rest] = message.trim().split(/\r?\n/);
  const match = FIRST_LINE.exec(first.trim());
  if (match === null) return null;
  const hasFooter = rest.some((line) => /^BREAKING[ -]CHANGE: \S/.test(line));
  return {
    type: match[1]!.toLowerCase(),
    scope: match[2]?.trim() ?? null,
    isBreaking: match[3] === "!" || hasFooter,
    subject: match[4]!.trim(),
  };
}
