/** Does a name match a glob (`*`, `?`), whatever the letter case; a pattern without either is a substring. */
export function matchesGlob(name: string, pattern: string): boolean {
  const text = name.toLowerCase();
  const wanted = pattern.toLowerCase();
  if (!/[*?]/.test(wanted)) return text.includes(wanted);
  const source = wanted.replace(/[.+^${}()|[\]\\]/g, "\\$&").replaceAll("*", ".*").replaceAll("?", ".");
  return new RegExp(`^${source}$`, "s").test(text);
}
