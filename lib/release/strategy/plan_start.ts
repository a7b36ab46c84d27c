import { KitError, shell } from "../../base/mod.ts";
import { listBranchNames, type OperationPlan, type RepositoryFacts, type Step } from "../../git/mod.ts";
import { fillPattern, phaseBranch, type StrategyBranch } from "./branch_name.ts";
import { parseReleaseVersion } from "../../installation/mod.ts";
import { listReleases, placeVersion } from "./place_version.ts";
import { refuseUnsafeCheckout } from "./refuse_unsafe_checkout.ts";
import { positionOfBranch, settleBase } from "./settle_branch.ts";
import type { Strategy, StrategyPhase } from "./strategy.ts";

/** What a person asked for, and what it means. */
export interface BranchPlan extends OperationPlan {
  /** What a person should know besides, as sentences without a period. */
  readonly notes: readonly string[];
}

/** Options of {@linkcode planStart}. */
export interface StartOptions {
  /** The command as a person would type it. */
  readonly command: string;
  /** Whether to switch the user's working tree to the new branch. */
  readonly switches: boolean;
}

/** A branch to be created. */
interface NewBranch {
  readonly name: string;
  readonly sha: string;
}

/**
 * Plan the start of a branch: it, and those that belong to it, are created at the branch where its kind begins, here and
 * on the remote. A missing `develop` is created too. A release of an older line begins at the last release of that line.
 *
 * @param branch The branch
 * @param facts The repository
 * @param options Command, and whether to switch
 * @param strategy The strategy
 * @returns The steps
 * @throws {KitError} `unsafe` if it exists, or one of which it would be a folder, if its phase may not begin yet, or if the working tree is in no state for it;
 * `usage` if it is `develop`, the branch where it begins does not exist, or its version is not above the last one of its line
 */
export async function planStart(
  strategy: Strategy,
  branch: StrategyBranch,
  options: StartOptions & { readonly facts: RepositoryFacts },
): Promise<BranchPlan> {
  const { facts, command, switches } = options;
  const { name, rule, words } = branch;
  if (rule.kind === "develop") {
    throw new KitError("usage", `Cannot start ${name}: it begins with the first branch that is made from it`);
  }
  refuseUnsafeCheckout(facts.checkout, strategy.main);
  if (rule.kind === "phase") requirePredecessor(strategy, facts, Number(words.phase));
  const names = [name, ...rule.beside.map((pattern) => fillPattern(pattern, { ...words }))];
  for (const one of names) refuseExisting(facts, one);
  const from = settleOlderLine(strategy, branch, facts) ?? await settleStart(strategy, facts, rule.from);
  const created: readonly NewBranch[] = [
    ...from.isMissing ? [{ name: rule.from, sha: from.sha }] : [],
    ...names.map((one) => ({ name: one, sha: from.sha })),
  ];
  for (const one of created) refuseNested(facts, one.name);
  if (switches) await refuseCollisions(facts, from.sha);
  const changes = created.map((one) => ({ ref: `refs/heads/${one.name}`, before: null, after: { sha: one.sha } }));
  const isLocal = (one: NewBranch) => positionOfBranch(facts, one.name).local !== null;
  const local = created.filter((one) => !isLocal(one));
  const steps: Step[] = [
    { type: "push", id: "push", remote: facts.remoteName, changes },
    {
      type: "refs",
      id: "refs",
      changes: local.map((one) => ({ ref: `refs/heads/${one.name}`, before: null, after: { sha: one.sha } })),
    },
    ...local.map((one, index): Step => ({
      type: "track",
      id: `track-${index + 1}`,
      branch: one.name,
      remote: facts.remoteName,
    })),
  ];
  if (switches) steps.push({ type: "switch", id: "switch", branch: name, from: facts.checkout.branch! });
  return {
    command,
    steps,
    summary: `Creates ${created.map((one) => one.name).join(", ")} at ${from.name} (${from.sha.slice(0, 12)})`,
    notes: [
      ...switches ? [] : [shell`To work on it: git switch ${name}`],
      ...listNextSteps(branch),
    ],
  };
}

/** Refuse a phase whose predecessor is not finished: the remote has neither its tag nor its release. */
function requirePredecessor(strategy: Strategy, facts: RepositoryFacts, phase: number): void {
  const before = strategy.phases.find((one) => one.phase === phase - 1);
  if (before === undefined) return;
  const tags = tagsOfPhase(strategy, before);
  if (tags.some((tag) => facts.remote.has(`refs/tags/${tag}`))) return;
  const reason = `Cannot start phase ${phase}: phase ${before.phase} is not finished`;
  const own = tags.find((tag) => facts.local.has(`refs/tags/${tag}`));
  if (own !== undefined) {
    throw new KitError("unsafe", `${reason}: the tag ${own} exists only here, and not on ${facts.remoteName}`, {
      hint: shell`See what it is: git show ${own}; then push it, or delete it: git tag --delete ${own}`,
    });
  }
  const { local, remote } = positionOfBranch(facts, phaseBranch(strategy, before).name);
  const hasBegun = local !== null || remote !== null;
  const action = hasBegun ? "finish-phase" : "create-phase";
  throw new KitError("unsafe", `${reason}; there is no tag ${tags.join(" or ")}`, {
    hint: shell`${hasBegun ? "Finish" : "Begin"} it first: civitai-dl branch ${action} ${before.phase}`,
  });
}

