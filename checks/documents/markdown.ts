/** A heading of a Markdown page. */
export interface Heading {
  /** Number of the line, from 0. */
  readonly line: number;
  /** 1 to 6. */
  readonly level: number;
  /** The heading as written. */
  readonly text: string;
  /** Name under which a link reaches it, as on GitHub. */
  readonly anchor: string;
}

/** Split a page into lines, each with whether it is outside of code blocks. */
export function* proseLines(text: string): Generator<{ readonly line: string; readonly isProse: boolean }> {
  let fence = "";
  for (const line of text.split("\n")) {
    const mark = /^\s*(`{3,}|~{3,})/.exec(line)?.[1] ?? "";
    const isProse = fence === "" && mark === "";
    yield { line, isProse };
    if (fence === "") fence = mark;
    else if (mark.startsWith(fence) && line.trim() === mark) fence = "";
  }
}

/** List the headings of a page. */
export function listHeadings(text: string): readonly Heading[] {
  const headings: Heading[] = [];
  const counts = new Map<string, number>();
  let number = -1;
  for (const { line, isProse } of proseLines(text)) {
    number++;
    const found = isProse ? /^(#{1,6})\s+(.+?)\s*#*$/.exec(line) : null;
    if (found === null) continue;
    const slug = anchorOf(found[2]!);
    const count = counts.get(slug) ?? 0;
    counts.set(slug, count + 1);
    const anchor = count === 0 ? slug : `${slug}-${count}`;
    headings.push({ line: number, level: found[1]!.length, text: found[2]!, anchor });
  }
  return headings;
}

/** Return the text of a heading without Markdown, for a list of pages. */
export function plainHeading(text: string): string {
  return text.replaceAll(/\[([^\]]*)\]\([^)]*\)/g, "$1").replaceAll(/[`*]/g, "");
}

/** Make the anchor of a heading as GitHub does. */
function anchorOf(heading: string): string {
  return plainHeading(heading).toLowerCase().replaceAll(/[^\p{L}\p{M}\p{N}\p{Pc} -]/gu, "").replaceAll(" ", "-");
}

/** A link of a page to a file or an anchor of this repository. */
export interface RelativeLink {
  /** Path as written, relative to the page; empty for a link within the page. */
  readonly path: string;
  /** Anchor without `#`; `undefined` if there is none. */
  readonly anchor?: string | undefined;
}

// The text of a link may have begun on the line before.
const LINK = /(\]\()([^()\s]+)(\)|\s+"[^"]*"\))|(\b(?:src|href|srcset)=")([^"\s]+)(")/g;

/**
 * Replace the targets of the relative links and images of a page. Code is left alone.
 *
 * @param replace Receives each target, and returns the new one
 */
export function replaceLinks(text: string, replace: (link: RelativeLink) => string): string {
  const lines: string[] = [];
  for (const { line, isProse } of proseLines(text)) lines.push(isProse ? replaceInLine(line, replace) : line);
  return lines.join("\n");
}

function replaceInLine(line: string, replace: (link: RelativeLink) => string): string {
  // Inline code may show what a link looks like, but a link may also have code as its text.
  const code = [...line.matchAll(/`[^`]+`/g)].map(({ index, 0: { length } }) => [index, index + length] as const);
  return line.replaceAll(LINK, (whole, open, target, close, openTag, tagTarget, closeTag, at: number) => {
    const found: string = target ?? tagTarget;
    if (/^[a-z][a-z\d+.-]*:|^\/\//i.test(found)) return whole;
    if (code.some(([start, end]) => start < at && at < end)) return whole;
    const hash = found.indexOf("#");
    const link = hash < 0 ? { path: found } : { path: found.slice(0, hash), anchor: found.slice(hash + 1) };
    return `${open ?? openTag}${replace(link)}${close ?? closeTag}`;
  });
}

/** List the relative links and images of a page. */
export function listLinks(text: string): readonly RelativeLink[] {
  const links: RelativeLink[] = [];
  replaceLinks(text, (link) => {
    links.push(link);
    return "";
  });
  return links;
}
