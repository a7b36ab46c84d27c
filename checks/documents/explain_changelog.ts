/** Number of paths in a message. */
const MAX_NAMED = 3;

/**
 * Explain why a changelog does not tell of a change: its unreleased entries, and those of versions that were released
 * since, are all in the earlier changelog, too.
 *
 * @param before The earlier changelog
 * @param now The changelog
 * @param changed Paths of the program that differ
 * @returns The explanation; `null` if an entry was added or changed, or if nothing of the program was
 */
export function explainChangelog(before: string, now: string, changed: readonly string[]): string | null {
  if (changed.length === 0) return null;
  const known = new Set(listEntries(before));
  if (listEntries(now).some((entry) => !known.has(entry))) return null;
  const more = changed.length > MAX_NAMED ? ` and ${changed.length - MAX_NAMED} more` : "";
  return `no entry was added under [Unreleased], but ${changed.slice(0, MAX_NAMED).join(", ")}${more} changed`;
}

/** The entries below the headings of versions, without line breaks. */
function listEntries(text: string): readonly string[] {
  const start = text.indexOf("\n## [");
  return start === -1 ? [] : text.slice(start).split(/\n(?=- |#)/).filter((part) => part.startsWith("- "))
    .map((part) => part.split(/\s+/).join(" ").trim());
}
