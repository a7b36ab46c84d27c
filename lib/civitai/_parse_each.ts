/** Entries that could be read, and why the others could not. */
interface ParsedEntries<T> {
  readonly items: readonly T[];
  readonly unreadable: readonly string[];
}

/** Parse entries one by one, so that a bad one does not take the others with it; `null` entries are none. */
export function parseEach<T>(
  entries: readonly unknown[],
  parse: (entry: unknown, index: number) => T,
): ParsedEntries<T> {
  const items: T[] = [];
  const unreadable: string[] = [];
  for (const [index, entry] of entries.entries()) {
    if (entry === null) continue;
    try {
      items.push(parse(entry, index));
    } catch (error) {
      if (!(error instanceof SyntaxError)) throw error;
      unreadable.push(error.message);
    }
  }
  return { items, unreadable };
}
