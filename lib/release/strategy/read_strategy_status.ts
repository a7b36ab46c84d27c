import { formatCount, type LockHolder, shell } from "../../base/mod.ts";
import { INTERRUPTED, listBranchNames, type Operation, type RepositoryFacts } from "../../git/mod.ts";
import { moveCommits } from "./_move_commits.ts";
import { matchBranch, phaseBranch } from "./branch_name.ts";
import { tagsOfPhase } from "./plan_start.ts";
import { explainUnsafeCheckout } from "./refuse_unsafe_checkout.ts";
import { positionOfBranch } from "./settle_branch.ts";
import type { BranchKind, Strategy, StrategyPhase, VersionLine } from "./strategy.ts";

/**
 * How far a phase is: `waiting` for the one before it, `ready` to begin, `open` with a branch, `integrated` in develop,
 * `finished` with the tag of the phase, `released` with the tag of its version.
 */
export type PhaseState = "waiting" | "ready" | "open" | "integrated" | "finished" | "released";

/** How far a phase is. */
export interface PhaseStatus extends StrategyPhase {
  /** How far it is. */
  readonly state: PhaseState;
  /** Short name of its branch, whether or not it exists. */
  readonly branch: string;
  /** Commits of its branch that main lacks; 0 without a branch. */
  readonly commits: number;
  /** Whether its branch has commits of its own, in main or not; `false` without a branch. */
  readonly hasWork: boolean;
  /** The tag of the remote that shows that it is finished or released; `null` until then. */
  readonly tag: string | null;
}

/** Where a branch of the strategy is. */
export interface BranchStatus {
  /** Short name. */
  readonly name: string;
  /** What it is for; `base` for the two long-lived ones. */
  readonly kind: BranchKind | "base";
  /** The version that its name says, such as `1.1.0`; `null` if it says none. */
  readonly version: string | null;
  /** Full hash here; `null` if there is no local branch. */
  readonly local: string | null;
  /** Full hash on the remote; `null` if it lacks the branch. */
  readonly remote: string | null;
  /** Commits here that the remote lacks. */
  readonly ahead: number;
  /** Commits of the remote that are missing here; 0 if there is no local branch. */
  readonly behind: number;
  /** Commits that the branch from which its kind begins lacks; 0 for the long-lived ones. */
  readonly commits: number;
  /**
   * Whether commits were made on it: those that the branch where it begins lacks, or those that somebody has merged
   * there by hand.
   */
  readonly hasWork: boolean;
  /** Short name of the branch where it begins; `null` for main. */
  readonly from: string | null;
}

/** A step that a person can take now. */
export interface NextStep {
  /** The whole command, of this program or of git. */
  readonly command: string;
  /** Why, as a sentence without a period. */
  readonly why: string;
}

/** The whole picture of a project's branches. */
export interface StrategyStatus {
  /** Name of the remote. */
  readonly remote: string;
  /** Whether the remote's branches are those of the last fetch. */
  readonly isOffline: boolean;
  /** Short name of the branch that is checked out here; `null` if HEAD is detached. */
  readonly current: string | null;
  /** The operation that has not ended; `null` if there is none. */
  readonly operation: Operation | null;
  /** The process that works on that operation now; `null` if the operation was interrupted or waits for a person. */
  readonly runner: LockHolder | null;
  /** Every phase, in order. */
  readonly phases: readonly PhaseStatus[];
  /** Every branch of the strategy that exists, the long-lived ones first. */
  readonly branches: readonly BranchStatus[];
  /** What can be done next, the most urgent first. */
  readonly next: readonly NextStep[];
}

/** Options of {@linkcode readStrategyStatus}. */
export interface StrategyStatusOptions {
  /** The repository. */
  readonly facts: RepositoryFacts;
  /** The operation that has not ended; `null` if there is none. */
  readonly operation: Operation | null;
  /** The process that works on it now; `null` or absent if there is none. */
  readonly runner?: LockHolder | null | undefined;
  /** Whether the facts are those of the last fetch. */
  readonly isOffline: boolean;
}

