/** A heading with the text below it, up to the next heading. */
interface Part {
  /** The headings above and of this part, such as `["### Added", "#### Library"]`; empty before the first. */
  readonly path: readonly string[];
  readonly text: string;
}

/**
 * Append the entries of one section to another one, each under the heading that both have. Headings that only the second
 * one has are added at the end of what is around them.
 *
 * @param base Body of the section that comes first
 * @param added Body of the section to append
 * @returns The new body
 */
export function foldSection(base: string, added: string): string {
  const parts = splitByHeading(base);
  for (const part of splitByHeading(added)) {
    const same = parts.findIndex(({ path }) => isSame(path, part.path));
    if (same >= 0) {
      parts[same] = { ...part, text: join(parts[same]!.text, part.text) };
      continue;
    }
    const parent = part.path.slice(0, -1);
    const last = parts.findLastIndex(({ path }) => isSame(path.slice(0, parent.length), parent));
    parts.splice(parent.length === 0 || last < 0 ? parts.length : last + 1, 0, part);
  }
  return parts.flatMap(({ path, text }) => [path.at(-1) ?? "", text]).filter((text) => text !== "").join("\n\n");
}

function splitByHeading(body: string): Part[] {
  const parts: { path: readonly string[]; lines: string[] }[] = [{ path: [], lines: [] }];
  for (const line of body.split("\n")) {
    const level = /^(#{3,6}) /.exec(line)?.[1]?.length;
    if (level === undefined) {
      parts.at(-1)!.lines.push(line);
      continue;
    }
    const above = parts.at(-1)!.path.filter((heading) => heading.indexOf(" ") < level);
    parts.push({ path: [...above, line.trimEnd()], lines: [] });
  }
  return parts.map(({ path, lines }) => ({ path, text: lines.join("\n").replace(/^\n+/, "").trimEnd() }))
    .filter(({ path, text }) => path.length > 0 || text !== "");
}

/** Join two texts. Two lists become one, without an empty line between them. */
function join(first: string, second: string): string {
  if (first === "" || second === "") return first + second;
  return `${first}\n${/^[-*] /.test(second) ? "" : "\n"}${second}`;
}

function isSame(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && a.every((heading, index) => heading === b[index]);
}
