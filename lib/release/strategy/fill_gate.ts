import { fillPattern } from "./branch_name.ts";

/**
 * Fill the words of a gate. Without a folder of reports, the flag that names it is left out: there is no evidence yet.
 *
 * @param gate Program and arguments, with `{phase}`, `{version}`, `{reports}` and other words
 * @param words Values of the words
 * @param reports Absolute path of the folder of reports; `null` if there is none
 * @returns Program and arguments
 */
export function fillGate(
  gate: readonly string[],
  words: Parameters<typeof fillPattern>[1],
  reports: string | null,
): readonly string[] {
  const isOfReports = (word: string | undefined) => word?.includes("{reports}") ?? false;
  const kept = reports !== null ? gate : gate.filter((word, index) => {
    return !isOfReports(word) && !(word.startsWith("-") && isOfReports(gate[index + 1]));
  });
  return kept.map((word) => fillPattern(word, { ...words, reports: reports ?? "" }));
}
