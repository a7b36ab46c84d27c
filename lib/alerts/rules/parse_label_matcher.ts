import type { LabelMatcher } from "./label_matcher.ts";

/**
 * Parse a condition on a label: `host=cdn`, `host!=cdn`, `host=~cdn.*`, `host!~cdn.*`; the value may be quoted.
 *
 * @param text The condition
 * @returns The matcher
 * @throws {SyntaxError} If it is none, or its pattern is none
 */
export function parseLabelMatcher(text: string): LabelMatcher {
  const match = /^\s*([A-Za-z_]\w*)\s*(=~|!~|!=|=)\s*(?:"([^"]*)"|([^"].*?)?)\s*$/s.exec(text);
  if (match === null) {
    throw new SyntaxError(
      `Cannot parse matcher "${text}": write NAME=VALUE, NAME!=VALUE, NAME=~PATTERN or NAME!~PATTERN`,
    );
  }
  const [, name, op, quoted, bare] = match;
  const value = quoted ?? bare ?? "";
  if (op === "=~" || op === "!~") {
    try {
      new RegExp(`^(?:${value})$`);
    } catch (error) {
      throw new SyntaxError(`Cannot parse matcher "${text}": its pattern is no regular expression`, { cause: error });
    }
  }
  return { name: name!, op: op as LabelMatcher["op"], value };
}

/**
 * Write a matcher as it is parsed.
 *
 * @param matcher The matcher
 * @returns Such as `host=~"cdn.*"`
 */
export function formatLabelMatcher(matcher: LabelMatcher): string {
  return `${matcher.name}${matcher.op}"${matcher.value}"`;
}
