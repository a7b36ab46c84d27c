import type { MatchersEntry } from "./alerts_schema.ts";
import type { Mistakes, YamlPath } from "../../config/mod.ts";
import type { LabelMatcher } from "../rules/label_matcher.ts";
import { parseLabelMatcher } from "../rules/parse_label_matcher.ts";
import { SEVERITIES } from "../severity.ts";

/** What matchers are checked against. */
export interface MatcherContext {
  readonly mistakes: Mistakes;
  /** Valid values of the label `alertname`; `null` if any value is valid. */
  readonly alertNames: readonly string[] | null;
}

/** Compile label matchers. A matcher that cannot be parsed is reported and omitted. */
export function compileMatchers(
  entry: MatchersEntry | undefined,
  path: YamlPath,
  context: MatcherContext,
): readonly LabelMatcher[] {
  const { mistakes, alertNames } = context;
  if (entry === undefined) return [];
  const parsed: readonly (readonly [YamlPath, LabelMatcher | undefined])[] = Array.isArray(entry)
    ? entry.map((text, index) => {
      const at = [...path, index];
      return [at, mistakes.try(at, () => parseLabelMatcher(text))] as const;
    })
    : Object.entries(entry).map(([name, value]) => [[...path, name], { name, op: "=", value }] as const);
  for (const [at, matcher] of parsed) {
    if (matcher?.op !== "=") continue;
    const { name, value } = matcher;
    if (name === "severity" && !SEVERITIES.some((severity) => severity === value)) {
      mistakes.addUnknown(at, "severity", value, SEVERITIES);
    }
    // Otherwise the matcher would never match, and nobody would notice.
    if (name === "alertname" && alertNames !== null && !alertNames.includes(value)) {
      mistakes.addUnknown(at, "alert", value, alertNames);
    }
  }
  return parsed.flatMap(([, matcher]) => matcher ?? []);
}
