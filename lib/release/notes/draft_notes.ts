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
  const sections = readSections(body).filter(({ entries }) => entries.length > 0);
  return [
    `${FIRST_LINES}release: ${version}`,
    "summary:",
    `  en: ${NOTES_MARK}`,
    `  ja: ${NOTES_MARK}`,
    "sections:",
    ...sections.flatMap(({ heading, topic, entries }) => [
      `  - heading: ${heading}`,
      ...topic === null ? [] : ["    topic:", `      en: ${JSON.stringify(topic)}`, `      ja: ${NOTES_MARK}`],
      "    entries:",
      ...entries.flatMap((entry) => [
        "      - en: |-",
        ...entry.trimEnd().split("\n").map((line) => line === "" ? "" : `          ${line}`),
        `        ja: ${NOTES_MARK}`,
      ]),
    ]),
    "",
  ].join("\n");
}

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
  return sections;
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
