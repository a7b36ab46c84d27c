import * as z from "zod";
import { checkShape, Mistakes, readYaml, type YamlPath } from "../../config/mod.ts";
import { isMarked, NOTES_HEADINGS, NOTES_MARK, type NotesText, type ReleaseNotes } from "./release_notes.ts";
import { tryParseReleaseVersion } from "../versions/release_version.ts";

const line = z.string({ error: "must be text" }).min(1, { error: "must not be empty" });
const text = z.strictObject({
  en: line.describe("English, in Markdown"),
  ja: line.describe(`Japanese, in Markdown; ${NOTES_MARK} until it is written`),
}, { error: "must be a mapping with en and ja" });

const notesSchema = z.strictObject({
  version: z.literal(1, { error: "must be 1" }).describe("Version of the file's form"),
  release: line.describe("The version without v, such as 1.1.0"),
  summary: text.describe("What the release is about, in some sentences"),
  sections: z.array(
    z.strictObject({
      heading: z.enum(NOTES_HEADINGS),
      topic: text.optional().describe("What part of the program the entries concern"),
      entries: z.array(text, { error: "must be a list" }).min(1, { error: "must have an entry" }),
    }),
    { error: "must be a list" },
  ).min(1, { error: "must have a section" }),
});

/** Options of {@linkcode parseReleaseNotes}. */
export interface ParseReleaseNotesOptions {
  /** Path of the file in messages. */
  readonly file: string;
  /** The version that the notes must be of, without `v`; any if absent. */
  readonly version?: string | undefined;
  /**
   * Whether every text must be written; a mark is then a mistake.
   *
   * @default {false}
   */
  readonly isComplete?: boolean | undefined;
}

/**
 * Parse the notes of a release.
 *
 * @param text The YAML
 * @param options Name of the file, and what is required of it
 * @returns The notes
 * @throws {ConfigError} With the line and column of each mistake
 */
export function parseReleaseNotes(text: string, options: ParseReleaseNotesOptions): ReleaseNotes {
  const { file, version, isComplete = false } = options;
  const yaml = readYaml(text, { begin: "version: 1" });
  const mistakes = new Mistakes(yaml);
  mistakes.throwIfAny(file);
  const written = checkShape(notesSchema, yaml.value, mistakes);
  mistakes.throwIfAny(file);
  const { release, summary, sections } = written!;
  const notes: ReleaseNotes = {
    release,
    summary,
    sections: sections.map(({ heading, topic = null, entries }) => ({ heading, topic, entries })),
  };
  checkRelease(notes, mistakes, version);
  if (isComplete) addMarks(notes, mistakes);
  mistakes.throwIfAny(file);
  return notes;
}

function checkRelease({ release }: ReleaseNotes, mistakes: Mistakes, version: string | undefined): void {
  const parsed = tryParseReleaseVersion(release);
  if (parsed?.stage !== "stable" || parsed.text !== release) {
    mistakes.add(["release"], `"${release}" is not the version of a release`, { hint: "Write it like 1.1.0" });
  } else if (version !== undefined && release !== version) {
    mistakes.add(["release"], `the notes are of ${release}, expected ${version}`);
  }
}

function addMarks(notes: ReleaseNotes, mistakes: Mistakes): void {
  const texts: readonly (readonly [YamlPath, NotesText])[] = [
    [["summary"], notes.summary],
    ...notes.sections.flatMap(({ topic, entries }, index): (readonly [YamlPath, NotesText])[] => [
      ...topic === null ? [] : [[["sections", index, "topic"], topic] as const],
      ...entries.map((entry, at) => [["sections", index, "entries", at], entry] as const),
    ]),
  ];
  for (const [path, text] of texts) {
    if (isMarked(text.en)) mistakes.add([...path, "en"], "the English is not written yet");
    if (isMarked(text.ja)) mistakes.add([...path, "ja"], "the Japanese is not written yet");
  }
}

/**
 * Generate the JSON Schema of release notes, for editors.
 *
 * @returns A JSON Schema of draft 2020-12
 */
export function releaseNotesJsonSchema(): Record<string, unknown> {
  return { ...z.toJSONSchema(notesSchema, { io: "input" }), title: "Release notes in two languages" };
}
