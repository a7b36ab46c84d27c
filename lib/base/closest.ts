import { editDistance } from "./edit_distance.ts";

/**
 * Find the valid word that the user most likely meant by a misspelled one, ignoring case.
 *
 * @returns The nearest valid word, or `undefined` if each differs by more than two edits and by more than a third of
 * the length of `word`; of up to three letters, by more than one edit, or two letters that are missing at the end
 */
export function closest(word: string, known: Iterable<string>): string | undefined {
  const written = word.toLowerCase();
  let best: string | undefined;
  let bestDistance = Math.max(2, Math.floor(word.length / 3)) + 1;
  for (const candidate of known) {
    const valid = candidate.toLowerCase();
    const distance = editDistance(written, valid);
    // In a word of three letters, two that differ are another word.
    if (word.length <= 3 && distance > 1 && !valid.startsWith(written)) continue;
    if (distance < bestDistance) {
      best = candidate;
      bestDistance = distance;
    }
  }
  return best;
}
