/**
 * Match a name against a glob (`*`, `?`), ignoring case; a pattern without either matches as a substring. Backtracks
 * only to the last star, so the time is at most the product of both lengths, not exponential in the number of stars.
 */
export function matchesGlob(name: string, pattern: string): boolean {
  const text = name.toLowerCase();
  const wanted = pattern.toLowerCase();
  if (!/[*?]/.test(wanted)) return text.includes(wanted);
  let textIndex = 0;
  let patternIndex = 0;
  let star = -1;
  let resumeIndex = 0;
  while (textIndex < text.length) {
    if (wanted[patternIndex] === "*") {
      star = patternIndex++;
      resumeIndex = textIndex;
    } else if (wanted[patternIndex] === "?" || wanted[patternIndex] === text[textIndex]) {
      textIndex++;
      patternIndex++;
    } else if (star !== -1) {
      patternIndex = star + 1;
      textIndex = ++resumeIndex;
    } else {
      return false;
    }
  }
  while (wanted[patternIndex] === "*") patternIndex++;
  return patternIndex === wanted.length;
}
