/** A matcher for one label, as in Prometheus. */
export interface LabelMatcher {
  /** The label's name. */
  readonly name: string;
  /** `=` equal, `!=` not equal, `=~` matches the whole pattern, `!~` does not match it. */
  readonly op: "=" | "!=" | "=~" | "!~";
  /** A string or a regular expression; an absent label counts as an empty string. */
  readonly value: string;
}

/**
 * Check whether labels satisfy all matchers.
 *
 * @param matchers The matchers
 * @param labels The labels of an alert
 * @returns True if all match, and if there are no matchers
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
