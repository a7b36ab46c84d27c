import { EXITS, STOP_CODES } from "../../base/mod.ts";

/** The codes with which an interrupted command ends. */
const INTERRUPTED = STOP_CODES.join("/");

/** Each exit code as help writes it, its meaning, and whether every command can end with it. */
const KNOWN: readonly (readonly [code: string, note: string, isCommon: boolean])[] = [
  ["0", "Done", true],
  ...Object.entries(EXITS).map(([kind, { code, note, isCommon }]) =>
    [kind === "interrupted" ? INTERRUPTED : String(code), note, isCommon] as const
  ),
];

/** The common meaning of each exit code, in the order that help shows. */
export const EXIT_NOTES: Readonly<Record<string, string>> = Object.fromEntries(
  KNOWN.map(([code, note]) => [code, note]),
);

/** Codes that every command can end with. */
const OF_EVERY: readonly string[] = KNOWN.filter(([, , isCommon]) => isCommon).map(([code]) => code);

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
