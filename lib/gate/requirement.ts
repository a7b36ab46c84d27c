/** What a number must be. */
export interface Requirement {
  /** How to compare. */
  readonly op: "<" | "<=" | ">" | ">=" | "=";
  /** What with; a share for percents: 0.01 for `1%`. */
  readonly limit: number;
  /** As it was written, such as `< 1%`. */
  readonly text: string;
  /** Whether it is about a share, and shown in percent. */
  readonly isShare: boolean;
}

/**
 * Parse a requirement: `<`, `<=`, `>`, `>=` or `=`, and a number or a percentage.
 *
 * @param text Such as `< 1%`, `>= 1.20`, `= 0`
 * @returns The requirement
 * @throws {SyntaxError} If the text is none
 */
export function parseRequirement(text: string): Requirement {
  const match = /^\s*(<=|>=|<|>|=)\s*(\d+(?:\.\d+)?)\s*(%?)\s*$/.exec(text);
  if (match === null) throw new SyntaxError(`Cannot read "${text}": write such as < 1%, >= 1.20 or = 0`);
  const [, op, number, percent] = match;
  const isShare = percent === "%";
  const limit = isShare ? Number(number) / 100 : Number(number);
  return { op: op as Requirement["op"], limit, text: `${op} ${number}${isShare ? " %" : ""}`, isShare };
}

/**
 * Whether one number fulfils a requirement; exactly, never rounded.
 *
 * @param requirement What it must be
 * @param value The number; `NaN` fulfils nothing
 * @returns Whether it does
 */
export function fulfils(requirement: Requirement, value: number): boolean {
  const { op, limit } = requirement;
  switch (op) {
    case "<":
      return value < limit;
    case "<=":
      return value <= limit;
    case ">":
      return value > limit;
    case ">=":
      return value >= limit;
    case "=":
      return value === limit;
  }
}
