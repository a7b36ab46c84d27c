import { KitError, shell } from "../../base/mod.ts";
import { placeVersion, type VersionPlace } from "../strategy/place_version.ts";
import type { VersionLine } from "../strategy/strategy.ts";
import { lineOf, stageRuleOf } from "../strategy/version_lines.ts";
import {
  fillTagForm,
  parseReleaseVersion,
  type ReleaseStage,
  type ReleaseVersion,
  TAGGED_STAGES,
  type TaggedStage,
  tryParseReleaseVersion,
} from "../../installation/mod.ts";
import type { ReleaseSurvey, SurveyedTag } from "./survey_releases.ts";

/**
 * Parse the version that a release leads to, and check that it may follow what was released.
 *
 * @param text Such as `1.1.0` or `v1.1.0`
 * @param survey The tags that exist
 * @returns The version, of stage `stable`
 * @throws {KitError} `usage` if it is no such version, of no line, or not above the last release of its line; `unsafe` if
 * it is released already, or the line before it has no release
 */
export function parseBaseVersion(text: string, survey: ReleaseSurvey): ReleaseVersion {
  const { strategy, tags } = survey;
  const version = tryParseReleaseVersion(text, strategy.tagForms);
  if (version === null) {
    throw new KitError("usage", `Cannot use version "${text}": it is not a version of this project`, {
      hint: `Write a release with three numbers, such as ${/^v?\d+\.\d+$/.test(text) ? `${text}.0` : "1.1.0"}`,
    });
  }
  if (version.stage !== "stable") {
    throw new KitError("usage", `Cannot use "${text}" here: name the release that it leads to`, {
      hint: `Write ${version.base}; the command adds the stage`,
    });
  }
  const line = lineOf(strategy, version);
  const released = tags.filter(isReleased).map((tag) => tag.version);
  refuseTags(version, survey);
  const before = strategy.lines[strategy.lines.indexOf(line) - 1];
  const hasRelease = (one: VersionLine) => released.some(({ base }) => base.startsWith(`${one.name}.`));
  if (before !== undefined && !hasRelease(before) && !hasRelease(line)) {
    throw new KitError("unsafe", `Cannot release ${version.text}: no ${before.name}.x is released`, {
      hint: shell`The lines follow each other: civitai-dl release prepare ${before.name}.0`,
    });
  }
  return version;
}

/**
 * Find out where a version belongs among the releases.
 *
 * @param version The version, as from {@linkcode parseBaseVersion}
 * @param survey The tags that exist
 * @returns Its place
 * @throws {KitError} As `placeVersion()`
 */
export function placeRelease(
  version: ReleaseVersion,
  { strategy, tags }: Pick<ReleaseSurvey, "strategy" | "tags">,
): VersionPlace<SurveyedTag> {
  return placeVersion(strategy, version, tags.filter(isReleased));
}

/** Refuse a version that exists, is lower than another one of its line, or has tags that differ here and on the remote. */
function refuseTags(version: ReleaseVersion, survey: ReleaseSurvey): void {
  const { tags, remote } = survey;
  const { text } = version;
  const stages = stagesOf(version, tags);
  const unequal = stages.find(({ isRemote, isDifferent }) => isRemote === false || isDifferent);
  if (unequal !== undefined) throw unequalTag(unequal, remote);
  if (stages.some((tag) => tag.version.text === text)) {
    throw new KitError("unsafe", `Cannot release ${text}: the tag ${version.tag} exists`, {
      hint: "A version is released once; the next fix is another version",
    });
  }
  const { previous } = placeRelease(version, survey);
  const distant = [...previous === null ? [] : [previous], ...stages].find(({ isLocal }) => !isLocal);
  if (distant === undefined) return;
  const { tag } = distant.version;
  throw new KitError("unsafe", `Cannot release ${text}: the tag ${tag} is on ${remote}, and in no branch there`, {
    hint: shell`Get it, and see what it is: git fetch ${remote} tag ${tag}`,
  });
}

