import { formatCount, type LockHolder, shell } from "../../base/mod.ts";
import { INTERRUPTED, type Operation, type Repository } from "../../git/mod.ts";
import {
  compareReleaseVersions,
  parseReleaseVersion,
  type ProductionText,
  readProductionTests,
  type ReleaseVersion,
} from "../../installation/mod.ts";
import { matchBranch } from "../strategy/branch_name.ts";
import type { PhaseStatus } from "../strategy/read_strategy_status.ts";
import type { VersionLine } from "../strategy/strategy.ts";
import { isReleased, stagesOf } from "./choose_version.ts";
import { phaseOfLine } from "./_phase_of_release.ts";
import type { ReleaseSurvey, SurveyedBranch, SurveyedTag } from "./survey_releases.ts";
import { readTreeChanges } from "./_tree_files.ts";

/**
 * How far a line of versions is: it `waits` for the line before it to be released, or for its `phase` to be finished; it
 * is `ready` for its first release; a release is `open` on a branch; it is `released`.
 */
export type LineState = "waits" | "phase" | "ready" | "open" | "released";

/** How far a line of versions is. */
export interface LineStatus extends Pick<VersionLine, "name" | "title" | "phase"> {
  /** How far it is. */
  readonly state: LineState;
  /** Its latest release, such as `1.1.0`; `null` if there is none. */
  readonly released: string | null;
  /** The release on its way, such as `1.1.1`; `null` if there is none. */
  readonly open: string | null;
  /** Short name of the branch of that release; `null` without one. */
  readonly branch: string | null;
  /** The latest tag of that release, such as `v1.1.1-rc.1`; `null` before its first. */
  readonly tag: string | null;
  /** Whether its phase is not finished, also if it was released by an override. */
  readonly lacksPhase: boolean;
}

/** A step that a person can take now to get something released. */
export interface ReleaseStep {
  /** The command as it is typed, such as `civitai-dl release candidate 1.1.0`; `null` if no command does it. */
  readonly command: string | null;
  /** Why, as a sentence without a period. */
  readonly why: string;
}

/** What is released, what is on its way, and what can be done next. */
export interface ReleaseStatus {
  /** Name of the remote. */
  readonly remote: string;
  /** Whether the remote was not asked. */
  readonly isOffline: boolean;
  /** The operation that has not ended; `null` if there is none. */
  readonly operation: Operation | null;
  /** Every line of versions, the oldest first. */
  readonly lines: readonly LineStatus[];
  /** Every version that is tagged, the oldest first. */
  readonly tags: readonly SurveyedTag[];
  /** What can be done next, the most urgent first; empty if nothing waits to be released. */
  readonly next: readonly ReleaseStep[];
}

/** Options of {@linkcode readReleaseStatus}. */
export interface ReleaseStatusOptions {
  /** The branches and tags. */
  readonly survey: ReleaseSurvey;
  /** How far the phases are. */
  readonly phases: readonly PhaseStatus[];
  /** The operation that has not ended; `null` if there is none. */
  readonly operation: Operation | null;
  /** The process that works on it now; `null` or absent if there is none. */
  readonly runner?: LockHolder | null | undefined;
  /** Files that may be reports of production tests. */
  readonly production: readonly ProductionText[];
  /** Whether the remote was not asked. */
  readonly isOffline: boolean;
}

/**
 * Describe what is released and what can be done next.
 *
 * @param repository The repository
 * @param options Branches, tags, phases, operation and reports
 * @returns The status
 */
export async function readReleaseStatus(
  repository: Repository,
  options: ReleaseStatusOptions,
): Promise<ReleaseStatus> {
  const { survey, operation, isOffline } = options;
  const bases = listOpen(survey);
  const lines: LineStatus[] = [];
  for (const line of survey.strategy.lines) lines.push(readLine(line, { ...options, bases, before: lines.at(-1) }));
  const next = operation === null
    ? await listNext(repository, { ...options, bases, lines })
    : [stepOfOperation(operation, options.runner ?? null)];
  return { remote: survey.remote, isOffline, operation, lines, tags: survey.tags, next };
}

function stepOfOperation({ command, state, reason }: Operation, runner: LockHolder | null): ReleaseStep {
  if (runner !== null) {
    return { command: null, why: `Wait for the end of "${runner.command}": process ${runner.pid} is running it` };
  }
  const verb = state === "undoing" ? "undo" : "continue";
  const why = `"${command}" has not ended: ${reason ?? INTERRUPTED}`;
  return { command: shell`civitai-dl branch ${verb}`, why };
}

/** List the releases that have a branch and no tag of their own, in order. */
function listOpen({ strategy, branches, tags }: ReleaseSurvey): readonly ReleaseVersion[] {
  const bases = new Map<string, ReleaseVersion>();
  for (const { name } of branches) {
    const branch = matchBranch(strategy, name);
    if (branch?.rule.kind !== "release" || branch.words.version === undefined) continue;
    bases.set(branch.words.version, parseReleaseVersion(branch.words.version));
  }
  for (const tag of tags) if (isReleased(tag)) bases.delete(tag.version.text);
  return [...bases.values()].toSorted(compareReleaseVersions);
}

interface ReadLineOptions extends ReleaseStatusOptions {
  readonly bases: readonly ReleaseVersion[];
  readonly before: LineStatus | undefined;
}

