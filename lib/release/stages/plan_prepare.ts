import { formatCount, KitError, shell } from "../../base/mod.ts";
import { containsCommit, type Repository } from "../../git/mod.ts";
import { type Change, CHANGES_FOLDER, renderChanges } from "../notes/change_file.ts";
import { countEntries, findChangelogSection, isEmptySection } from "../notes/changelog.ts";
import { releaseChangelog } from "../notes/release_changelog.ts";
import { branchOfKind } from "../strategy/branch_name.ts";
import { MergeDraft } from "../strategy/merge_draft.ts";
import {
  CONFIG_PATH,
  MANUAL_PATH,
  readConfigVersion,
  type ReleaseVersion,
  setConfigVersion,
  setManualVersion,
  tryParseReleaseVersion,
} from "../../installation/mod.ts";
import { nextStage, parseBaseVersion, placeRelease } from "./choose_version.ts";
import { findReleaseBranch, pushedTipOf, requireBranch } from "./find_branch.ts";
import { requireOwnLine } from "./_own_line.ts";
import { findMissingPhase, type ReleasedPhase } from "./_phase_of_release.ts";
import type { ReleasePlan } from "./release_plan.ts";
import type { ReleaseSurvey, SurveyedBranch, SurveyedTag } from "./survey_releases.ts";
import { renderTrailer } from "./tag_message.ts";
import { readTreeChanges, readTreeFile, writeBlobs } from "./_tree_files.ts";

/** Options of {@linkcode planPrepare}. */
export interface PlanPrepareOptions {
  /** The branches and tags. */
  readonly survey: ReleaseSurvey;
  /** Day of the release, such as `2026-11-27`. */
  readonly date: string;
  /**
   * Why the release need not wait for its phase; the commit records it.
   *
   * @default {null}
   */
  readonly override?: string | null | undefined;
}

/** What was found out about a release that may be prepared. */
interface Preparation {
  readonly base: ReleaseVersion;
  /** The branch of the release as it is, or as it will be. */
  readonly branch: SurveyedBranch;
  /** The branch of the remote or the tag from which it is made, such as `origin/main`; `null` if it exists. */
  readonly from: string | null;
  /** Full hash of the commit that is built upon. */
  readonly tip: string;
  /** The release that it follows; `null` before the first. */
  readonly previous: SurveyedTag | null;
  /** The phase that is not finished, and that an override leaves out; `null` if there is none. */
  readonly missingPhase: ReleasedPhase | null;
  /** The version that deno.json has so far. */
  readonly version: string;
  /** The changes that are taken over. */
  readonly changes: readonly Change[];
  /** Body of the release's section of the changelog. */
  readonly section: string;
  readonly texts: Readonly<Record<string, string>>;
}

/**
 * Check that a release may be prepared now. Nothing is written.
 *
 * @param repository The repository
 * @param text The version, such as `1.1.0`
 * @param options Branches, tags and date
 * @returns What its steps need
 * @throws {KitError} `usage` or `unsafe`, with the reason and what to do about it
 */
async function checkPrepare(
  repository: Repository,
  text: string,
  { survey, date, override = null }: PlanPrepareOptions,
): Promise<Preparation> {
  const base = parseBaseVersion(text, survey);
  const found = findReleaseBranch(base, survey);
  const { name, rule } = branchOfKind(survey.strategy, "release", { version: base.base });
  const { previous, isOfOlderLine } = placeRelease(base, survey);
  // A fix of an older line begins at the line's last release, because main has gone on since.
  const start = isOfOlderLine
    ? { name: previous!.version.tag, tip: previous!.commit }
    : { name: `${survey.remote}/${rule.from}`, tip: null };
  const tip = found === null
    ? start.tip ?? pushedTipOf(requireBranch(survey, rule.from), survey.remote)
    : pushedTipOf(found, survey.remote);
  if (isOfOlderLine) await requireOwnLine(repository, base, { survey, tip, branch: found?.name ?? name });
  if (isOfOlderLine && found === null) await requireEntries(repository, base, { commit: tip, tag: start.name });
  const missingPhase = await findMissingPhase(repository, base, {
    survey,
    tip,
    branch: found?.name ?? start.name,
    override,
  });
  if (override !== null && missingPhase === null) {
    throw new KitError(
      "usage",
      `Cannot use --override with prepare ${base.text}: it asks no gate, and no phase is missing`,
      {
        hint: "Give the reason where a gate is overridden: alpha, beta, candidate or stable",
      },
    );
  }
  const begin = isOfOlderLine ? beginFix(base) : "civitai-dl branch start-hotfix NAME --switch";
  const texts = await prepareTexts(repository, tip, {
    base,
    date,
    survey,
    name: found?.name ?? start.name,
    begin: found === null ? begin : null,
  });
  return {
    base,
    branch: found ?? newBranch(name),
    from: found === null ? start.name : null,
    tip,
    previous,
    missingPhase,
    ...texts,
  };
}

