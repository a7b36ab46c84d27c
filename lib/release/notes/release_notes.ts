/** A text in both languages, in Markdown. */
export interface NotesText {
  /** English. */
  readonly en: string;
  /** Japanese. */
  readonly ja: string;
}

/** Headings of Keep a Changelog. */
export const NOTES_HEADINGS = ["Added", "Changed", "Deprecated", "Removed", "Fixed", "Security"] as const;

/** A language of release notes. */
export type NotesLanguage = keyof NotesText;

/** Entries below one heading. */
export interface NotesSection {
  /** Kind of the changes. */
  readonly heading: "Added" | "Changed" | "Deprecated" | "Removed" | "Fixed" | "Security";
  /** What part of the program they concern; `null` if the section has no such heading. */
  readonly topic: NotesText | null;
  /** The changes. */
  readonly entries: readonly NotesText[];
}

/** Notes for the people who use a release, as in `docs/releases/v1.1.0.yml`. */
export interface ReleaseNotes {
  /** The version without `v`, such as `1.1.0`. */
  readonly release: string;
  /** What the release is about, in some sentences. */
  readonly summary: NotesText;
  /** The changes. */
  readonly sections: readonly NotesSection[];
}

/** What stands in the place of a text that is not written yet. */
export const NOTES_MARK = "TODO";

/**
 * Return the path of a release's notes, from the root of the repository.
 *
 * @param version The version without `v`, such as `1.1.0`
 * @returns Such as `docs/releases/v1.1.0.yml`
 */
export function notesPathOf(version: string): string {
  return `docs/releases/v${version}.yml`;
}

/**
 * Return whether a text has not been written yet.
 *
 * @param text A text of release notes
 * @returns Whether it begins with the mark
 */
export function isMarked(text: string): boolean {
  return /^TODO\b/.test(text.trim());
}
