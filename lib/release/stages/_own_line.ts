import { KitError, shell } from "../../base/mod.ts";
import { containsCommit, type Repository } from "../../git/mod.ts";
import { compareReleaseVersions, type ReleaseVersion } from "../../installation/mod.ts";
import { isReleased, placeRelease } from "./choose_version.ts";
import type { ReleaseSurvey } from "./survey_releases.ts";

/** Options of {@linkcode requireOwnLine}. */
export interface OwnLineOptions {
  readonly survey: ReleaseSurvey;
  /** Full hash of the branch's latest commit. */
  readonly tip: string;
  /** Short name of the branch, for messages. */
  readonly branch: string;
}

/**
 * Require that a branch of an older line goes on from the last release of that line, and has nothing of later ones.
 *
 * @param repository The repository
 * @param release The version to release, while a later line has a release already
 * @param options The tags, and the branch that leads to the release
 * @throws {KitError} `unsafe` with what it lacks or has too much, and how to get a right one
 */
export async function requireOwnLine(
  repository: Repository,
  release: ReleaseVersion,
  { survey, tip, branch }: OwnLineOptions,
): Promise<void> {
  const { previous, line } = placeRelease(release, survey);
  // placeRelease() refuses a version of an older line that has no release yet.
  const { version: last, commit: lastCommit } = previous!;
  if (!await containsCommit(repository, tip, lastCommit)) {
    throw new KitError("unsafe", `Cannot release ${release.text} from ${branch}: it lacks ${last.tag}`, {
      hint: shell`Bring that in, and push: git switch ${branch} && git merge ${last.tag}`,
    });
  }
  // A tag that is only on the remote has no commit here to look for.
  const later = survey.tags.filter((tag) =>
    tag.isLocal && isReleased(tag) && compareReleaseVersions(tag.version, release) > 0
  );
  for (const { version, commit } of later) {
    if (!await containsCommit(repository, tip, commit)) continue;
    throw new KitError(
      "unsafe",
      `Cannot release ${release.text} from ${branch}: ${version.tag} is in its history, so it is no fix of ${line.name}.x`,
      {
        hint: `Begin again at ${last.tag}: delete ${branch} here and on ${survey.remote}, then civitai-dl branch ` +
          `start-release ${release.text}`,
      },
    );
  }
}
