/**
 * Match a name against the filter patterns of `on.push.branches`, `tags` or `paths`: `*` and `**`, `?` and `+` after a
 * character, `[ ]`, and `!` for patterns that take back what earlier ones matched.
 *
 * @param patterns The patterns in order; the last that matches decides
 * @param name Such as `v1.1.0`
 * @returns Whether the name passes the filter
 */
export function matchFilter(patterns: readonly string[], name: string): boolean {
  let isMatched = false;
  for (const pattern of patterns) {
    const isNegative = pattern.startsWith("!");
    if (toRegExp(isNegative ? pattern.slice(1) : pattern).test(name)) isMatched = !isNegative;
  }
  return isMatched;
}

function toRegExp(pattern: string): RegExp {
  const source = pattern.replaceAll(/\*\*|\*|\\.|\[[^\]]*\]|[.^$|(){}\\]/g, (part) => {
    if (part === "**") return ".*";
    if (part === "*") return "[^/]*";
    return part.startsWith("[") || part.length > 1 ? part : `\\${part}`;
  });
  return new RegExp(`^${source}$`);
}
