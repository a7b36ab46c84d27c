/** A limit for a number. */
export interface Requirement {
  /** The comparison, with the number on its left and the limit on its right. */
  readonly op: "<" | "<=" | ">" | ">=" | "=";
  /** The limit; a percentage is converted to a fraction, so that `1%` is 0.01. */
  readonly limit: number;
  /** The requirement in normal form, such as `< 1 %`. */
  readonly text: string;
  /** Whether the limit is a fraction that is shown as a percentage. */
  readonly isShare: boolean;
}

/**
 * Parse a requirement: `<`, `<=`, `>`, `>=` or `=`, and a number or a percentage.
 *
 * @param text The text, such as `< 1%`, `>= 1.20` or `= 0`
 * @returns The requirement
 * @throws {SyntaxError} If the text is not a requirement
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { parseRequirement } from "@civitai-dl/civitai-dl/gate";
 *
 * assertEquals(parseRequirement("< 1%"), { op: "<", limit: 0.01, text: "< 1 %", isShare: true });
 * assertEquals(parseRequirement(">= 1.20").limit, 1.2);
 * ```
 */
export function parseRequirement(text: string): Requirement {
  const match = /^\s*(<=|>=|<|>|=)\s*(\d+(?:\.\d+)?)\s*(%?)\s*$/.exec(text);
  if (match === null) {
    throw new SyntaxError(`Cannot read "${text}": expected a comparison such as < 1%, >= 1.20 or = 0`);
  }
  const [, op, number, percent] = match;
  const isShare = percent === "%";
  const limit = isShare ? Number(number) / 100 : Number(number);
  return { op: op as Requirement["op"], limit, text: `${op} ${number}${isShare ? " %" : ""}`, isShare };
}

/**
 * Whether a number meets a requirement. It is compared exactly, without rounding.
 *
 * @param requirement The requirement
 * @param value The number; `NaN` meets no requirement
 * @returns Whether the number meets the requirement
 */
export function meets(requirement: Requirement, value: number): boolean {
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
