import { KitError, shell } from "../../base/mod.ts";
import type { CheckStep, RepositoryFacts } from "../../git/mod.ts";
import { fillPattern, type StrategyBranch } from "./branch_name.ts";
import { fillGate } from "./fill_gate.ts";
import { MergeDraft } from "./merge_draft.ts";
import { type BranchPlan, tagsOfPhase } from "./plan_start.ts";
import { compareReleaseVersions, parseReleaseVersion } from "../../installation/mod.ts";
import { listReleases } from "./place_version.ts";
import { describeUntracked, refuseUnsafeCheckout } from "./refuse_unsafe_checkout.ts";
import { positionOfBranch, settleBase, settleTopic, type TopicTip } from "./settle_branch.ts";
import type { Strategy } from "./strategy.ts";
import { releaseGateOf } from "./version_lines.ts";

/** Options of {@linkcode planFinish}. */
export interface FinishOptions {
  /** The command as a person would type it. */
  readonly command: string;
  /** The repository. */
  readonly facts: RepositoryFacts;
  /** Absolute path of the folder of reports in the user's checkout; `null` if there is none. */
  readonly reports: string | null;
  /** Why the gate is not asked; recorded in the merges. `null` to ask it. */
  readonly override: string | null;
}

/** A branch into which another one is merged. */
interface MergeTarget {
  readonly name: string;
  /** Full hash before the merge. */
  readonly before: string;
  /** Whether it contains the branch already. */
  readonly isMerged: boolean;
}

/**
 * Plan the end of a branch: it is merged into each target of its kind in turn, the gate judges the merged tree, and only
 * then everything is pushed at once.
 *
 * @param strategy The strategy
 * @param branch The branch
 * @param options Command, repository, reports, override
 * @returns The steps
 * @throws {KitError} `usage` if the branch does not exist or is never merged, `unsafe` if it is merged already or has no
 * commits, if its tag exists, or if a branch has diverged
 */
export async function planFinish(
  strategy: Strategy,
  branch: StrategyBranch,
  options: FinishOptions,
): Promise<BranchPlan> {
  const { command, facts, override } = options;
  const { name, rule, words } = branch;
  refuseUnsafeCheckout(facts.checkout, strategy.main);
  if (rule.into.length === 0) throw neverMerged(branch);
  const tag = rule.tag === null ? null : fillPattern(rule.tag, { ...words });
  if (tag !== null) refuseExistingTag(facts, tag);
  const isDevelop = rule.kind === "develop";
  const tip = isDevelop
    ? { sha: await settleBase(strategy, facts, name), pushFrom: null, isAhead: false }
    : await settleTopic(facts, name);
  const targets = await settleTargets(strategy, facts, rule.into, tip);
  if (isDevelop) await refuseWithoutChanges(facts, branch, { targets, tip });
  else await refuseWithoutWork(facts, branch, { targets, tip, tag });
  refuseOlderLine(strategy, branch, facts);
  const draft = new MergeDraft({ remote: facts.remoteName, from: { sha: tip.sha }, fromName: name });
  // The branch itself too, if it has commits that the remote lacks.
  if (tip.isAhead) draft.add({ name, remote: tip.pushFrom }, { sha: tip.sha });
  const finishing: Finishing = { strategy, branch, options };
  for (const target of targets) addTarget(draft, target, finishing);
  if (!draft.steps.some((step) => step.type === "check")) addCheck(draft, finishing);
  // What was judged is carried on to a last branch. That merge is judged too if it is more than git's own.
  else if (draft.steps.at(-1)?.type === "merge") addCheck(draft, finishing, { isOnlyForResolved: true });
  if (tag !== null) addTag(draft, tag, branch, options);
  draft.push();
  return {
    command,
    summary: `Merges ${name} into ${rule.into.join(", then ")}` + (tag === null ? "" : ` and tags ${tag}`),
    steps: draft.steps,
    warnings: [
      ...override === null ? [] : [`The gate was not asked: ${override}`],
      ...describeUntracked(facts.checkout),
    ],
    notes: draft.notices,
  };
}

function neverMerged({ name, rule }: StrategyBranch): KitError {
  return new KitError("usage", `Cannot finish ${name}: ${rule.kind} branches are never merged`, {
    hint: "Bring what it proved into a feature: civitai-dl branch start feature/NAME",
  });
}

/** A release of an older line would take its version and its older code into main. */
function refuseOlderLine(strategy: Strategy, { name, rule, words }: StrategyBranch, facts: RepositoryFacts): void {
  if (rule.kind !== "release" || words.version === undefined) return;
  const releases = listReleases(strategy, facts);
  const last = releases.at(-1)?.version;
  const version = parseReleaseVersion(words.version);
  if (last === undefined || compareReleaseVersions(version, last) >= 0) return;
  throw new KitError("unsafe", `Cannot finish ${name}: ${last.text} is released, so it is of an older line`, {
    hint: shell`It is tagged where it is and merged nowhere: civitai-dl release stable ${version.text}`,
  });
}

function refuseExistingTag(facts: RepositoryFacts, tag: string): void {
  const ref = `refs/tags/${tag}`;
  const finished = facts.remote.get(ref);
  if (finished !== undefined) {
    throw new KitError("unsafe", `Cannot finish it again: the tag ${tag} exists, on ${finished.commit.slice(0, 12)}`, {
      hint: shell`See what it is: git show ${tag}`,
    });
  }
  if (!facts.local.has(ref)) return;
  throw new KitError("unsafe", `Cannot finish it: the tag ${tag} exists only here, and not on ${facts.remoteName}`, {
    hint: shell`Somebody made it by hand. See what it is: git show ${tag}; then delete it: git tag --delete ${tag}`,
  });
}

