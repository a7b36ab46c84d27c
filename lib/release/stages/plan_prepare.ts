import { KitError } from "../../base/mod.ts";
import type { Repository, Step } from "../../git/mod.ts";
import { findChangelogSection, isEmptySection } from "../notes/changelog.ts";
import { draftReleaseNotes } from "../notes/draft_notes.ts";
import { listUnlistedCommits, type UnlistedCommit } from "../notes/list_unlisted_commits.ts";
import { releaseChangelog } from "../notes/release_changelog.ts";
import { notesPathOf } from "../notes/release_notes.ts";
import { branchOfKind } from "../strategy/branch_name.ts";
import type { ReleaseVersion } from "../versions/release_version.ts";
import { parseBaseVersion } from "./choose_version.ts";
import { findReleaseBranch, pushedTipOf, requireBranch } from "./find_branch.ts";
import { localSteps, pushStep, type ReleasePlan } from "./release_plan.ts";
import type { ReleaseSurvey, SurveyedBranch } from "./survey_releases.ts";
import { readTreeFile, writeBlobs } from "./_tree_files.ts";
import { CONFIG_PATH, MANUAL_PATH, setConfigVersion, setManualVersion } from "./version_files.ts";

/** The steps that prepare a release. */
export interface PreparePlan extends ReleasePlan {
  /** Commits since the last release that brought no line for the changelog. */
  readonly unlisted: readonly UnlistedCommit[];
}

/** Options of {@linkcode planPrepare}. */
export interface PlanPrepareOptions {
  /** The branches and tags. */
  readonly survey: ReleaseSurvey;
  /** Day of the release, such as `2026-11-27`. */
  readonly date: string;
}

/**
 * Plan the commit that prepares a release: version, changelog and a draft of the notes, on the release's branch. Without
 * such a branch, it is made from the branch where the strategy lets it begin.
 *
 * @param repository The repository
 * @param text The version, such as `1.1.0`
 * @param options Branches, tags and date
 * @returns The plan
 * @throws {KitError} `usage` or `unsafe`, with the reason
 */
export async function planPrepare(
  repository: Repository,
  text: string,
  options: PlanPrepareOptions,
): Promise<PreparePlan> {
  const { survey, date } = options;
  const base = parseBaseVersion(text, survey);
  const found = findReleaseBranch(base, survey);
  const { name, rule } = branchOfKind(survey.strategy, "release", { version: base.base });
  const branch = found ?? newBranch(name);
  const tip = pushedTipOf(found ?? requireBranch(survey, rule.from), survey.remote);
  const last = survey.tags.findLast(({ version }) => version.stage === "stable");
  const changes = await prepareTexts(repository, tip, { base, date, previousTag: last?.version.tag ?? null });
  const files = await writeBlobs(repository, changes.texts);
  const commit = { step: "commit" };
  const steps: Step[] = [{
    type: "commit",
    id: "commit",
    onto: { sha: tip },
    files,
    message: `chore(release): prepare ${base.tag}`,
  }];
  const targets = [{ branch, after: commit }];
  const local = localSteps(targets, survey.remote);
  steps.push(pushStep(targets, { id: "push", remote: survey.remote, tags: [] }), ...local.steps);
  if (found === null) {
    steps.push(
      { type: "refs", id: "refs", changes: [{ ref: `refs/heads/${branch.name}`, before: null, after: commit }] },
      { type: "track", id: "track", branch: branch.name, remote: survey.remote },
    );
  }
  return {
    command: `release prepare ${base.text}`,
    summary: `Prepares ${base.text} on ${branch.name}`,
    steps,
    tag: null,
    branch: branch.name,
    notices: [
      ...found === null ? [`${branch.name} is new, from ${survey.remote}/${rule.from}`] : [],
      ...changes.notices,
      ...local.notices,
    ],
    unlisted: await listUnlistedCommits(repository, tip, { since: last?.commit ?? null }),
  };
}

function newBranch(name: string): SurveyedBranch {
  return { name, local: null, remote: null, relation: "unpushed", isCheckedOut: false };
}

interface PrepareTextsOptions {
  readonly base: ReleaseVersion;
  readonly date: string;
  readonly previousTag: string | null;
}

/** Write the files of a prepared release anew, from those of a commit. */
async function prepareTexts(
  repository: Repository,
  tip: string,
  { base, date, previousTag }: PrepareTextsOptions,
): Promise<{ readonly texts: Readonly<Record<string, string>>; readonly notices: readonly string[] }> {
  const config = await readTreeFile(repository, tip, CONFIG_PATH);
  if (config === null) throw new KitError("usage", `Cannot prepare ${base.text}: the branch has no ${CONFIG_PATH}`);
  const changelog = await readTreeFile(repository, tip, "CHANGELOG.md");
  if (changelog === null) {
    throw new KitError("usage", `Cannot prepare ${base.text}: the branch has no CHANGELOG.md`, {
      hint: "Make one with a section ## [Unreleased], as keepachangelog.com says",
    });
  }
  const notesPath = notesPathOf(base.text);
  const notes = await readTreeFile(repository, tip, notesPath);
  const before = findChangelogSection(changelog, base.text);
  const unreleased = findChangelogSection(changelog, "Unreleased");
  const isOnlyNotes = notes === null && before !== null && unreleased !== null && isEmptySection(unreleased);
  const released = isOnlyNotes ? changelog : releaseChangelog(changelog, { version: base.text, date, previousTag });
  const manual = await readTreeFile(repository, tip, MANUAL_PATH);
  const wanted: Record<string, readonly [string | null, string]> = {
    [CONFIG_PATH]: [config, setConfigVersion(config, base.text)],
    "CHANGELOG.md": [changelog, released],
  };
  if (manual !== null) wanted[MANUAL_PATH] = [manual, setManualVersion(manual, base.text)];
  if (notes === null) {
    const section = findChangelogSection(released, base.text)!;
    wanted[notesPath] = [null, draftReleaseNotes(section.body, base.text)];
  }
  const changed = Object.entries(wanted).filter(([, [old, fresh]]) => old !== fresh);
  return {
    texts: Object.fromEntries(changed.map(([path, [, fresh]]) => [path, fresh])),
    notices: notes === null
      ? [`${notesPath} is a draft: write the notes there, in both languages, before the stable release`]
      : [`${notesPath} stays as it is: add there by hand what is new`],
  };
}
