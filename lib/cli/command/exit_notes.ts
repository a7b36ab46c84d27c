/** The meaning of each exit code, common to all commands, in the order that help shows. */
export const EXIT_NOTES: Readonly<Record<string, string>> = {
  "0": "Done",
  "1": "At least one requested operation failed",
  "2": "Invalid usage or configuration",
  "3": "Inconclusive: not enough evidence",
  "4": "Stopped by a safety check",
  "5": "Login or permission required",
  "6": "Network or service unavailable",
  "7": "Integrity check failed: content is not as expected",
  "129/130/143": "Interrupted; the report was still printed",
};

/**
 * List the exit codes of a command: the common table, with the command's own meanings replacing or extending it.
 *
 * @param own The command's own meanings, by exit code
 * @returns Pairs of code and meaning, in ascending order
 */
export function exitNotes(own: Readonly<Record<number, string>> = {}): readonly (readonly [string, string])[] {
  const notes = Object.entries(EXIT_NOTES).map(([code, note]) => [code, own[Number(code)] ?? note] as const);
  const added = Object.entries(own).filter(([code]) => EXIT_NOTES[code] === undefined);
  return [...notes, ...added].toSorted(([a], [b]) => Number.parseInt(a) - Number.parseInt(b));
}