function readLine(line: VersionLine, options: ReadLineOptions): LineStatus {
  const { name, title, phase } = line;
  const { survey, phases, bases, before } = options;
  const isOf = ({ base }: ReleaseVersion) => base.startsWith(`${name}.`);
  const released = survey.tags.findLast((tag) => isReleased(tag) && isOf(tag.version)) ?? null;
  const open = bases.findLast(isOf) ?? null;
  const found = open === null ? [] : survey.branches.filter((branch) => isBranchOf(survey, branch.name, open));
  const status = {
    name,
    title,
    phase,
    released: released?.version.text ?? null,
    open: open?.text ?? null,
    branch: found[0]?.name ?? null,
    tag: open === null ? null : stagesOf(open, survey.tags).at(-1)?.version.tag ?? null,
    lacksPhase: lacksPhase(line, survey),
  };
  if (open !== null) return { ...status, state: "open" };
  if (released !== null) return { ...status, state: "released" };
  if (before !== undefined && before.released === null) return { ...status, state: "waits" };
  const end = phases.find((one) => one.phase === phase)?.state;
  const isWaiting = end !== undefined && end !== "finished" && end !== "released";
  return { ...status, state: isWaiting ? "phase" : "ready" };
}

function lacksPhase(line: VersionLine, { strategy, tags }: ReleaseSurvey): boolean {
  const phase = phaseOfLine(strategy, line);
  return phase !== null && !tags.some(({ version, isRemote }) => version.tag === phase.tag && isRemote !== false);
}

function isBranchOf({ strategy }: ReleaseSurvey, name: string, version: ReleaseVersion): boolean {
  const branch = matchBranch(strategy, name);
  return branch?.rule.kind === "release" && branch.words.version === version.base;
}

interface ListNextOptions extends ReleaseStatusOptions {
  readonly bases: readonly ReleaseVersion[];
  readonly lines: readonly LineStatus[];
}

/** List what comes next where nothing is in the way; the command itself says what is. */
async function listNext(repository: Repository, options: ListNextOptions): Promise<readonly ReleaseStep[]> {
  const { bases, lines, phases } = options;
  const waiting = lines.filter((line) => line.state === "open" && line.lacksPhase && line.released === null);
  const next: ReleaseStep[] = [];
  for (const base of bases) {
    if (waiting.some(({ name }) => base.base.startsWith(`${name}.`))) continue;
    next.push(await stepOfOpen(repository, base, options));
  }
  for (const line of lines) {
    if (line.state === "ready") next.push(...await stepOfPrepare(repository, `${line.name}.0`, options));
    if (line.state === "phase" || waiting.includes(line)) {
      next.push(...phases.filter((one) => one.phase === line.phase).map(stepOfPhase));
    }
  }
  const last = lines.findLast(({ released }) => released !== null);
  const isFollowed = lines.some(({ state }) => state === "open" || state === "ready");
  if (last === undefined || isFollowed) return next;
  // Changes since the last release are a fix of its line, unless the next line takes them.
  return [...next, ...await stepOfPrepare(repository, patchAfter(last.released!), options)];
}

function patchAfter(version: string): string {
  const [major, minor, patch] = version.split(".");
  return `${major}.${minor}.${Number(patch) + 1}`;
}

function stepOfPhase({ phase, state, branch, hasWork }: PhaseStatus): ReleaseStep {
  switch (state) {
    case "waiting":
      return { command: null, why: `Phase ${phase} waits for the phase before it` };
    case "ready":
      return { command: shell`civitai-dl branch create-phase ${phase}`, why: `Phase ${phase} has not begun` };
    case "open":
      return hasWork
        ? { command: shell`civitai-dl branch finish-phase ${phase}`, why: `Phase ${phase} is under way` }
        : { command: shell`git switch ${branch}`, why: `Phase ${phase} has no commits yet` };
    case "integrated":
    case "finished":
    case "released":
      return { command: shell`civitai-dl branch finish-phase ${phase}`, why: `Phase ${phase} is not finished` };
  }
}

/** Propose to prepare a release if there is anything to tell of it. */
async function stepOfPrepare(
  repository: Repository,
  version: string,
  { survey: { strategy, branches } }: ReleaseStatusOptions,
): Promise<readonly ReleaseStep[]> {
  const count = await countChanges(repository, branches.find(({ name }) => name === strategy.main));
  if (count === 0) return [];
  const why = `${formatCount(count, "change")} ${count === 1 ? "waits" : "wait"} for it`;
  return [{ command: shell`civitai-dl release prepare ${version}`, why }];
}

async function countChanges(repository: Repository, branch: SurveyedBranch | undefined): Promise<number> {
  const commit = branch?.remote ?? branch?.local ?? null;
  return commit === null ? 0 : (await readTreeChanges(repository, { commit, name: branch!.name })).length;
}

/** A release on its branch: first it is prepared, then come its candidate and the production test of that. */
async function stepOfOpen(
  repository: Repository,
  base: ReleaseVersion,
  { survey, production }: ReleaseStatusOptions,
): Promise<ReleaseStep> {
  const last = stagesOf(base, survey.tags).at(-1);
  if (last?.version.stage !== "candidate") {
    const count = await countChanges(repository, survey.branches.find(({ name }) => isBranchOf(survey, name, base)));
    if (count > 0) {
      const why = `${formatCount(count, "change")} on its branch`;
      return { command: shell`civitai-dl release prepare ${base.text}`, why };
    }
    const why = last === undefined ? `${base.text} is prepared` : `${last.version.tag} is tagged`;
    return { command: shell`civitai-dl release candidate ${base.text}`, why };
  }
  const { tag } = last.version;
  const test = readProductionTests(production).find(({ sha }) => sha === last.commit);
  if (test === undefined) {
    return { command: shell`civitai-dl production-test --version ${tag}`, why: `${tag} is tagged, and not tested` };
  }
  return test.isPassed
    ? { command: shell`civitai-dl release stable ${base.text}`, why: `${tag} passed its production test` }
    : { command: shell`civitai-dl release candidate ${base.text}`, why: `${tag} failed its production test: mend it` };
}
