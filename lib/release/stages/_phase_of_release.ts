import { KitError, shell } from "../../base/mod.ts";
import { containsCommit, type Repository } from "../../git/mod.ts";
import { tagsOfPhase } from "../strategy/plan_start.ts";
import type { Strategy, StrategyPhase, VersionLine } from "../strategy/strategy.ts";
import { lineOf } from "../strategy/version_lines.ts";
import type { ReleaseVersion } from "../../installation/mod.ts";
import { isReleased } from "./choose_version.ts";
import type { ReleaseSurvey } from "./survey_releases.ts";

/** The phase that a release completes, and the tag that shows that the phase is finished. */
export interface ReleasedPhase extends StrategyPhase {
  /** The tag, such as `v1.1.0-phase1`. */
  readonly tag: string;
}

/**
 * Find the tag that shows that the phase of a line is finished.
 *
 * @param strategy The strategy
 * @param line The line
 * @returns The phase with its tag; `null` if the line has none, or if the strategy marks no phase with a tag
 */
export function phaseOfLine(strategy: Strategy, line: Pick<VersionLine, "phase">): ReleasedPhase | null {
  const phase = strategy.phases.find((one) => one.phase === line.phase);
  if (phase === undefined || strategy.tagForms.phase === undefined) return null;
  return { ...phase, tag: tagsOfPhase(strategy, phase)[0]! };
}

/**
 * Find the phase that a release completes: the first release of a line with a phase does.
 *
 * @param base The release
 * @param survey Strategy and tags
 * @returns The phase; `null` if the line has none or has a release, or if the strategy marks no phase with a tag
 */
function phaseOfRelease(
  base: Pick<ReleaseVersion, "base">,
  { strategy, tags }: Pick<ReleaseSurvey, "strategy" | "tags">,
): ReleasedPhase | null {
  const line = lineOf(strategy, base);
  const hasRelease = tags.some((tag) => isReleased(tag) && tag.version.base.startsWith(`${line.name}.`));
  return hasRelease ? null : phaseOfLine(strategy, line);
}

/** Options of {@linkcode findMissingPhase}. */
export interface MissingPhaseOptions {
  readonly survey: ReleaseSurvey;
  /** Full hash of the commit that the release is built on. */
  readonly tip: string;
  /** Name of the branch or tag of that commit, for messages. */
  readonly branch: string;
  /** Why the phase does not count; `null` if it does. */
  readonly override: string | null;
}

/**
 * Find out whether a release would come before its phase is finished.
 *
 * @param repository The repository
 * @param base The release
 * @param options Branches, tags, and the reason why the phase does not count
 * @returns The phase that is missing, which only an override allows; `null` if none is
 * @throws {KitError} `unsafe` if a phase is missing, and there is no override
 */
export async function findMissingPhase(
  repository: Repository,
  base: ReleaseVersion,
  { survey, tip, branch, override }: MissingPhaseOptions,
): Promise<ReleasedPhase | null> {
  const phase = phaseOfRelease(base, survey);
  if (phase === null) return null;
  const problem = await findProblem(repository, phase, { survey, tip, branch });
  if (problem === null) return null;
  if (override !== null) return phase;
  throw new KitError("unsafe", `Cannot release ${base.text}: ${problem.state}`, {
    hint: `${problem.way}; or record why the phase does not count: --override "REASON"`,
  });
}

async function findProblem(
  repository: Repository,
  { phase, tag }: ReleasedPhase,
  { survey, tip, branch }: Omit<MissingPhaseOptions, "override">,
): Promise<{ readonly state: string; readonly way: string } | null> {
  const { remote } = survey;
  const found = survey.tags.find(({ version }) => version.tag === tag);
  if (found === undefined) {
    const state = `phase ${phase} is not finished; there is no tag ${tag}`;
    return { state, way: "See how far it is: civitai-dl branch status" };
  }
  if (found.isRemote === false || found.isDifferent) {
    const state = `the tag ${tag} exists here, and is not ${found.isDifferent ? "the one " : ""}on ${remote}`;
    return { state, way: shell`See what it is: git show ${tag}` };
  }
  if (!found.isLocal) {
    return { state: `the tag ${tag} is only on ${remote}`, way: shell`Get it: git fetch ${remote} tag ${tag}` };
  }
  if (await containsCommit(repository, tip, found.commit)) return null;
  const state = `${branch} lacks ${tag}`;
  return { state, way: shell`Bring phase ${phase} in, and push: git switch ${branch} && git merge ${tag}` };
}
