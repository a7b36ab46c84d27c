/**
 * Match a name against a glob (`*`, `?`), ignoring case; a pattern without either matches as a substring. Backtracks
 * only to the last star, so the time is at most the product of both lengths, not exponential in the number of stars.
 */
export function matchesGlob(name: string, pattern: string): boolean {
  const text = name.toLowerCase();
  const wanted = pattern.toLowerCase();
  if (!/[*?]/.test(wanted)) return text.includes(wanted);
  let at = 0;
  let next = 0;
  let star = -1;
  let resumeAt = 0;
  while (at < text.length) {
    if (wanted[next] === "*") {
      star = next++;
      resumeAt = at;
    } else if (wanted[next] === "?" || wanted[next] === text[at]) {
      at++;
      next++;
    } else if (star !== -1) {
      next = star + 1;
      at = ++resumeAt;
    } else {
      return false;
    }
  }
  while (wanted[next] === "*") next++;
  return next === wanted.length;
}
