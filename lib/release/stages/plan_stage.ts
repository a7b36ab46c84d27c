import { KitError } from "../../base/mod.ts";
import { containsCommit, type Repository, type Step, type StepObject } from "../../git/mod.ts";
import type { ProductionText } from "../production/production_test.ts";
import type { ReleaseVersion } from "../versions/release_version.ts";
import { chooseVersion, parseBaseVersion, type TaggedStage } from "./choose_version.ts";
import { findProductionProof, type ProductionProof } from "./find_production_proof.ts";
import { findReleaseBranch, pushedTipOf, releaseBranchNames } from "./find_branch.ts";
import { requireMain } from "./plan_prepare.ts";
import { gateCommandOf, lineOf } from "./release_lines.ts";
import { type BranchTarget, publishSteps, type ReleasePlan } from "./release_plan.ts";
import { readStageFiles } from "./_stage_files.ts";
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
  /** Why the gate and the production test do not count; `null` if they do. */
  readonly override: string | null;
  /** Absolute path of the folder of reports that the gate reads; `null` for none. */
  readonly evidence: string | null;
  /** Files that may be reports of production tests. */
  readonly production: readonly ProductionText[];
  /** As in `findProductionProof()`. */
  readonly sources: readonly string[] | null;
}

/** What all stages of a release share. */
interface Stage {
  readonly base: ReleaseVersion;
  readonly version: ReleaseVersion;
  readonly branch: SurveyedBranch;
  readonly tip: string;
  readonly options: PlanStageOptions;
  readonly proof: ProductionProof | null;
  readonly notes: string;
}

/** A report in a tag's message is limited, because an argument of a program is. */
const MAX_REPORT_CHARACTERS = 65_536;

/**
 * Plan a stage of a release: a commit on its branch that sets the version, the checks of the tree that is tagged, the
 * tag, and an atomic push. A stable release is also merged into `main` and `develop`; its tag is on the merge in `main`.
 *
 * @param repository The repository
 * @param text The release, such as `1.1.0`
 * @param options Stage, branches, tags and evidence
 * @returns The plan
 * @throws {KitError} `usage`, `unsafe`, `failed` or `inconclusive`, with the reason
 */
export async function planStage(
  repository: Repository,
  text: string,
  options: PlanStageOptions,
): Promise<ReleasePlan> {
  const { stage, survey, date } = options;
  const base = parseBaseVersion(text, survey);
  const version = chooseVersion(base, stage, survey);
  const branch = findReleaseBranch(base, survey);
  if (branch === null) {
    throw new KitError("unsafe", `Cannot release ${base.text}: there is no branch ${releaseBranchNames(base)[0]}`, {
      hint: `Prepare it first: civitai-dl release prepare ${base.text}`,
    });
  }
  const tip = pushedTipOf(branch, survey.remote);
  const { texts, notes } = await readStageFiles(repository, tip, { base, version, branch: branch.name, date });
  if (stage === "stable") await requireMainInside(repository, { survey, branch, tip });
  const needsProof = stage === "stable" && options.override === null;
  const proof = needsProof
    ? await findProductionProof(repository, base, {
      survey,
      tip,
      texts: options.production,
      sources: options.sources,
    })
    : null;
  const files = await writeBlobs(repository, texts);
  const commit: StepObject = files.length === 0 ? { sha: tip } : { step: "commit" };
  const message = `chore(release): ${version.tag}`;
  const steps: readonly Step[] = files.length === 0
    ? []
    : [{ type: "commit", id: "commit", onto: { sha: tip }, files, message }];
  const begun: Stage = { base, version, branch, tip, options, proof, notes };
  const rest = stage === "stable" ? planStable(begun, commit) : planPreview(begun, commit);
  return {
    command: `release ${stage} ${base.text}`,
    summary: `Releases ${version.tag} from ${branch.name}`,
    steps: [...steps, ...rest.steps],
    tag: version.tag,
    branch: branch.name,
    notices: rest.notices,
  };
}

/** What the steps after the commit are, and what a person should know. */
type Rest = Pick<ReleasePlan, "steps" | "notices">;