/**
 * Describe where phases and branches stand, and what to do next.
 *
 * @param strategy The strategy
 * @param options The repository, and the operation under way
 * @returns The status
 */
export async function readStrategyStatus(strategy: Strategy, options: StrategyStatusOptions): Promise<StrategyStatus> {
  const { facts, operation, isOffline } = options;
  const runner = operation === null ? null : options.runner ?? null;
  const branches: BranchStatus[] = [];
  for (const name of listNames(strategy, facts)) branches.push(await readBranch(strategy, facts, name));
  const phases: PhaseStatus[] = [];
  for (const phase of strategy.phases) {
    phases.push(await readPhase(strategy, phase, { facts, branches, previous: phases.at(-1) }));
  }
  return {
    remote: facts.remoteName,
    isOffline,
    current: facts.checkout.branch,
    operation,
    runner,
    phases,
    branches,
    next: operation === null
      ? await listNext({ strategy, facts, phases, branches, current: facts.checkout.branch, remote: facts.remoteName })
      : listUntilEnd(operation, runner),
  };
}

function listNames(strategy: Strategy, facts: RepositoryFacts): readonly string[] {
  const names = listBranchNames(facts.local, facts.remote);
  const bases = [strategy.main, strategy.develop];
  return [
    ...bases.filter((name) => names.includes(name)),
    ...names.filter((name) => !bases.includes(name) && matchBranch(strategy, name) !== null),
  ];
}

async function readBranch(strategy: Strategy, facts: RepositoryFacts, name: string): Promise<BranchStatus> {
  const { local, remote } = positionOfBranch(facts, name);
  const isBase = name === strategy.main || name === strategy.develop;
  const branch = isBase ? null : matchBranch(strategy, name);
  const rule = branch?.rule;
  const tip = (local ?? remote)!;
  const from = beginningOf(strategy, facts, { name, from: rule?.from });
  const base = from === null ? undefined : positionOfBranch(facts, from);
  const start = base?.remote ?? base?.local ?? null;
  const commits = start === null ? 0 : await facts.countMissing(tip, start);
  const hasWork = rule !== undefined && start !== null && (commits > 0 || !await facts.isOnLine(start, tip));
  const countAhead = async (): Promise<number> => {
    if (local === null) return 0;
    return remote === null ? await countOwn(facts, tip, start) : await facts.countMissing(local, remote);
  };
  return {
    name,
    kind: rule?.kind ?? "base",
    version: branch?.words.version ?? null,
    local,
    remote,
    ahead: await countAhead(),
    behind: local === null || remote === null ? 0 : await facts.countMissing(remote, local),
    commits,
    hasWork,
    from,
  };
}

/** Name the branch where another one begins; `null` for main. A missing `develop` begins at main, as `planStart()` has it. */
function beginningOf(
  { main, develop }: Strategy,
  facts: RepositoryFacts,
  { name, from }: { readonly name: string; readonly from: string | undefined },
): string | null {
  if (name === main) return null;
  const isMissing = from === develop && positionOfBranch(facts, develop).remote === null &&
    positionOfBranch(facts, develop).local === null;
  return from === undefined || isMissing ? main : from;
}

async function countOwn(facts: RepositoryFacts, tip: string, start: string | null): Promise<number> {
  return start === null ? 0 : await facts.countMissing(tip, start);
}

interface ReadPhaseOptions {
  readonly facts: RepositoryFacts;
  readonly branches: readonly BranchStatus[];
  readonly previous: PhaseStatus | undefined;
}