/**
 * Plan the commit that prepares a release: version and changelog, on the release's branch. Without such a branch, it is
 * made from the branch where the strategy lets it begin.
 *
 * @param repository The repository
 * @param text The version, such as `1.1.0`
 * @param options Branches, tags and date
 * @returns The plan
 * @throws {KitError} As {@linkcode checkPrepare}
 */
export async function planPrepare(
  repository: Repository,
  text: string,
  options: PlanPrepareOptions,
): Promise<ReleasePlan> {
  const { survey: { remote }, override = null } = options;
  const prepared = await checkPrepare(repository, text, options);
  const { base, branch, from, tip, previous, version, changes, section, missingPhase } = prepared;
  const subject = `chore(release): prepare ${base.tag}`;
  const message = override === null ? subject : `${subject}\n\n${renderTrailer("Phase-Override", override)}`;
  const written = await writeBlobs(repository, prepared.texts);
  const files = [...written, ...changes.map(({ path }) => ({ path, blob: null }))];
  const commit = { step: "commit" };
  const draft = new MergeDraft({ remote, from: commit, fromName: branch.name });
  draft.steps.push({ type: "commit", id: "commit", onto: { sha: tip }, files, message });
  draft.add(branch, commit);
  draft.move(branch, commit);
  draft.push();
  if (from !== null) {
    draft.steps.push(
      { type: "refs", id: "refs", changes: [{ ref: `refs/heads/${branch.name}`, before: null, after: commit }] },
      { type: "track", id: "track", branch: branch.name, remote },
    );
  }
  return {
    command: `release prepare ${base.text}`,
    summary: `Prepares ${base.text} on ${branch.name}`,
    steps: draft.steps,
    tag: null,
    branch: branch.name,
    notes: [
      ...missingPhase === null
        ? []
        : [`Phase ${missingPhase.phase} does not count: "${override}", which the commit records`],
      ...from === null ? [] : [`${branch.name} is new, from ${from}`],
      `deno.json: ${version === base.text ? `${version} already` : `from ${version} to ${base.text}`}`,
      `CHANGELOG.md: ${formatCount(countEntries({ body: section }), "entry", "entries")} since ` +
      `${previous?.version.tag ?? "the first commit"}, ${changes.length} of them from ${CHANGES_FOLDER}/`,
      `To read the new files: ${
        written.map(({ path, blob }) => shell`git show ${blob.slice(0, 12)}` + ` (${path})`).join(", ")
      }`,
      ...draft.notices,
    ],
  };
}

/** Require that there is something to release at the tag from which a branch of an older line would be made. */
async function requireEntries(
  repository: Repository,
  base: ReleaseVersion,
  { commit, tag }: { readonly commit: string; readonly tag: string },
): Promise<void> {
  if ((await readTreeChanges(repository, { commit, name: tag, begin: beginFix(base) })).length > 0) return;
  throw new KitError("usage", `Cannot prepare ${base.text}: nothing has been mended since ${tag}`, {
    hint: `Commit the fix on a branch from there: ${beginFix(base)}`,
  });
}

/** The command that begins a fix of an older line. */
function beginFix(base: ReleaseVersion): string {
  return shell`civitai-dl branch start-release ${base.text} --switch`;
}

function preparedAlready(base: ReleaseVersion, survey: ReleaseSurvey, name: string): KitError {
  const { remote } = survey;
  const stage = nextStage(base, survey);
  return new KitError(
    "usage",
    `Cannot prepare ${base.text} again: it is prepared on ${name}, and ${CHANGES_FOLDER}/ has no change there`,
    {
      hint:
        shell`A change counts once it is on that branch of ${remote}. Next: civitai-dl release ${stage} ${base.text}`,
    },
  );
}