/**
 * List the tags that show that a phase is finished.
 *
 * @param strategy The strategy
 * @param phase The phase
 * @returns Short names: the tag of the phase, then that of its release
 */
export function tagsOfPhase(strategy: Strategy, phase: StrategyPhase): readonly string[] {
  const { rule, words } = phaseBranch(strategy, phase);
  const own = rule.tag === null ? [] : [fillPattern(rule.tag, { ...words })];
  return [...own, `v${phase.version}`];
}

function refuseExisting(facts: RepositoryFacts, name: string): void {
  const { local, remote } = positionOfBranch(facts, name);
  if (local === null && remote === null) return;
  const place = remote === null ? "here" : `on ${facts.remoteName}`;
  throw new KitError("unsafe", `Cannot create ${name}: it exists already ${place}`, {
    hint: shell`To work on it: git switch ${name}`,
  });
}

/** Refuse a branch that would be a folder of another one, or a file in its place: git keeps branches as files. */
function refuseNested({ local, remote, remoteName }: RepositoryFacts, name: string): void {
  const isNested = (one: string) => one.startsWith(`${name}/`) || name.startsWith(`${one}/`);
  const own = listBranchNames(local).find(isNested);
  const other = own ?? listBranchNames(remote).find(isNested);
  if (other === undefined) return;
  const place = own === undefined ? `on ${remoteName}` : "here";
  const [outer, inner] = other.length < name.length ? [other, name] : [name, other];
  throw new KitError(
    "unsafe",
    `Cannot create ${name}: there is a branch ${other} ${place}, and git cannot have ${inner} beside ${outer}`,
    {
      hint: other.length < name.length
        ? shell`Choose another name, such as ${`${outer}-${inner.slice(outer.length + 1)}`}, or rename it`
        : "Choose another name",
    },
  );
}

/** Say what follows once the work is committed. */
function listNextSteps({ name, rule: { kind, into }, words }: StrategyBranch): readonly string[] {
  if (kind === "release" && words.version !== undefined) {
    return [shell`When its commits are pushed: civitai-dl release prepare ${words.version}`];
  }
  if (into.length === 0) return [];
  const finish = words.phase === undefined || kind !== "phase"
    ? shell`civitai-dl branch finish ${name}`
    : shell`civitai-dl branch finish-phase ${words.phase}`;
  return [`When its work is committed: ${finish}`];
}

/** Where a branch begins. */
interface Start {
  readonly sha: string;
  /** The branch or tag of that commit. */
  readonly name: string;
  /** Whether the branch where it should begin does not exist, and is created too. */
  readonly isMissing: boolean;
}

/** Find the commit at which a branch begins; a missing `develop` begins where `main` is. */
async function settleStart(strategy: Strategy, facts: RepositoryFacts, from: string): Promise<Start> {
  const { local, remote } = positionOfBranch(facts, from);
  const isMissing = from === strategy.develop && remote === null && local === null;
  const name = isMissing ? strategy.main : from;
  return { sha: await settleBase(strategy, facts, name), name, isMissing };
}

/** Find the tag at which the branch of a release begins if its line is an older one; `null` for any other branch. */
function settleOlderLine(strategy: Strategy, { rule, words }: StrategyBranch, facts: RepositoryFacts): Start | null {
  if (rule.kind !== "release" || words.version === undefined) return null;
  const version = parseReleaseVersion(words.version);
  const { previous, isOfOlderLine } = placeVersion(strategy, version, listReleases(strategy, facts));
  return isOfOlderLine ? { sha: previous!.commit, name: previous!.version.tag, isMissing: false } : null;
}

/** Refuse to switch if untracked files are in the way. */
async function refuseCollisions(facts: RepositoryFacts, sha: string): Promise<void> {
  const paths = new Set(await facts.listPaths(sha));
  const inTheWay = facts.checkout.untracked.filter((path) => paths.has(path));
  if (inTheWay.length === 0) return;
  throw new KitError(
    "unsafe",
    `Cannot switch: ${inTheWay.slice(0, 3).join(", ")} would be overwritten, and git does not know it`,
    {
      hint: "Move it away, or leave --switch out",
    },
  );
}
