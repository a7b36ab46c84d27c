import { KitError, shell } from "../../base/mod.ts";
import { containsCommit, type Repository, type Step, type StepObject } from "../../git/mod.ts";
import type { ProductionText, ReleaseVersion, TaggedStage } from "../../installation/mod.ts";
import { branchOfKind, matchBranch } from "../strategy/branch_name.ts";
import { MergeDraft } from "../strategy/merge_draft.ts";
import { releaseGateOf } from "../strategy/version_lines.ts";
import { chooseVersion, parseBaseVersion, placeRelease } from "./choose_version.ts";
import { findProductionProof, type ProductionProof } from "./find_production_proof.ts";
import { findReleaseBranch, pushedTipOf, requireBranch } from "./find_branch.ts";
import { requireOwnLine } from "./_own_line.ts";
import { findMissingPhase, type ReleasedPhase } from "./_phase_of_release.ts";
import type { ReleasePlan } from "./release_plan.ts";
import { readStageFiles, type StageFiles } from "./_stage_files.ts";
import type { ReleaseSurvey, SurveyedBranch } from "./survey_releases.ts";
import { renderTagMessage } from "./tag_message.ts";
import { writeBlobs } from "./_tree_files.ts";

/** Options of {@linkcode planStage}. */
export interface PlanStageOptions {
  /** The stage to tag. */
  readonly stage: TaggedStage;
  /** The branches and tags. */
  readonly survey: ReleaseSurvey;
  /** Day of the release, such as `2026-11-27`. */
  readonly date: string;
  /** Why phase, gate and production test do not count; `null` if they do. */
  readonly override: string | null;
  /** Absolute path of the folder of reports in the user's checkout, which gates may read; `null` if there is none. */
  readonly reports: string | null;
  /** Files that may be reports of production tests. */
  readonly production: readonly ProductionText[];
}

/** What was found out about a stage that may be tagged. */
interface Stage {
  readonly base: ReleaseVersion;
  readonly version: ReleaseVersion;
  readonly branch: SurveyedBranch;
  readonly tip: string;
  /** Whether it is a fix of an older line, which is merged nowhere. */
  readonly isOfOlderLine: boolean;
  /** The phase that is not finished, and that an override leaves out; `null` if there is none. */
  readonly missingPhase: ReleasedPhase | null;
  readonly options: PlanStageOptions;
  readonly proof: ProductionProof | null;
  readonly files: StageFiles;
}

/** A report in a tag's message is limited, because an argument of a program is. */
const MAX_REPORT_CHARACTERS = 65_536;

/**
 * Check that a stage of a release may be tagged now. Nothing is written.
 *
 * @param repository The repository
 * @param text The release, such as `1.1.0`
 * @param options Stage, branches, tags and evidence
 * @returns The version to tag, and what its steps need
 * @throws {KitError} `usage`, `unsafe`, `failed` or `inconclusive`, with the reason and what to do about it
 */
async function checkStage(repository: Repository, text: string, options: PlanStageOptions): Promise<Stage> {
  const { stage, survey, date, override, production } = options;
  const { strategy, remote } = survey;
  const base = parseBaseVersion(text, survey);
  const version = chooseVersion(base, stage, survey);
  const branch = findReleaseBranch(base, survey);
  if (branch === null) {
    const { name } = branchOfKind(strategy, "release", { version: base.base });
    throw new KitError("unsafe", `Cannot release ${base.text}: there is no branch ${name}`, {
      hint: shell`Prepare it first: civitai-dl release prepare ${base.text}`,
    });
  }
  const tip = pushedTipOf(branch, remote);
  const missingPhase = await findMissingPhase(repository, base, { survey, tip, branch: branch.name, override });
  const files = await readStageFiles(repository, tip, { base, version, branch: branch.name, date });
  const { isOfOlderLine } = placeRelease(base, survey);
  if (isOfOlderLine) await requireOwnLine(repository, base, { survey, tip, branch: branch.name });
  else if (stage === "stable") await requireMainInside(repository, { survey, branch, tip });
  const needsProof = stage === "stable" && override === null;
  const proof = needsProof ? await findProductionProof(repository, base, { survey, tip, texts: production }) : null;
  return { base, version, branch, tip, isOfOlderLine, missingPhase, options, proof, files };
}

/**
 * Plan a stage of a release: a commit on its branch that sets the version, the checks of the tree that is tagged, the
 * tag, and an atomic push. A stable release is also merged into the branches of the strategy; its tag is on the merge in
 * `main`. A release of an older line is merged nowhere: its tag is on its own branch.
 *
 * @param repository The repository
 * @param text The release, such as `1.1.0`
 * @param options Stage, branches, tags and evidence
 * @returns The plan
 * @throws {KitError} As {@linkcode checkStage}
 */