interface Work {
  readonly targets: readonly MergeTarget[];
  readonly tip: TopicTip;
  readonly tag: string | null;
}

/** Refuse a branch that would merge nothing. One that somebody has merged by hand may still get its tag. */
async function refuseWithoutWork(
  facts: RepositoryFacts,
  { name, rule }: StrategyBranch,
  { targets, tip, tag }: Work,
): Promise<void> {
  if (targets.some(({ isMerged }) => !isMerged)) return;
  const base = targets.find((target) => target.name === rule.from)?.before ?? targets[0]!.before;
  if (await facts.isOnLine(base, tip.sha)) {
    const isHere = facts.checkout.branch === name;
    throw new KitError("unsafe", `Cannot finish ${name}: it has no commits of its own since it began at ${rule.from}`, {
      hint: `Commit the work to it first${isHere ? "; it is checked out here" : shell`: git switch ${name}`}`,
    });
  }
  if (tag !== null) return;
  const verb = rule.into.length === 1 ? "contains" : "contain";
  throw new KitError("unsafe", `Cannot finish ${name}: ${rule.into.join(" and ")} ${verb} it already`, {
    hint: shell`It is done; to remove it here: git branch --delete ${name}`,
  });
}

/** After a hotfix, develop has its merge, which brings main nothing. */
async function refuseWithoutChanges(
  facts: RepositoryFacts,
  { name }: StrategyBranch,
  { targets: [target], tip }: Pick<Work, "targets" | "tip">,
): Promise<void> {
  if (target === undefined || !target.isMerged && !await facts.hasChanges(target.before, tip.sha)) return;
  throw new KitError("unsafe", `Cannot finish ${name}: ${target.name} has everything of it already`, {
    hint: shell`See what is next: civitai-dl branch`,
  });
}

async function settleTargets(
  strategy: Strategy,
  facts: RepositoryFacts,
  names: readonly string[],
  tip: TopicTip,
): Promise<readonly MergeTarget[]> {
  const targets: MergeTarget[] = [];
  for (const name of names) {
    const isMissing = name === strategy.develop && positionOfBranch(facts, name).remote === null;
    const before = await settleBase(strategy, facts, isMissing ? strategy.main : name);
    targets.push({ name, before, isMerged: await facts.contains(before, tip.sha) });
  }
  return targets;
}

interface Finishing {
  readonly strategy: Strategy;
  readonly branch: StrategyBranch;
  readonly options: FinishOptions;
}

function addTarget(draft: MergeDraft, target: MergeTarget, finishing: Finishing): void {
  const { strategy, options } = finishing;
  const { name, before, isMerged } = target;
  const { facts, override } = options;
  if (isMerged) {
    draft.from = { sha: before };
    draft.fromName = name;
    return;
  }
  const trailer = override === null ? "" : `\n\nGate-Override: ${override}`;
  const position = positionOfBranch(facts, name);
  const message = `Merge ${draft.fromName} into ${name}${trailer}`;
  draft.merge({ ...position, isCheckedOut: facts.checkedOut.has(name) }, { onto: before, message });
  draft.fromName = name;
  // What main becomes is released, so it is judged even if another merge follows.
  if (name === strategy.main) addCheck(draft, finishing);
}

/** Judge the tree that was merged last, unless the gate is overridden. */
function addCheck(
  draft: MergeDraft,
  { strategy, branch, options }: Finishing,
  condition: Pick<CheckStep, "isOnlyForResolved"> = {},
): void {
  const command = options.override === null ? gateOf(strategy, branch, options) : null;
  if (command === null) return;
  const count = draft.steps.filter((step) => step.type === "check").length;
  draft.steps.push({ type: "check", id: `gate-${count + 1}`, on: draft.from, command, ...condition });
}

/** A branch of a release without a gate of its kind passes the one of its version. */
function gateOf(
  strategy: Strategy,
  { rule, words }: StrategyBranch,
  { facts, reports }: FinishOptions,
): readonly string[] | null {
  const phase = rule.kind === "develop" ? { phase: lastPhaseOf(strategy, facts) } : {};
  if (rule.gate !== null) return fillGate(rule.gate, { ...words, ...phase }, reports);
  if (rule.kind !== "release" || words.version === undefined) return null;
  return releaseGateOf(strategy, { base: words.version }, { stage: "stable", reports });
}

/** The last phase that is finished, or the first one before that. */
function lastPhaseOf(strategy: Strategy, { remote }: RepositoryFacts): string | undefined {
  const { phases } = strategy;
  const isFinished = (tags: readonly string[]) => tags.some((tag) => remote.has(`refs/tags/${tag}`));
  const last = phases.findLast((phase) => isFinished(tagsOfPhase(strategy, phase))) ?? phases[0];
  return last === undefined ? undefined : String(last.phase);
}

function addTag(draft: MergeDraft, tag: string, { name, words }: StrategyBranch, { override }: FinishOptions): void {
  const phase = words.phase === undefined ? name : `Phase ${words.phase}`;
  const trailer = override === null ? "" : `\n\nGate-Override: ${override}`;
  draft.tag({ name: tag, on: draft.from, message: `${phase} is finished${trailer}` });
}
