import { KitError } from "../../base/mod.ts";

/** A section of a changelog: what is below a heading such as `## [1.1.0] - 2026-11-27`. */
export interface ChangelogSection {
  /** The version without `v`. */
  readonly name: string;
  /** The date in the heading, such as `2026-11-27`; `null` if there is none. */
  readonly date: string | null;
  /** Number of the heading's line, from 0. */
  readonly line: number;
  /** Number of the line after the section's last one. */
  readonly end: number;
  /** The lines below the heading, without empty lines at both ends. */
  readonly body: string;
}

const HEADING = /^## \[?([^\]\s]+)\]?(?: - (\S+))?\s*$/;
const REFERENCE = /^\[[^\]]+\]:\s/;
const FENCE = /^\s{0,3}(`{3,}|~{3,})/;

/**
 * Parse the sections of a changelog in the format of Keep a Changelog. Headings in code blocks do not count.
 *
 * @param text Content of `CHANGELOG.md`, with any line ends
 * @returns The sections in the order of the file
 */
export function parseChangelog(text: string): readonly ChangelogSection[] {
  const lines = text.split(/\r?\n/);
  const isHeading = findHeadings(lines);
  const starts = lines.flatMap((line, index) => {
    const match = isHeading[index] ? HEADING.exec(line) : null;
    return match === null ? [] : [{ name: match[1]!, date: match[2] ?? null, line: index }];
  });
  // Links that the headings refer to are at the end of the file, and belong to no section.
  const lastText = lines.findLastIndex((line) => line.trim() !== "" && !REFERENCE.test(line));
  const firstLink = lines.findIndex((line, index) => index > lastText && REFERENCE.test(line));
  return starts.map((start) => {
    const next = isHeading.findIndex((is, index) => is && index > start.line);
    const last = firstLink < 0 ? lines.length : firstLink;
    const end = next < 0 ? last : next;
    const body = lines.slice(start.line + 1, end).join("\n").replace(/^(?:[ \t]*\n)+/, "").trimEnd();
    return { ...start, end, body };
  });
}

/** Find which lines are headings of the second level outside of code blocks: one boolean for each line. */
function findHeadings(lines: readonly string[]): readonly boolean[] {
  let fence: string | null = null;
  return lines.map((line) => {
    const mark = FENCE.exec(line)?.[1];
    if (mark !== undefined) {
      if (fence === null) fence = mark;
      else if (mark.startsWith(fence)) fence = null;
      return false;
    }
    return fence === null && /^##? /.test(line);
  });
}

/**
 * Find a section by its name.
 *
 * @param text Content of `CHANGELOG.md`
 * @param name A version without `v`; upper and lower case are the same
 * @returns The section, or `null` if there is none
 * @throws {KitError} `usage` if there are two of that name
 */
export function findChangelogSection(text: string, name: string): ChangelogSection | null {
  const found = parseChangelog(text).filter((section) => section.name.toLowerCase() === name.toLowerCase());
  const [first, second] = found;
  if (second === undefined) return first ?? null;
  throw new KitError(
    "usage",
    `Cannot read CHANGELOG.md: it has two sections [${name}], in lines ${first!.line + 1} and ${second.line + 1}`,
    { hint: "Make one of them" },
  );
}

/**
 * Return whether a section says anything: headings alone do not.
 *
 * @param section The section
 * @returns Whether it has no entry
 */
export function isEmptySection({ body }: ChangelogSection): boolean {
  return body.split("\n").every((line) => line.trim() === "" || /^#{3,6} /.test(line));
}

/**
 * Count the entries of a section: the items of its lists, without those inside of another item.
 *
 * @param section The section
 * @returns Number of entries
 */
export function countEntries({ body }: Pick<ChangelogSection, "body">): number {
  return body.split("\n").filter((line) => /^[-*] /.test(line)).length;
}
