import { insertYamlItem } from "../../config/mod.ts";
import { parseReleaseNotes } from "./parse_notes.ts";
import { NOTES_HEADINGS, NOTES_MARK } from "./release_notes.ts";

const FIRST_LINES = `# yaml-language-server: $schema=../../config/release-notes.schema.json
# What people read about this release, in both languages. Drafted from CHANGELOG.md: keep what users care about, leave
# out the rest, and write a text in the place of each ${NOTES_MARK}.
version: 1
`;

/** A heading of a changelog's section, and its entries as Markdown. */
interface DraftSection {
  readonly heading: string;
  readonly topic: string | null;
  readonly entries: string[];
}

/**
 * Draft the notes of a release from its section in the changelog: the English is taken from there, the Japanese and the
 * summary are marked as not written.
 *
 * @param body Body of the section in `CHANGELOG.md`
 * @param version The version without `v`
 * @returns YAML; `deno fmt` may break its lines in other places
 */
export function draftReleaseNotes(body: string, version: string): string {
  return [
    `${FIRST_LINES}release: ${version}`,
    "summary:",
    `  en: ${NOTES_MARK}`,
    `  ja: ${NOTES_MARK}`,
    "sections:",
    ...readSections(body).flatMap((section) => indent(draftSection(section), 2)),
    "",
  ].join("\n");
}

/**
 * Add entries to notes that were drafted before, each as the draft would have it: the Japanese is marked as not written.
 * They come below the headings that the notes have already; everything else stays as it is.
 *
 * @param text The YAML of the notes
 * @param body Body of a section of the changelog with the new entries
 * @param file Path of the notes in messages
 * @returns The YAML
 * @throws {ConfigError} With the line and column of each mistake of the notes
 * @throws {SyntaxError} If a list of the notes is written in brackets
 */
export function extendReleaseNotes(text: string, body: string, file: string): string {
  const placeOf = (heading: string) => NOTES_HEADINGS.findIndex((known) => known === heading);
  return readSections(body).reduce((notes, section) => {
    const { sections } = parseReleaseNotes(notes, { file });
    const same = sections.findLastIndex(({ heading, topic }) =>
      heading === section.heading && (topic?.en ?? null) === section.topic
    );
    if (same < 0) {
      const before = sections.filter(({ heading }) => placeOf(heading) <= placeOf(section.heading)).length;
      return insertYamlItem(notes, ["sections"], { at: before, lines: draftSection(section) });
    }
    return section.entries.reduce((extended, entry, index) => {
      const at = sections[same]!.entries.length + index;
      return insertYamlItem(extended, ["sections", same, "entries"], { at, lines: draftEntry(entry) });
    }, notes);
  }, text);
}

function draftSection({ heading, topic, entries }: DraftSection): readonly string[] {
  return [
    `- heading: ${heading}`,
    ...topic === null ? [] : ["  topic:", `    en: ${JSON.stringify(topic)}`, `    ja: ${NOTES_MARK}`],
    "  entries:",
    ...entries.flatMap((entry) => indent(draftEntry(entry), 4)),
  ];
}

function draftEntry(entry: string): readonly string[] {
  return ["- en: |-", ...indent(entry.trimEnd().split("\n"), 4), `  ja: ${NOTES_MARK}`];
}

function indent(lines: readonly string[], columns: number): readonly string[] {
  return lines.map((line) => line === "" ? "" : `${" ".repeat(columns)}${line}`);
}

/** Read the headings of a section that have entries. */
function readSections(body: string): readonly DraftSection[] {
  // Entries above the first heading, or below a heading of another kind, are changes too.
  const sections: DraftSection[] = [{ heading: "Changed", topic: null, entries: [] }];
  for (const line of body.split("\n")) {
    const current = sections.at(-1)!;
    const [, level, title] = /^(#{3,6}) (.*\S)\s*$/.exec(line) ?? [];
    if (level === "###") sections.push({ heading: headingOf(title!), topic: null, entries: [] });
    else if (level !== undefined) sections.push({ heading: current.heading, topic: title!, entries: [] });
    else addLine(current.entries, line);
  }
  return sections.filter(({ entries }) => entries.length > 0);
}

/** Append a line to the entry that it continues, or begin an entry with it. */
function addLine(entries: string[], line: string): void {
  const bullet = /^[-*] +(.*)$/.exec(line);
  if (bullet !== null) entries.push(bullet[1]!);
  else if (entries.length > 0 && /^(\s|$)/.test(line)) entries.push(`${entries.pop()}\n${line.replace(/^ {1,2}/, "")}`);
  else if (line.trim() !== "") entries.push(line);
}

function headingOf(title: string): string {
  return NOTES_HEADINGS.find((heading) => heading === title) ?? "Changed";
}
