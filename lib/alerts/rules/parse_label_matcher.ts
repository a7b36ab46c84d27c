import type { LabelMatcher } from "./label_matcher.ts";

/**
 * Parse a label matcher: `host=cdn`, `host!=cdn`, `host=~cdn.*`, `host!~cdn.*`; the value may be quoted.
 *
 * @param text The matcher as text
 * @returns The matcher
 * @throws {SyntaxError} If the text is not a matcher, or its pattern is not a regular expression
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { parseLabelMatcher } from "@civitai-dl/civitai-dl/alerts";
 *
 * assertEquals(parseLabelMatcher("host=cdn"), { name: "host", op: "=", value: "cdn" });
 * assertEquals(parseLabelMatcher('host!~"cdn.*"'), { name: "host", op: "!~", value: "cdn.*" });
 * ```
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
      throw new SyntaxError(`Cannot parse matcher "${text}": its pattern is not a regular expression`, {
        cause: error,
      });
    }
  }
  return { name: name!, op: op as LabelMatcher["op"], value };
}

/**
 * Format a matcher so that {@linkcode parseLabelMatcher} reads it again. The value is quoted unless it contains a
 * quote, for which there is no escape.
 *
 * @param matcher The matcher to format
 * @returns The matcher as text, such as `host=~"cdn.*"`
 */
export function formatLabelMatcher(matcher: LabelMatcher): string {
  const { name, op, value } = matcher;
  return `${name}${op}${value.includes('"') ? value : `"${value}"`}`;
}
