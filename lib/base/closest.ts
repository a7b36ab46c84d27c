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

/** Optimal string alignment distance: as Levenshtein's, but two letters that changed places are one edit. */
function editDistance(a: string, b: string): number {
  let beforePrevious: readonly number[] = [];
  let previous: readonly number[] = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      const substitution = previous[j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1);
      const isSwap = i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1];
      const swap = isSwap ? beforePrevious[j - 2]! + 1 : Infinity;
      row.push(Math.min(previous[j]! + 1, row[j - 1]! + 1, substitution, swap));
    }
    beforePrevious = previous;
    previous = row;
  }
  return previous[b.length]!;
}
