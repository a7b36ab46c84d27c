import { KitError } from "../../base/mod.ts";
import { type ChangelogSection, findChangelogSection, isEmptySection } from "./changelog.ts";
import { foldSection } from "./_fold_section.ts";

/** Options of {@linkcode releaseChangelog}. */
export interface ReleaseChangelogOptions {
  /** The version without `v`, such as `1.1.0`. */
  readonly version: string;
  /** Day of the release, such as `2026-11-27`. */
  readonly date: string;
  /** Tag of the last release, for the links at the end of the file; `null` if there is none. */
  readonly previousTag: string | null;
}

/**
 * Move what is under `[Unreleased]` into the section of a version, and leave an empty `[Unreleased]` above it. If the
 * version has a section already, the entries are appended under the same headings there. Links at the end of the file
 * that compare tags are continued.
 *
 * @param text Content of `CHANGELOG.md`
 * @param options Version and date
 * @returns The new content, with the same line ends
 * @throws {KitError} `usage` if there is no `[Unreleased]`, or it is empty
 */
export function releaseChangelog(text: string, options: ReleaseChangelogOptions): string {
  const { version, date } = options;
  const unreleased = findChangelogSection(text, "Unreleased");
  if (unreleased === null) {
    throw new KitError("usage", "Cannot prepare CHANGELOG.md: it has no section [Unreleased]", {
      hint: "Add a line ## [Unreleased] above the latest release, and what is new below it",
    });
  }
  if (isEmptySection(unreleased)) {
    throw new KitError(
      "usage",
      `Cannot prepare CHANGELOG.md: nothing is under [Unreleased] in line ${unreleased.line + 1}`,
      {
        hint: "Say there what users notice; a release without changes is not made",
      },
    );
  }
  const newline = text.includes("\r\n") ? "\r\n" : "\n";
  const lines = text.split(/\r?\n/);
  const existing = findChangelogSection(text, version);
  const section = [
    `## [${version}] - ${date}`,
    "",
    ...foldSection(existing?.body ?? "", unreleased.body).split("\n"),
    "",
  ];
  const kept = existing === null ? [] : [existing];
  const rest = linesWithout(lines, [unreleased, ...kept]);
  const above = kept.filter(({ line }) => line < unreleased.line);
  const at = linesWithout(lines.slice(0, unreleased.line), above).length;
  const changed = [...rest.slice(0, at), "## [Unreleased]", "", ...section, ...rest.slice(at)];
  return renewLinks(changed, options).join(newline);
}

/** Leave out the lines of sections; the first of them is the first in the file. */
function linesWithout(lines: readonly string[], sections: readonly ChangelogSection[]): readonly string[] {
  return lines.filter((_, index) => sections.every(({ line, end }) => index < line || index >= end));
}

/** Continue the links `[Unreleased]: …/compare/v1.0.0...HEAD` and `[1.0.0]: …`, if the file has them. */
function renewLinks(
  lines: readonly string[],
  { version, previousTag }: ReleaseChangelogOptions,
): readonly string[] {
  const at = lines.findIndex((line) => /^\[unreleased\]:\s/i.test(line));
  const link = at < 0 ? null : /^(\[[^\]]+\]:\s+)(\S+\/compare\/)(\S+?)\.\.\.\S+\s*$/.exec(lines[at]!);
  if (link === null) return lines;
  const [, label, compare, from] = link;
  const others = lines.filter((line, index) => index !== at && !line.startsWith(`[${version}]:`));
  const before = previousTag ?? from!;
  const renewed = [`${label}${compare}v${version}...HEAD`, `[${version}]: ${compare}${before}...v${version}`];
  const place = lines.slice(0, at).filter((line) => !line.startsWith(`[${version}]:`)).length;
  return [...others.slice(0, place), ...renewed, ...others.slice(place)];
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
  const section = findChangelogSection(text, version);
  if (section === null) return text;
  let line = -1;
  return text.replaceAll(/^.*$/gm, (content) => {
    line++;
    return line === section.line ? `## [${version}] - ${date}${content.endsWith("\r") ? "\r" : ""}` : content;
  });
}
