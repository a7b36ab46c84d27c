import { assertEquals, assertThrows } from "@std/assert";
import { ConfigError } from "../../../lib/config/mod.ts";
import {
  draftReleaseNotes,
  extendReleaseNotes,
  parseReleaseNotes,
  releaseNotesJsonSchema,
  renderNotes,
  renderNotesForTag,
} from "../../../lib/release/mod.ts";

const BODY = `### Added

#### Library

- A flag \`--x\`: "on"
  or #off, see [the guide](docs/guide.md).
- Nested:
  - one
  - two

### Fixed

- A bug.
`;
const FILE = "docs/releases/v1.1.0.yml";

Deno.test("draftReleaseNotes() takes the English of the changelog, and marks what people have to write", () => {
  const draft = draftReleaseNotes(BODY, "1.1.0");
  const notes = parseReleaseNotes(draft, { file: FILE, version: "1.1.0" });
  assertEquals(notes, {
    release: "1.1.0",
    summary: { en: "TODO", ja: "TODO" },
    sections: [
      {
        heading: "Added",
        topic: { en: "Library", ja: "TODO" },
        entries: [
          { en: 'A flag `--x`: "on"\nor #off, see [the guide](docs/guide.md).', ja: "TODO" },
          { en: "Nested:\n- one\n- two", ja: "TODO" },
        ],
      },
      { heading: "Fixed", topic: null, entries: [{ en: "A bug.", ja: "TODO" }] },
    ],
  });
});

Deno.test("draftReleaseNotes() writes YAML that deno fmt leaves as it is", async () => {
  const child = new Deno.Command(Deno.execPath(), {
    args: ["fmt", "-q", "--no-config", "--line-width=120", "--ext=yml", "-"],
    stdin: "piped",
    stdout: "piped",
  }).spawn();
  const draft = draftReleaseNotes(BODY, "1.1.0");
  await new Blob([draft]).stream().pipeTo(child.stdin);
  assertEquals(new TextDecoder().decode((await child.output()).stdout), draft);
});

Deno.test("extendReleaseNotes() adds entries below their headings, in the order of headings, and keeps all else", () => {
  const notes = `${draftReleaseNotes(BODY, "1.1.0").replace(/\n$/, " # a bug")}`;
  const added = "### Added\n\n- Two\n\n  paragraphs.\n\n### Changed\n\n- Other.\n\n### Fixed\n\n- One.\n- Two.\n";
  const extended = extendReleaseNotes(notes, added, FILE);
  const { sections } = parseReleaseNotes(extended, { file: FILE });
  assertEquals(sections.map(({ heading, topic, entries }) => [heading, topic?.en, entries.map(({ en }) => en)]), [
    ["Added", "Library", ['A flag `--x`: "on"\nor #off, see [the guide](docs/guide.md).', "Nested:\n- one\n- two"]],
    ["Added", undefined, ["Two\n\nparagraphs."]],
    ["Changed", undefined, ["Other."]],
    ["Fixed", undefined, ["A bug.", "One.", "Two."]],
  ]);
  const lines = extended.split("\n");
  let at = -1;
  for (const line of notes.split("\n")) {
    at = lines.indexOf(line, at + 1);
    assertEquals(at >= 0, true, `${line} is gone`);
  }
  const first = draftReleaseNotes("### Security\n\n- A hole.\n", "1.1.0");
  assertEquals(
    extendReleaseNotes(first, "### Added\n\n- A flag.\n", FILE),
    draftReleaseNotes("### Added\n\n- A flag.\n\n### Security\n\n- A hole.\n", "1.1.0"),
  );
  const windows = extendReleaseNotes(first.replaceAll("\n", "\r\n"), "### Added\n\n- A flag.\n", FILE);
  assertEquals(windows.replaceAll("\r\n", "").includes("\n"), false);
  const flow =
    `version: 1\nrelease: 1.1.0\nsummary: { en: a, ja: b }\nsections: [{ heading: Fixed, entries: [{ en: a, ja: b }] }]\n`;
  assertThrows(() => extendReleaseNotes(flow, added, FILE), SyntaxError, "sections");
});

Deno.test("parseReleaseNotes() names line and column of each text that is not written yet", () => {
  const draft = draftReleaseNotes("### Fixed\n\n- A bug.", "1.1.0");
  const error = assertThrows(() => parseReleaseNotes(draft, { file: FILE, isComplete: true }), ConfigError);
  assertEquals(
    error.message,
    `Cannot use ${FILE}:7:7: the English is not written yet\n${FILE}:8:7: the Japanese is not written yet\n` +
      `${FILE}:14:13: the Japanese is not written yet`,
  );
  const written = draft.replace("en: TODO", "en: Todo lists work").replaceAll("TODO", "直しました");
  assertEquals(parseReleaseNotes(written, { file: FILE, isComplete: true }).summary.ja, "直しました");
});

Deno.test("parseReleaseNotes() refuses unknown keys, wrong headings, and notes of another version", () => {
  const draft = draftReleaseNotes(BODY, "1.1.0");
  for (
    const [text, message] of [
      [draft.replace("summary:", "sumary:"), 'unknown key "sumary"'],
      [draft.replace("heading: Added", "heading: Aded"), '"heading" is "Aded"'],
      [draft.replace("release: 1.1.0", "release: 1.2.0"), "the notes are of 1.2.0, expected 1.1.0"],
      [draft.replace("release: 1.1.0", "release: 1.1.0-rc.1"), "is not the version of a release"],
      ["", "the file is empty"],
    ] as const
  ) {
    assertThrows(() => parseReleaseNotes(text, { file: FILE, version: "1.1.0" }), ConfigError, message);
  }
});

const NOTES = parseReleaseNotes(
  draftReleaseNotes(BODY, "1.1.0")
    .replace("  en: TODO\n  ja: TODO", "  en: |-\n    Two\n    lines.\n  ja: |-\n    二行を\n    一つに。")
    .replace("      ja: TODO", "      ja: ライブラリ"),
  { file: FILE },
);

Deno.test("renderNotes() joins lines, makes links absolute, and leaves out what is not written", () => {
  assertEquals(
    renderNotes(NOTES, { linkBase: "https://example.org/blob/v1.1.0" }),
    'Two lines.\n\n## Added\n\n### Library\n\n- A flag `--x`: "on" or #off, see ' +
      "[the guide](https://example.org/blob/v1.1.0/docs/guide.md).\n- Nested:\n  - one\n  - two\n\n" +
      "## Fixed\n\n- A bug.\n",
  );
  assertEquals(renderNotes(NOTES, { language: "ja" }), "二行を一つに。\n");
  assertEquals(renderNotes(NOTES, { language: "both" }).endsWith("\n---\n\n# 日本語\n\n二行を一つに。\n"), true);
});

Deno.test("renderNotesForTag() has no line that git takes for a comment", () => {
  const text = renderNotesForTag(NOTES);
  assertEquals(text.startsWith("Two lines.\n\nAdded:\n\nLibrary:\n\n- A flag"), true);
  assertEquals(/^#/m.test(text), false);
});

Deno.test("config/release-notes.schema.json equals the schema of the parser", async () => {
  const path = new URL("../../../config/release-notes.schema.json", import.meta.url);
  assertEquals(JSON.parse(await Deno.readTextFile(path)), releaseNotesJsonSchema());
});
