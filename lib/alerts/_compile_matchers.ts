import type { MatchersEntry } from "./_alerts_schema.ts";
import type { Mistakes } from "./_mistakes.ts";
import type { YamlPath } from "./_read_yaml.ts";
import type { LabelMatcher } from "./label_matcher.ts";
import { parseLabelMatcher } from "./parse_label_matcher.ts";
import { SEVERITIES } from "./severity.ts";

/** Read conditions on labels; those that cannot be read are noted and left out. */
export function compileMatchers(
  entry: MatchersEntry | undefined,
  path: YamlPath,
  mistakes: Mistakes,
): readonly LabelMatcher[] {
  if (entry === undefined) return [];
  const parsed: readonly (readonly [YamlPath, LabelMatcher | undefined])[] = Array.isArray(entry)
    ? entry.map((text, index) => {
      const at = [...path, index];
      return [at, mistakes.try(at, () => parseLabelMatcher(text))] as const;
    })
    : Object.entries(entry).map(([name, value]) => [[...path, name], { name, op: "=", value }] as const);
  for (const [at, matcher] of parsed) {
    const isPlain = matcher?.name === "severity" && matcher.op === "=";
    if (isPlain && !SEVERITIES.some((severity) => severity === matcher.value)) {
      mistakes.addUnknown(at, "severity", matcher.value, SEVERITIES);
    }
  }
  return parsed.flatMap(([, matcher]) => matcher ?? []);
}