async function readPhase(strategy: Strategy, phase: StrategyPhase, options: ReadPhaseOptions): Promise<PhaseStatus> {
  const { facts, branches, previous } = options;
  const branch = phaseBranch(strategy, phase).name;
  const found = branches.find(({ name }) => name === branch);
  const tags = tagsOfPhase(strategy, phase);
  const tag = tags.toReversed().find((one) => facts.remote.has(`refs/tags/${one}`));
  const { commits = 0, hasWork = false } = found ?? {};
  const common = { ...phase, branch, commits, hasWork, tag: tag ?? null };
  if (tag !== undefined) return { ...common, state: tag === tags.at(-1) ? "released" : "finished" };
  if (found !== undefined) {
    const develop = positionOfBranch(facts, strategy.develop).remote;
    const tip = (found.local ?? found.remote)!;
    const isIntegrated = hasWork && develop !== null && await facts.contains(develop, tip);
    return { ...common, state: isIntegrated ? "integrated" : "open" };
  }
  const mayBegin = previous === undefined || previous.state === "finished" || previous.state === "released";
  return { ...common, state: mayBegin ? "ready" : "waiting" };
}

interface Situation extends Pick<StrategyStatus, "phases" | "branches" | "current" | "remote"> {
  readonly strategy: Strategy;
  readonly facts: RepositoryFacts;
}

/** List what can be done about an operation that has not ended. Until it ends, every other command is refused. */
function listUntilEnd({ command, state, reason }: Operation, runner: LockHolder | null): readonly NextStep[] {
  if (runner !== null) {
    const why = `Wait for the end of "${runner.command}": process ${runner.pid} is running it`;
    return [{ command: "civitai-dl branch status", why }];
  }
  const undoing = { command: "civitai-dl branch undo", why: `Take "${command}" back` };
  return state === "undoing"
    ? [{ ...undoing, why: `${undoing.why}: ${reason ?? INTERRUPTED}` }]
    : [{ command: "civitai-dl branch continue", why: `Complete "${command}"` }, undoing];
}

/** List what can be done next: what everything else waits for, then hotfixes, then the phases in order. */
async function listNext(situation: Situation): Promise<readonly NextStep[]> {
  const { branches, current } = situation;
  const next = [...nextOfCheckout(situation), ...nextOfMain(situation)];
  // Everything begins or ends at main.
  if (positionOfBranch(situation.facts, situation.strategy.main).remote === null) return next;
  for (const branch of branches) next.push(...await nextOfBase(branch, situation));
  for (const branch of branches) {
    if (branch.kind !== "hotfix" || !branch.hasWork || await isMerged(branch, situation)) continue;
    next.push(pullFirst(branch, situation) ?? finishBranch(branch, "main and develop"));
  }
  next.push(...nextOfOwnTags(situation));
  next.push(...await nextOfDevelop(situation));
  for (const phase of situation.phases) next.push(...nextOfPhase(phase, situation));
  const working = branches.find(({ name, kind }) => name === current && kind === "feature");
  if (working !== undefined) next.push(nextOfFeature(working, situation));
  if (!next.some(({ command }) => command === "civitai-dl release")) {
    next.push(...nextOfFirstLine(situation));
    next.push(...nextOfOpenRelease(situation));
  }
  return [...next, ...catchUp(situation)];
}

/** A working tree in the middle of something: every command that changes branches is refused. */
function nextOfCheckout({ strategy, facts }: Situation): readonly NextStep[] {
  const unsafe = explainUnsafeCheckout(facts.checkout, strategy.main);
  if (unsafe === null) return [];
  const { reason, advice, command } = unsafe;
  return [{ command, why: `Nothing begins or ends yet: ${reason}. ${advice}` }];
}

/** A remote without the stable branch, or with another name for it. */
function nextOfMain({ strategy: { main }, facts, remote }: Situation): readonly NextStep[] {
  const position = positionOfBranch(facts, main);
  if (position.remote !== null) return [];
  if (position.local !== null) {
    return [{ command: shell`git push ${remote} ${main}`, why: `${remote} has no ${main}, where everything begins` }];
  }
  const why = `${remote} has no ${main}; config/branches.yml says what the stable branch is called`;
  return [{ command: shell`git ls-remote --heads ${remote}`, why }];
}

