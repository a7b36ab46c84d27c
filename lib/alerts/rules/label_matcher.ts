/** One condition on a label. */
export interface LabelMatcher {
  /** The label's name. */
  readonly name: string;
  /** Equal, not equal, matches all of a pattern, does not. */
  readonly op: "=" | "!=" | "=~" | "!~";
  /** Text or pattern; an absent label is an empty text. */
  readonly value: string;
}

/**
 * Whether labels fulfil all conditions.
 *
 * @param matchers The conditions
 * @param labels The labels
 * @returns True also where there are no conditions
 */
export function fitsMatchers(matchers: readonly LabelMatcher[], labels: Readonly<Record<string, string>>): boolean {
  return matchers.every(({ name, op, value }) => {
    const actual = labels[name] ?? "";
    switch (op) {
      case "=":
        return actual === value;
      case "!=":
        return actual !== value;
      case "=~":
        return new RegExp(`^(?:${value})$`).test(actual);
      case "!~":
        return !new RegExp(`^(?:${value})$`).test(actual);
    }
  });
}
