import { KitError, shell } from "../../base/mod.ts";
import type { Repository } from "../../git/mod.ts";
import { findChangelogSection, isEmptySection } from "../notes/changelog.ts";
import { dateChangelog } from "../notes/release_changelog.ts";
import { renderNotesForTag } from "../notes/render_notes.ts";
import {
  CONFIG_PATH,
  MANUAL_PATH,
  type ReleaseVersion,
  setConfigVersion,
  setManualVersion,
} from "../../installation/mod.ts";
import { readTreeChanges, readTreeFile } from "./_tree_files.ts";

/** What a stage takes from the release's branch. */
export interface StageFiles {
  /** New contents of the files that change, by path. */
  readonly texts: Readonly<Record<string, string>>;
  /** The section of the changelog, as text for the tag. */
  readonly notes: string;
}

/** Options of {@linkcode readStageFiles}. */
interface StageFilesOptions {
  readonly base: ReleaseVersion;
  /** The version to tag. */
  readonly version: ReleaseVersion;
  /** Short name of the branch, for messages. */
  readonly branch: string;
  /** Day of the release; only a stable one changes the changelog's date. */
  readonly date: string;
}

/**
 * Read the files of a release's branch, and set the version in them.
 *
 * @throws {KitError} `unsafe` if the branch is not prepared, or has changes that would not be in the release
 */
export async function readStageFiles(
  repository: Repository,
  tip: string,
  { base, version, branch, date }: StageFilesOptions,
): Promise<StageFiles> {
  const changelog = await readTreeFile(repository, tip, "CHANGELOG.md") ?? "";
  const config = await readTreeFile(repository, tip, CONFIG_PATH);
  const section = findChangelogSection(changelog, base.text);
  if (config === null || section === null || isEmptySection(section)) {
    const what = config === null ? `it has no ${CONFIG_PATH}` : `its CHANGELOG.md says nothing of ${base.text}`;
    throw new KitError("unsafe", `Cannot release from ${branch}: ${what}`, {
      hint: shell`Prepare it first: civitai-dl release prepare ${base.text}`,
    });
  }
  const [change, ...others] = await readTreeChanges(repository, { commit: tip, name: branch });
  if (change !== undefined) {
    const more = others.length === 0 ? "" : ` and ${others.length} more`;
    throw new KitError(
      "unsafe",
      `Cannot release from ${branch}: ${change.path}${more} would not be in the notes of ${base.text}`,
      { hint: shell`Take them over: civitai-dl release prepare ${base.text}` },
    );
  }
  const wanted: Record<string, readonly [string, string]> = {
    [CONFIG_PATH]: [config, setConfigVersion(config, version.text)],
  };
  const manual = await readTreeFile(repository, tip, MANUAL_PATH);
  if (manual !== null) wanted[MANUAL_PATH] = [manual, setManualVersion(manual, version.text)];
  if (version.stage === "stable") {
    wanted["CHANGELOG.md"] = [changelog, dateChangelog(changelog, { version: base.text, date })];
  }
  const changed = Object.entries(wanted).filter(([, [old, fresh]]) => old !== fresh);
  return {
    texts: Object.fromEntries(changed.map(([path, [, fresh]]) => [path, fresh])),
    notes: renderNotesForTag(section.body),
  };
}