function planPreview(stage: Stage, commit: StepObject): Rest {
  const targets = [{ branch: stage.branch, after: commit }];
  const published = publishSteps(targets, { remote: stage.options.survey.remote, tags: [tagChange(stage)] });
  return {
    steps: [...checkSteps(stage, commit), tagStep(stage, commit), ...published.steps],
    notices: [...overrideNotices(stage), ...published.notices],
  };
}

function planStable(stage: Stage, commit: StepObject): Rest {
  const { branch, version, options: { survey } } = stage;
  const main = requireMain(survey);
  const develop = survey.branches.find(({ name }) => name === "develop");
  const merged: StepObject = { step: "merge-main" };
  const merges: Step[] = [{
    type: "merge",
    id: "merge-main",
    onto: { sha: pushedTipOf(main, survey.remote) },
    from: commit,
    message: `Merge ${branch.name} into main for ${version.tag}`,
  }];
  const targets: BranchTarget[] = [{ branch: main, after: merged }];
  if (develop !== undefined) {
    merges.push({
      type: "merge",
      id: "merge-develop",
      onto: { sha: pushedTipOf(develop, survey.remote) },
      from: merged,
      message: `Merge ${version.tag} into develop`,
    });
    targets.push({ branch: develop, after: { step: "merge-develop" } });
  }
  targets.push({ branch, after: commit });
  const published = publishSteps(targets, { remote: survey.remote, tags: [tagChange(stage)] });
  return {
    // A conflict shows before the gate has taken its time.
    steps: [...merges, ...checkSteps(stage, merged), tagStep(stage, merged), ...published.steps],
    notices: [
      ...overrideNotices(stage),
      ...develop === undefined
        ? [`There is no branch develop on ${survey.remote}, so it is merged into main only`]
        : [],
      ...published.notices,
    ],
  };
}

function checkSteps({ base, version, options }: Stage, on: StepObject): readonly Step[] {
  const agree: Step = {
    type: "check",
    id: "check-versions",
    on,
    command: ["deno", "task", "release", "check", version.tag],
  };
  if (options.override !== null) return [agree];
  const command = gateCommandOf(lineOf(base), { isQuick: version.stage === "alpha", evidence: options.evidence });
  return [agree, { type: "check", id: "check-gate", on, command }];
}

function tagStep({ base, version, options, proof, notes }: Stage, on: StepObject): Step {
  const { phase } = lineOf(base);
  const gate = phase === null ? "checks passed" : `phase ${phase} passed${version.stage === "alpha" ? " (quick)" : ""}`;
  const report = proof !== null && proof.report.length <= MAX_REPORT_CHARACTERS ? proof.report : null;
  const message = renderTagMessage({
    tag: version.tag,
    notes,
    report,
    trailers: [
      options.override === null ? ["Gate", gate] : ["Gate-Override", options.override],
      ...proof === null ? [] : [["Production-Test", `${proof.test.tag} passed at ${proof.test.endedAt}`] as const],
    ],
  });
  return { type: "tag", id: "tag", name: version.tag, on, message };
}

function tagChange({ version }: Stage): { ref: string; before: null; after: StepObject } {
  return { ref: `refs/tags/${version.tag}`, before: null, after: { step: "tag" } };
}

function overrideNotices({ version, options }: Stage): readonly string[] {
  if (options.override === null) return [];
  const what = version.stage === "stable" ? "The gate and the production test do not count" : "The gate does not count";
  return [`${what}: "${options.override}", which the tag records`];
}

/** What is released must be what was tested as a candidate, so `main` may have nothing that the release's branch lacks. */
async function requireMainInside(
  repository: Repository,
  { survey, branch, tip }: { readonly survey: ReleaseSurvey; readonly branch: SurveyedBranch; readonly tip: string },
): Promise<void> {
  const main = pushedTipOf(requireMain(survey), survey.remote);
  if (await containsCommit(repository, tip, main)) return;
  throw new KitError("unsafe", `Cannot release from ${branch.name}: main has commits that it lacks, such as a hotfix`, {
    hint: `Merge ${survey.remote}/main into ${branch.name}, push it, and make another candidate`,
  });
}
