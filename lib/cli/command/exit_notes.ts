import { EXITS, STOP_CODES } from "../../base/mod.ts";

/** The codes with which an interrupted command ends. */
const INTERRUPTED = STOP_CODES.join("/");

/** The common meaning of each exit code, in the order that help shows. */
export const EXIT_NOTES: Readonly<Record<string, string>> = {
  "0": "Done",
  ...Object.fromEntries(
    Object.entries(EXITS).map(([kind, { code, note }]) => [kind === "interrupted" ? INTERRUPTED : code, note]),
  ),
};

/** Codes that every command can end with: the system may refuse any file that is read or written. */
const OF_EVERY: readonly string[] = ["0", "1", "2", "4", "5", INTERRUPTED];

/** Exit codes of a command: a meaning of its own, or `true` for the common one. */
export type Exits = Readonly<Record<number, string | true>>;

/**
 * List the exit codes that a command can end with: those of every command and its own.
 *
 * @returns Pairs of code and meaning, in ascending order
 */
export function exitNotes(own: Exits = {}): readonly (readonly [string, string])[] {
  const codes = new Set([...OF_EVERY, ...Object.keys(own)]);
  const notes = [...codes].map((code) => {
    const note = own[Number(code)] ?? true;
    return [code, note === true ? EXIT_NOTES[code]! : note] as const;
  });
  return notes.toSorted(([a], [b]) => Number.parseInt(a) - Number.parseInt(b));
}
