/** Whether a claim has a name; `*` in it stands for any text. */
export function matchesClaim(pattern: string, id: string): boolean {
  const [first, ...rest] = pattern.split("*");
  if (rest.length === 0) return id === first;
  const source = pattern.split("*").map((part) => part.replaceAll(/[.+?^${}()|[\]\\]/g, "\\$&")).join(".*");
  return new RegExp(`^${source}$`).test(id);
}