export async function planStage(
  repository: Repository,
  text: string,
  options: PlanStageOptions,
): Promise<ReleasePlan> {
  const stage = await checkStage(repository, text, options);
  const { base, version, branch, tip } = stage;
  const files = await writeBlobs(repository, stage.files.texts);
  const commit: StepObject = files.length === 0 ? { sha: tip } : { step: "commit" };
  const message = `chore(release): ${version.tag}`;
  const steps: readonly Step[] = files.length === 0
    ? []
    : [{ type: "commit", id: "commit", onto: { sha: tip }, files, message }];
  const { survey: { remote } } = options;
  const draft = new MergeDraft({ remote, from: commit, fromName: branch.name });
  draft.steps.push(...steps);
  draft.add(branch, commit);
  draft.move(branch, commit);
  if (version.stage === "stable" && !stage.isOfOlderLine) addMerges(draft, stage);
  else {
    draft.steps.push(...checkSteps(stage, commit));
    draft.tag({ name: version.tag, on: commit, message: tagMessageOf(stage) });
  }
  draft.push();
  return {
    command: `release ${options.stage} ${base.text}`,
    summary: `Releases ${version.tag} from ${branch.name}`,
    steps: draft.steps,
    tag: version.tag,
    branch: branch.name,
    warnings: overrideNotices(stage),
    notes: [...olderLineNotices(stage), ...draft.notices],
  };
}

/** A stable release is merged into the branches of the strategy; the tag is on the merge in `main`. */
function addMerges(draft: MergeDraft, stage: Stage): void {
  const { branch, version, options: { survey: { strategy } } } = stage;
  const { main } = strategy;
  const into = matchBranch(strategy, branch.name)!.rule.into;
  const rest = into.filter((name) => name !== main && !isMissing(draft, stage, name));
  addMerge(draft, stage, main);
  const released = draft.from;
  draft.steps.push(...checkSteps(stage, released));
  draft.fromName = version.tag;
  for (const name of rest) addMerge(draft, stage, name);
  draft.tag({ name: version.tag, on: released, message: tagMessageOf(stage) });
}

/** Whether the remote lacks `develop`, which is then left out. */
function isMissing(draft: MergeDraft, { options: { survey } }: Stage, name: string): boolean {
  const { strategy, remote, branches } = survey;
  if (name !== strategy.develop || branches.some((one) => one.name === name)) return false;
  draft.notices.push(`There is no branch ${name} on ${remote}, so it is merged into ${strategy.main} only`);
  return true;
}

function addMerge(draft: MergeDraft, { version, options: { survey } }: Stage, name: string): void {
  const { strategy, remote } = survey;
  const branch = requireBranch(survey, name);
  const suffix = name === strategy.main ? ` for ${version.tag}` : "";
  const message = `Merge ${draft.fromName} into ${name}${suffix}`;
  draft.merge(branch, { onto: pushedTipOf(branch, remote), message });
}

function checkSteps({ base, version, options }: Stage, on: StepObject): readonly Step[] {
  const agree: Step = {
    type: "check",
    id: "check-versions",
    on,
    command: ["deno", "task", "release", "check", version.tag],
  };
  const { stage, reports, survey: { strategy } } = options;
  const gate = options.override === null ? releaseGateOf(strategy, base, { stage, reports }) : null;
  return gate === null ? [agree] : [agree, { type: "check", id: "check-gate", on, command: gate }];
}

function tagMessageOf({ base, version, options, proof, files, missingPhase }: Stage): string {
  const { stage, override, reports, survey: { strategy } } = options;
  const gate = releaseGateOf(strategy, base, { stage, reports: reports === null ? null : "reports" });
  const report = proof !== null && proof.report.length <= MAX_REPORT_CHARACTERS ? proof.report : null;
  const trailers: (readonly [string, string])[] = [];
  if (override !== null && missingPhase !== null) trailers.push(["Phase-Override", override]);
  if (override !== null) trailers.push(["Gate-Override", override]);
  else if (gate !== null) trailers.push(["Gate", `${gate.join(" ")} passed`]);
  if (proof !== null) trailers.push(["Production-Test", `${proof.test.tag} passed at ${proof.test.endedAt}`]);
  return renderTagMessage({ tag: version.tag, notes: files.notes, report, trailers });
}

function overrideNotices({ version, options, missingPhase }: Stage): readonly string[] {
  if (options.override === null) return [];
  const what = version.stage === "stable"
    ? "The gate and the production test were not asked"
    : "The gate was not asked";
  const phase = missingPhase === null ? [] : [`Phase ${missingPhase.phase} is not finished`];
  return [...phase, `${what}: "${options.override}", which the tag records`];
}

function olderLineNotices({ version, branch, isOfOlderLine, options: { survey } }: Stage): readonly string[] {
  if (!isOfOlderLine || version.stage !== "stable") return [];
  const { strategy: { main } } = survey;
  return [
    `${version.tag} is of an older line: the tag is on ${branch.name}, which is not merged into ${main}. If ${main} needs ` +
    "the fix too: civitai-dl branch start-hotfix NAME --switch, then git cherry-pick COMMIT",
  ];
}

/** What is released must be what was tested as a candidate, so `main` may have nothing that the release's branch lacks. */
async function requireMainInside(
  repository: Repository,
  { survey, branch, tip }: { readonly survey: ReleaseSurvey; readonly branch: SurveyedBranch; readonly tip: string },
): Promise<void> {
  const { strategy: { main }, remote } = survey;
  if (await containsCommit(repository, tip, pushedTipOf(requireBranch(survey, main), remote))) return;
  throw new KitError(
    "unsafe",
    `Cannot release from ${branch.name}: ${main} has commits that it lacks, such as a hotfix`,
    {
      hint:
        shell`Bring them in, push, and make another candidate: git switch ${branch.name} && git merge ${remote}/${main}`,
    },
  );
}
