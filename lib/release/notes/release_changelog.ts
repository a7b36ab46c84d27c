import { KitError } from "../../base/mod.ts";
import { findChangelogSection, parseChangelog } from "./changelog.ts";
import { foldSection } from "./_fold_section.ts";

/** Options of {@linkcode releaseChangelog}. */
interface ReleaseChangelogOptions {
  /** The version without `v`, such as `1.1.0`. */
  readonly version: string;
  /** Day of the release, such as `2026-11-27`. */
  readonly date: string;
  /** Body of a section with the entries to add; may be empty. */
  readonly entries: string;
}

/**
 * Add entries to the section of a version, and date it. Without such a section, it is made above all others. If it has
 * entries already, those are kept, and the new ones are appended under the same headings.
 *
 * @param text Content of `CHANGELOG.md`
 * @param options Version, date and entries
 * @returns The new content, with the same line ends
 * @throws {KitError} `usage` if the file has a section `[Unreleased]`, which no release would take over
 */
export function releaseChangelog(text: string, { version, date, entries }: ReleaseChangelogOptions): string {
  const misplaced = explainUnreleased(text);
  if (misplaced !== null) {
    throw new KitError("usage", `Cannot prepare CHANGELOG.md: ${misplaced}`, {
      hint: "Move each of its entries to a file of its own in changes/, and delete it",
    });
  }
  const newline = text.includes("\r\n") ? "\r\n" : "\n";
  const lines = text.split(/\r?\n/);
  const existing = findChangelogSection(text, version);
  const body = foldSection(existing?.body ?? "", entries);
  const section = [`## [${version}] - ${date}`, "", ...body === "" ? [] : [...body.split("\n"), ""]];
  const [first] = parseChangelog(text);
  const start = existing?.line ?? first?.line ?? lines.length;
  const before = lines.slice(0, start);
  const above = before.slice(0, before.findLastIndex((line) => line.trim() !== "") + 1);
  const gap = above.length === 0 ? [] : [""];
  return [...above, ...gap, ...section, ...lines.slice(existing?.end ?? start)].join(newline);
}

/**
 * Explain why a changelog has entries that no release takes over.
 *
 * @param text Content of `CHANGELOG.md`
 * @returns The reason, or `null` if there is none
 */
export function explainUnreleased(text: string): string | null {
  const section = findChangelogSection(text, "Unreleased");
  return section === null ? null : `line ${section.line + 1} begins a section [Unreleased], which no release reads`;
}

/**
 * Set the date of a version's section.
 *
 * @param text Content of `CHANGELOG.md`
 * @param options Version and date
 * @returns The new content; unchanged if it has that date, or no such section
 */
export function dateChangelog(
  text: string,
  { version, date }: Pick<ReleaseChangelogOptions, "version" | "date">,
): string {
  return findChangelogSection(text, version) === null ? text : releaseChangelog(text, { version, date, entries: "" });
}
