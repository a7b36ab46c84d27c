import { closest } from "../../base/mod.ts";
import type { Mistakes, YamlPath } from "../../config/mod.ts";

/** Placeholders that every rule has in addition to the labels of its metric. */
const MEASURED = ["value", "threshold", "window", "details"];
const GIVEN = ["alertname", "severity"];
/** A placeholder in double braces, closed or not. */
const BRACES = /\{\{([^{}]*)(\}?\}?)/g;

/**
 * Report each placeholder `{{NAME}}` in a rule's annotations that is unknown or malformed.
 *
 * @param texts The annotations by key
 * @param path Path of the annotations in the file
 * @param context The labels of the rule's metric, and the mistakes to add to
 */
export function checkPlaceholders(
  texts: Readonly<Record<string, string | undefined>>,
  path: YamlPath,
  context: { readonly labels: readonly string[]; readonly mistakes: Mistakes },
): void {
  const { labels, mistakes } = context;
  const known = [...new Set([...MEASURED, ...GIVEN, ...labels])];
  for (const [key, text = ""] of Object.entries(texts)) {
    for (const [whole, inside = "", end] of text.matchAll(BRACES)) {
      const name = inside.trim();
      if (end === "}}" && known.includes(name)) continue;
      const isName = end === "}}" && /^\w+$/.test(name);
      const state = isName ? `there is no placeholder "${name}"` : `"${whole}" is not a placeholder`;
      mistakes.add([...path, key], state, { within: whole, hint: hintFor(name, known) });
    }
  }
}

function hintFor(name: string, known: readonly string[]): string {
  // Extracts the name from spellings of Prometheus: {{ $value | humanize }}, {{ $labels.host }}, {{ .Labels.host }}.
  const word = /^[$.]?(?:labels\.)?(\w+)/i.exec(name)?.[1] ?? name;
  const near = closest(word, known);
  if (near !== undefined) return `Did you mean "{{${near}}}"?`;
  return `Use one of ${known.join(", ")}`;
}