/** A tag of a phase that somebody made by hand: the phase cannot be finished, and is not finished either. */
function nextOfOwnTags({ strategy, phases, facts, remote }: Situation): readonly NextStep[] {
  return phases.flatMap((phase) => tagsOfPhase(strategy, phase)).flatMap((tag) => {
    const ref = `refs/tags/${tag}`;
    if (!facts.local.has(ref) || facts.remote.has(ref)) return [];
    return [{ command: shell`git show ${tag}`, why: `The tag ${tag} is not on ${remote}: push it, or delete it here` }];
  });
}

/** A long-lived branch with commits of its own is one that nothing can be built on. */
async function nextOfBase(branch: BranchStatus, { strategy, facts, remote }: Situation): Promise<readonly NextStep[]> {
  const { name, kind, ahead, local } = branch;
  if (kind !== "base" || ahead === 0 || local === null) return [];
  const [where, theirs] = ahead === 1 ? ["it", "its"] : ["them", "their"];
  const why = `${name} has ${formatCount(ahead, "commit")} that ${remote} lacks, so nothing begins or ends there; ` +
    `this moves ${where} to a branch of ${theirs} own, for the gate`;
  return [{ command: await moveCommits(strategy, facts, { name, sha: local }), why }];
}

/** Until the last phase is finished, each of them brings develop into main. */
async function nextOfDevelop({ strategy, phases, branches, facts }: Situation): Promise<readonly NextStep[]> {
  if (matchBranch(strategy, strategy.develop) === null) return [];
  if (phases.some(({ state }) => state !== "finished" && state !== "released")) return [];
  const develop = branches.find(({ name }) => name === strategy.develop);
  const main = positionOfBranch(facts, strategy.main).remote;
  if (develop?.remote === undefined || develop.remote === null || main === null || develop.ahead > 0) return [];
  const count = await facts.countMissing(develop.remote, main);
  if (count === 0 || await facts.hasChanges(main, develop.remote)) return [];
  const why = `${formatCount(count, "commit")} for ${strategy.main}, which no phase brings there any more`;
  return [{ command: shell`civitai-dl branch finish ${develop.name}`, why }];
}

/** Whether all branches into which its kind is merged have its changes, also by hand or by a squash. */
async function isMerged({ name, local, remote }: BranchStatus, { strategy, facts }: Situation): Promise<boolean> {
  const tip = (local ?? remote)!;
  for (const target of matchBranch(strategy, name)!.rule.into) {
    const position = positionOfBranch(facts, target).remote;
    if (position === null || await facts.contains(position, tip)) continue;
    if (!await facts.hasChanges(position, tip)) return false;
  }
  return true;
}

function finishBranch({ name, commits, from }: BranchStatus, into: string): NextStep {
  const why = commits === 0 ? `${from} has its commits already, and another branch lacks them` : null;
  return {
    command: shell`civitai-dl branch finish ${name}`,
    why: why ?? `${formatCount(commits, "commit")} for ${into}`,
  };
}

/** An operation leaves the branch that is checked out where it is, so that its files stay. */
function catchUp({ branches, current, remote }: Situation): readonly NextStep[] {
  const here = branches.find(({ name }) => name === current);
  if (here === undefined || here.behind === 0 || here.ahead > 0) return [];
  const why = `${here.name} is checked out and lacks ${formatCount(here.behind, "commit")} of ${remote}`;
  return [{ command: shell`git pull --ff-only ${remote} ${here.name}`, why }];
}

/** A branch that has diverged from the remote's cannot be finished. */
function pullFirst({ name, ahead, behind }: BranchStatus, { remote, current }: Situation): NextStep | null {
  if (ahead === 0 || behind === 0) return null;
  const why = `${name} has ${formatCount(ahead, "commit")} here and ${formatCount(behind, "commit")} on ${remote}`;
  return {
    command: name === current ? "git pull --rebase" : shell`git switch ${name}`,
    why: `${why} to bring together`,
  };
}