/**
 * Check whether a tag is a release that others have too. A tag that is only here was made by hand, and is none.
 *
 * @param tag The tag
 * @returns Whether it is the tag of a stable version on the remote, or here if the remote was not asked
 */
export function isReleased({ version, isRemote }: SurveyedTag): boolean {
  return version.stage === "stable" && isRemote !== false;
}

/** A tag here that the remote does not have was made by hand: what is tagged next would seem to follow it. */
function unequalTag({ version: { tag, base }, isDifferent }: SurveyedTag, remote: string): KitError {
  const state = isDifferent ? `is not the one on ${remote}` : `is not on ${remote}`;
  return new KitError("unsafe", `Cannot release ${base}: the tag ${tag} exists here, and ${state}`, {
    hint: shell`Somebody made it by hand. See what it is: git show ${tag}; then delete it: git tag -d ${tag}`,
  });
}

/**
 * Choose the version of the next tag of a release: the stages come in order, alpha, beta, candidates, stable.
 *
 * @param base The release, as from {@linkcode parseBaseVersion}
 * @param stage The stage to tag
 * @param survey The tags that exist
 * @returns The version to tag
 * @throws {KitError} `unsafe` if the stage or a later one exists, or the release has no candidate yet
 */
export function chooseVersion(
  base: ReleaseVersion,
  stage: TaggedStage,
  { strategy, tags }: Pick<ReleaseSurvey, "strategy" | "tags">,
): ReleaseVersion {
  const { tag: form } = stageRuleOf(strategy, stage);
  const stages = stagesOf(base, tags);
  const names = stages.map(({ version }) => version.tag).join(", ");
  const isTaken = stage === "candidate" ? isLater : isSameOrLater;
  const blocking = stages.find(({ version }) => isTaken(version.stage, stage));
  if (blocking !== undefined) {
    const { tag } = blocking.version;
    throw new KitError(
      "unsafe",
      `Cannot tag ${stage === "candidate" ? "a candidate" : `the ${stage}`} of ${base.text}: ${tag} exists`,
      { hint: `Its stages so far: ${names}. The next one: ` + shell`civitai-dl release candidate ${base.text}` },
    );
  }
  const candidates = stages.filter(({ version }) => version.stage === "candidate");
  if (stage === "stable" && candidates.length === 0) {
    throw new KitError(
      "unsafe",
      `Cannot release ${base.text}: it has no candidate${names === "" ? "" : `, only ${names}`}`,
      {
        hint: shell`Make one, and test it in production: civitai-dl release candidate ${base.text}`,
      },
    );
  }
  const number = stage === "candidate" ? Math.max(0, ...candidates.map((one) => one.version.number)) + 1 : 0;
  return parseReleaseVersion(fillTagForm(form, base.text, number), strategy.tagForms);
}

/**
 * List the stages of a release that are tagged.
 *
 * @param base The release
 * @param tags All tags
 * @returns Its tags in order, without those of phases
 */
export function stagesOf(base: ReleaseVersion, tags: readonly SurveyedTag[]): readonly SurveyedTag[] {
  return tags.filter(({ version }) => version.base === base.base && version.stage !== "phase");
}

function isSameOrLater(stage: ReleaseStage, other: TaggedStage): boolean {
  return stage !== "phase" && TAGGED_STAGES.indexOf(stage) >= TAGGED_STAGES.indexOf(other);
}

function isLater(stage: ReleaseStage, other: TaggedStage): boolean {
  return stage !== "phase" && TAGGED_STAGES.indexOf(stage) > TAGGED_STAGES.indexOf(other);
}

/**
 * Return the stage to propose: the candidate, which passes the whole gate, then `stable`. The stages before it are for
 * whoever wants them.
 *
 * @param base The release
 * @param survey The tags
 * @returns The stage
 */
export function nextStage(base: ReleaseVersion, { tags }: Pick<ReleaseSurvey, "tags">): TaggedStage {
  return stagesOf(base, tags).some(({ version }) => version.stage === "candidate") ? "stable" : "candidate";
}