/** Find the branch whose changes were probably meant: `develop`, if it has any that a commit lacks; `null` otherwise. */
async function findWaiting(
  repository: Repository,
  { strategy: { develop }, branches, remote }: ReleaseSurvey,
  tip: string,
): Promise<string | null> {
  const commit = branches.find((branch) => branch.name === develop)?.remote ?? null;
  if (commit === null || await containsCommit(repository, tip, commit)) return null;
  const begin = "civitai-dl branch start feature/NAME --switch";
  const changes = await readTreeChanges(repository, { commit, name: `${remote}/${develop}`, begin });
  return changes.length === 0 ? null : develop;
}

interface Waiting {
  readonly begin: string | null;
  /** The branch whose changes were probably meant; `null` if there is none. */
  readonly waiting: string | null;
}

function nothingToRelease(base: ReleaseVersion, name: string, { begin, waiting }: Waiting): KitError {
  const write = `write ${CHANGES_FOLDER}/NAME.md, as ${CHANGES_FOLDER}/README.md says`;
  const way = begin === null
    ? `${write}, there, and push it`
    : `begin with ${begin}, ${write}, then civitai-dl branch finish-hotfix`;
  const hint = waiting === null
    // Not a command that `release` proposes: without a change, nothing waits to be released.
    ? `A release tells users what they get; ${way}`
    : shell`Those of ${waiting} are not there yet: civitai-dl branch finish ${waiting}`;
  return new KitError("usage", `Cannot prepare ${base.text}: ${CHANGES_FOLDER}/ has no change on ${name}`, { hint });
}

function newBranch(name: string): SurveyedBranch {
  return { name, local: null, remote: null, relation: "unpushed", isCheckedOut: false };
}

interface PrepareTextsOptions {
  readonly base: ReleaseVersion;
  readonly date: string;
  readonly survey: ReleaseSurvey;
  /** Where the commit is, for messages. */
  readonly name: string;
  /** The command that begins a branch there; `null` if it is a branch on which people commit. */
  readonly begin: string | null;
}

/** Write the files of a prepared release anew, from those of a commit. */
async function prepareTexts(
  repository: Repository,
  tip: string,
  { base, date, survey, name, begin }: PrepareTextsOptions,
): Promise<Pick<Preparation, "version" | "changes" | "section" | "texts">> {
  const config = await readTreeFile(repository, tip, CONFIG_PATH);
  if (config === null) throw new KitError("usage", `Cannot prepare ${base.text}: the branch has no ${CONFIG_PATH}`);
  const changelog = await readTreeFile(repository, tip, "CHANGELOG.md");
  if (changelog === null) {
    throw new KitError("usage", `Cannot prepare ${base.text}: the branch has no CHANGELOG.md`, {
      hint: "Make one with a heading # Changelog, as keepachangelog.com says",
    });
  }
  const changes = await readTreeChanges(repository, { commit: tip, name, begin });
  const before = findChangelogSection(changelog, base.text);
  const version = readConfigVersion(config);
  const isPrepared = before !== null && before.date !== null && tryParseReleaseVersion(version)?.base === base.text;
  if (isPrepared && changes.length === 0) throw preparedAlready(base, survey, name);
  const released = releaseChangelog(changelog, { version: base.text, date, entries: renderChanges(changes) });
  const section = findChangelogSection(released, base.text)!;
  if (isEmptySection(section)) {
    throw nothingToRelease(base, name, { begin, waiting: await findWaiting(repository, survey, tip) });
  }
  const manual = await readTreeFile(repository, tip, MANUAL_PATH);
  const wanted: Record<string, readonly [string | null, string]> = {
    [CONFIG_PATH]: [config, setConfigVersion(config, base.text)],
    "CHANGELOG.md": [changelog, released],
  };
  if (manual !== null) wanted[MANUAL_PATH] = [manual, setManualVersion(manual, base.text)];
  const changed = Object.entries(wanted).filter(([, [old, fresh]]) => old !== fresh);
  return {
    version,
    changes,
    section: section.body,
    texts: Object.fromEntries(changed.map(([path, [, fresh]]) => [path, fresh])),
  };
}