function nextOfPhase(status: PhaseStatus, situation: Situation): readonly NextStep[] {
  const { phase, state, branch, commits, hasWork, version, title } = status;
  switch (state) {
    case "ready":
      return [{
        command: shell`civitai-dl branch create-phase ${phase}`,
        why: `Begin phase ${phase}: ${title}`,
      }];
    case "open":
    case "integrated": {
      const found = situation.branches.find(({ name }) => name === branch)!;
      if (!hasWork) return [workOn(found, situation)];
      const finish = {
        command: shell`civitai-dl branch finish-phase ${phase}`,
        why: commits === 0
          ? `${found.from} has ${branch} already, by hand; this judges and tags it`
          : `${formatCount(commits, "commit")} on ${branch}, once its gate passes`,
      };
      return [pullFirst(found, situation) ?? finish];
    }
    case "finished": {
      const release = situation.branches.find((one) => one.kind === "release" && one.version === version);
      const before = lineBefore(situation.strategy, phase);
      if (before !== undefined && !hasRelease(before, situation.facts)) {
        return [
          seeRelease(`Phase ${phase} is finished; ${version} waits for the first release of ${before.name}.x`),
        ];
      }
      if (release === undefined) {
        const why = `Phase ${phase} is finished and not released`;
        return [{ command: shell`civitai-dl release prepare ${version}`, why }];
      }
      return [seeRelease(`${version} is on its way on ${release.name}: see its next stage`)];
    }
    case "waiting":
    case "released":
      return [];
  }
}

function nextOfFeature(branch: BranchStatus, situation: Situation): NextStep {
  if (!branch.hasWork) return workOn(branch, situation);
  if (branch.commits === 0) {
    const why = `${branch.name} is merged into ${branch.from}; after this, git branch --delete removes it here`;
    return { command: shell`git switch ${branch.from!}`, why };
  }
  return pullFirst(branch, situation) ??
    finishBranch(branch, `${nameTargets(branch, situation)}, once its gate passes`);
}

function nameTargets({ name }: BranchStatus, { strategy }: Situation): string {
  return matchBranch(strategy, name)!.rule.into.join(" and ");
}

function seeRelease(why: string): NextStep {
  return { command: "civitai-dl release", why };
}

/** An empty branch waits for commits. */
function workOn({ name }: BranchStatus, { current }: Situation): NextStep {
  const command = name === current ? "git commit" : shell`git switch ${name}`;
  return { command, why: `${name} has no commits of its own yet` };
}

/** A line without a phase has no place in the list of phases; before its first release, phases have nothing to improve. */
function nextOfFirstLine({ strategy, facts }: Situation): readonly NextStep[] {
  const [first] = strategy.lines;
  if (first === undefined || first.phase !== null || hasRelease(first, facts)) return [];
  return [seeRelease(`No ${first.name}.x is released yet: see what is next`)];
}

/** A release that no phase leads to, such as a fix of an older line, shows here that it is on its way. */
function nextOfOpenRelease({ branches, phases, facts }: Situation): readonly NextStep[] {
  const ofPhases = phases.map(({ version }) => version);
  const open = branches.find(({ kind, version }) =>
    kind === "release" && version !== null && !ofPhases.includes(version) &&
    !facts.remote.has(`refs/tags/v${version}`)
  );
  return open === undefined ? [] : [seeRelease(`${open.version} is on its way on ${open.name}: see its next stage`)];
}

/** Find the line of versions that must have a release before that of a phase; `undefined` for the first line. */
function lineBefore({ lines }: Strategy, phase: number): VersionLine | undefined {
  const index = lines.findIndex((line) => line.phase === phase);
  return index <= 0 ? undefined : lines[index - 1];
}

/** Whether a line has a stable release; a tag such as `v1.0.0-alpha` is none. */
function hasRelease({ name }: VersionLine, { remote }: RepositoryFacts): boolean {
  const prefix = `refs/tags/v${name}.`;
  return [...remote.keys()].some((ref) => ref.startsWith(prefix) && /^\d+$/.test(ref.slice(prefix.length)));
}
