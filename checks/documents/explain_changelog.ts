const UNRELEASED = "Unreleased";
/** Number of paths in a message. */
const MAX_NAMED = 3;

/**
 * Explain why a changelog does not tell of a change: its unreleased entries, and those of versions that were released
 * since, are all in the earlier changelog, too. Entries of versions that were released before do not count.
 *
 * @param before The earlier changelog
 * @param now The changelog
 * @param changed Paths of the program that differ
 * @returns The explanation; `null` if an entry was added or changed, or if nothing of the program was
 */
export function explainChangelog(before: string, now: string, changed: readonly string[]): string | null {
  if (changed.length === 0) return null;
  const earlier = readSections(before);
  const known = new Set(earlier.flatMap(({ entries }) => entries));
  const open = readSections(now).filter(({ version }) =>
    version === UNRELEASED || earlier.every((one) => one.version !== version)
  );
  if (open.some(({ entries }) => entries.some((entry) => !known.has(entry)))) return null;
  const more = changed.length > MAX_NAMED ? ` and ${changed.length - MAX_NAMED} more` : "";
  return `no entry was added under [Unreleased], but ${changed.slice(0, MAX_NAMED).join(", ")}${more} changed`;
}

/** The versions with their entries, without line breaks. */
function readSections(text: string): readonly { readonly version: string; readonly entries: readonly string[] }[] {
  return text.split(/^## (?=\[)/m).slice(1).map((section) => ({
    version: /^\[([^\]]*)/.exec(section)![1]!,
    entries: section.split(/\n(?=- |#)/).filter((part) => part.startsWith("- "))
      .map((part) => part.split(/\s+/).join(" ").trim()),
  }));
}
