import { parseChangelog } from "../../lib/release/mod.ts";

/** Number of paths in a message. */
const MAX_NAMED = 3;

/** What differs from an earlier commit. */
export interface ChangedFiles {
  /** Paths of the program that differ. */
  readonly program: readonly string[];
  /** Files of `changes/` that are new or differ. */
  readonly changes: readonly string[];
  /** The changelog of that commit. */
  readonly before: string;
  /** The changelog now. */
  readonly now: string;
}

/**
 * Explain why users are not told of a change: no file of `changes/` is new or differs, and no release has taken one over
 * into the changelog. Entries of versions that were released before do not count.
 *
 * @returns The explanation; `null` if users are told, or if nothing of the program differs
 */
export function explainMissingChange({ program, changes, before, now }: ChangedFiles): string | null {
  if (program.length === 0 || changes.length > 0) return null;
  const earlier = parseChangelog(before);
  const known = new Set(earlier.flatMap(({ body }) => listEntries(body)));
  const isReleased = (version: string) => earlier.some(({ name, date }) => name === version && date !== null);
  const open = parseChangelog(now).filter(({ name }) => !isReleased(name));
  if (open.some(({ body }) => listEntries(body).some((entry) => !known.has(entry)))) return null;
  const more = program.length > MAX_NAMED ? ` and ${program.length - MAX_NAMED} more` : "";
  return `no file of changes/ tells users of a change, but ${program.slice(0, MAX_NAMED).join(", ")}${more} changed`;
}

/** The entries of a section, without line breaks. */
function listEntries(body: string): readonly string[] {
  return `\n${body}`.split(/\n(?=- |#)/).filter((part) => part.startsWith("- "))
    .map((part) => part.split(/\s+/).join(" ").trim());
}
