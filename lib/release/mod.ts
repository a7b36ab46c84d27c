/**
 * Branches, versions and releases of the project: what the branch strategy allows, and which steps lead there. `notes/`
 * is what people read about a release.
 *
 * @module
 */
export { type ChangelogSection, findChangelogSection, isEmptySection, parseChangelog } from "./notes/changelog.ts";
export { type ConventionalCommit, parseConventionalCommit } from "./notes/conventional_commit.ts";
export { draftReleaseNotes } from "./notes/draft_notes.ts";
export {
  listUnlistedCommits,
  type ListUnlistedCommitsOptions,
  type UnlistedCommit,
} from "./notes/list_unlisted_commits.ts";
export { parseReleaseNotes, type ParseReleaseNotesOptions, releaseNotesJsonSchema } from "./notes/parse_notes.ts";
export { dateChangelog, releaseChangelog, type ReleaseChangelogOptions } from "./notes/release_changelog.ts";
export {
  isMarked,
  type NotesLanguage,
  notesPathOf,
  type NotesSection,
  type NotesText,
  type ReleaseNotes,
} from "./notes/release_notes.ts";
export { renderNotes, renderNotesForTag, type RenderNotesOptions } from "./notes/render_notes.ts";
export {
  compareReleaseVersions,
  parseReleaseVersion,
  type ReleaseStage,
  type ReleaseVersion,
  tryParseReleaseVersion,
} from "./versions/release_version.ts";
