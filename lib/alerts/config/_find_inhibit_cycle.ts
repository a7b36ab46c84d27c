import type { AlertRule } from "../rules/alert_rule.ts";
import type { InhibitRule } from "./alerts_config.ts";
import { fitsMatchers, type LabelMatcher } from "../rules/label_matcher.ts";

/** A cycle of rules that mute each other. */
export interface InhibitCycle {
  /** Index of the `inhibit` entry that closes the cycle. */
  readonly index: number;
  /** Names of the rules in the cycle; the last repeats the first. */
  readonly names: readonly string[];
}

/**
 * Find rules that would mute each other, so that none of them is ever sent. Labels that come from the metric are not
 * known here, so matchers on them count as matching.
 */
export function findInhibitCycle(
  rules: readonly AlertRule[],
  inhibit: readonly InhibitRule[],
): InhibitCycle | undefined {
  const edges = new Map<string, readonly (readonly [to: string, index: number])[]>();
  for (const from of rules) {
    edges.set(
      from.name,
      inhibit.flatMap((entry, index) =>
        mayMatch(entry.source, from)
          ? rules.filter((to) => mayMatch(entry.target, to) && mayMute(from, to, entry)).map((to) =>
            [to.name, index] as const
          )
          : []
      ),
    );
  }
  const done = new Set<string>();
  const walk = (name: string, trail: readonly string[]): InhibitCycle | undefined => {
    for (const [to, index] of edges.get(name) ?? []) {
      const start = trail.indexOf(to);
      if (start !== -1) return { index, names: [...trail.slice(start), to] };
      const found = done.has(to) ? undefined : walk(to, [...trail, to]);
      if (found !== undefined) return found;
    }
    done.add(name);
    return undefined;
  };
  for (const { name } of rules) {
    const found = done.has(name) ? undefined : walk(name, [name]);
    if (found !== undefined) return found;
  }
  return undefined;
}

function labelsOf(rule: AlertRule): Readonly<Record<string, string>> {
  return { ...rule.labels, alertname: rule.name, severity: rule.severity };
}

function mayMatch(matchers: readonly LabelMatcher[], rule: AlertRule): boolean {
  return fitsMatchers(matchers.filter(({ name }) => !rule.by.includes(name)), labelsOf(rule));
}

/**
 * Whether one rule can mute the other: an alert never mutes itself, and the labels in `equal` must have equal values.
 */
function mayMute(from: AlertRule, to: AlertRule, entry: InhibitRule): boolean {
  const isSame = from.name === to.name;
  // Alerts of one rule differ only in their `by` labels; if all of these must be equal, an alert matches only itself.
  if (isSame && from.by.every((label) => entry.equal.includes(label))) return false;
  const mine = labelsOf(from);
  const theirs = labelsOf(to);
  return entry.equal.every((label) =>
    from.by.includes(label) || to.by.includes(label) || (mine[label] ?? "") === (theirs[label] ?? "")
  );
}
