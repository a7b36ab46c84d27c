/** What is required of a number. */
export interface Limit {
  /** The comparison, with the number on its left and the limit on its right. */
  readonly op: "<" | "<=" | ">" | ">=" | "=";
  /** The limit, in the unit of the number; a percentage is a fraction, so that `1%` is 0.01. */
  readonly value: number;
}

/** A limit as it is written in a file. */
export interface Requirement extends Limit {
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
 * assertEquals(parseRequirement("< 1%"), { op: "<", value: 0.01, text: "< 1 %", isShare: true });
 * assertEquals(parseRequirement(">= 1.20").value, 1.2);
 * ```
 */
export function parseRequirement(text: string): Requirement {
  const match = /^\s*(<=|>=|<|>|=)\s*(\d+(?:\.\d+)?)\s*(%?)\s*$/.exec(text);
  if (match === null) {
    throw new SyntaxError(`Cannot read "${text}": expected a comparison such as < 1%, >= 1.20 or = 0`);
  }
  const [, op, number, percent] = match;
  const isShare = percent === "%";
  const value = isShare ? Number(number) / 100 : Number(number);
  return { op: op as Limit["op"], value, text: `${op} ${number}${isShare ? " %" : ""}`, isShare };
}

/** Whether a number meets a limit. It is compared exactly, without rounding; `NaN` meets none. */
export function meets({ op, value: limit }: Limit, value: number): boolean {
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
