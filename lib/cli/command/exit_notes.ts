/** What each exit code of every command means, in the order of help. */
export const EXIT_NOTES: Readonly<Record<string, string>> = {
  "0": "Done",
  "1": "Something that was asked for failed",
  "2": "Wrong usage or configuration",
  "3": "Inconclusive: not enough evidence",
  "4": "Stopped by a safety check",
  "5": "Login or permission needed",
  "6": "Network or service unavailable",
  "7": "Integrity: content is not what it should be",
  "130/143": "Interrupted, after a report",
};

/**
 * The exit codes of a command, with its own notes in place of the common ones.
 *
 * @param own The command's notes
 * @returns Code and meaning, in the order of help
 */
export function exitNotes(own: Readonly<Record<number, string>> = {}): readonly (readonly [string, string])[] {
  const notes = Object.entries(EXIT_NOTES).map(([code, note]) => [code, own[Number(code)] ?? note] as const);
  const added = Object.entries(own).filter(([code]) => EXIT_NOTES[code] === undefined);
  return [...notes, ...added].toSorted(([a], [b]) => Number.parseInt(a) - Number.parseInt(b));
}
