import { KitError, shell } from "../../base/mod.ts";
import { containsCommit } from "../refs/contains_commit.ts";
import { readRefs, type Refs } from "../refs/read_refs.ts";
import { fetchRemote, readRemoteRefs } from "../refs/remote_refs.ts";
import { listWorktrees } from "../worktrees/list_worktrees.ts";
import type { Repository } from "../open_repository.ts";
import { git } from "../git.ts";
import { runGit } from "../run_git.ts";
import { type Acts, UndoConflict, type UndoOutcome } from "./act.ts";
import { adviseRevert } from "./advise_revert.ts";
import { push } from "./_apply_step.ts";
import { actOf, nameByResults } from "./_step_options.ts";
import { listArrived, movedError, positionOf, reverseChange } from "./_ref_positions.ts";
import type { Operation } from "./operation.ts";
import type { ActStep, PushStep, RefChange, RefsStep, Step, SwitchStep, TagStep, TrackStep } from "./step.ts";
import { listStepCalls, type StepCall } from "./step_calls.ts";

/** A reversal that was checked to be possible. */
interface Reversal {
  /** Its calls of git. */
  readonly calls: readonly StepCall[];
  /** Makes them, unless they are just to be run one after the other; returns whether there was anything to take back. */
  readonly apply?: () => Promise<boolean>;
  /** What comes of it, for a person; `null` if nobody is told. */
  readonly outcome: UndoOutcome | null;
}

/** How an operation is taken back. */
export interface RevertOptions {
  /** The acts of its steps. */
  readonly acts: Acts;
  /**
   * What to do about what people have changed since: `refuse` to take anything back, or `keep` that and take the rest
   * back, because something else waits for it.
   */
  readonly conflicts: "refuse" | "keep";
}

/** Reads the refs of a remote. */
type ReadRemote = (repository: Repository, remote: string) => Promise<Refs>;

/** What {@linkcode revertSteps} calls on its way. */
export interface RevertCalls extends RevertOptions {
  /** Called between the checks and the first change. */
  readonly onChecked?: () => Promise<void>;
  /** Called if the remote refuses the first change; nothing has changed. */
  readonly onRefused: () => Promise<void>;
  /** Called after each step that was taken back or kept. */
  readonly onOutcome?: ((outcome: UndoOutcome) => void) | undefined;
}

/**
 * Take back the steps of an operation that were applied, the last first; but the push before everything here, because a
 * remote may refuse it. Every step is checked before any is reverted: if a ref has moved on since, everything stays as
 * it is.
 *
 * @throws {KitError} `unsafe` if a ref has moved on, the user's files would be lost, or the remote refuses; `network`
 * without the remote
 */
export async function revertSteps(
  repository: Repository,
  operation: Operation,
  { onChecked, onRefused, onOutcome, ...options }: RevertCalls,
): Promise<void> {
  const reversals = await planReversals(repository, operation, options);
  await onChecked?.();
  for (const [index, { calls, apply, outcome }] of reversals.entries()) {
    try {
      let isChanged = true;
      if (apply !== undefined) isChanged = await apply();
      else for (const { args } of calls) await git(args, { cwd: repository.root });
      if (outcome !== null && isChanged) onOutcome?.(outcome);
    } catch (error) {
      // The remote has answered, so it is known that nothing has changed there.
      if (index === 0 && error instanceof KitError && error.code === "unsafe") await onRefused();
      throw error;
    }
  }
}

/** List the calls of git that {@linkcode revertSteps} makes, after the same checks, and what comes of them. */
export async function previewReversals(
  repository: Repository,
  operation: Operation,
  options: RevertOptions & { readonly readRemote: ReadRemote },
): Promise<{ readonly calls: readonly StepCall[]; readonly outcomes: readonly UndoOutcome[] }> {
  const reversals = await planReversals(repository, operation, options);
  return {
    calls: reversals.flatMap(({ calls }) => calls),
    outcomes: reversals.map(({ outcome }) => outcome).filter((outcome) => outcome !== null),
  };
}

async function planReversals(
  repository: Repository,
  operation: Operation,
  options: RevertOptions & { readonly readRemote?: ReadRemote },
): Promise<readonly Reversal[]> {
  const { readRemote = readRemoteRefs, acts, conflicts } = options;
  // The step after the complete ones may have been applied before the process was killed.
  const applied = [...operation.steps.slice(0, operation.at + 1).entries()].toReversed();
  const reversals: Reversal[] = [];
  for (const [index, step] of applied) {
    const reverting = { repository, operation, isComplete: index < operation.at, readRemote, acts };
    const reversal = await planReversal(step, reverting).catch((error) => keepConflict(error, conflicts));
    if (reversal === null) continue;
    if (step.type === "push") reversals.unshift(reversal);
    else reversals.push(reversal);
  }
  const followed = await planFollowedReversal(applied.map(([, step]) => step), { repository, operation });
  return followed === null ? reversals : [...reversals, followed];
}

/**
 * Plan to take back the branches here that a person has updated from the remote since, such as by `git pull` of one that
 * was checked out: they are where a push took those of the remote, though no step moved them.
 */
async function planFollowedReversal(
  steps: readonly Step[],
  { repository, operation }: Pick<Reverting, "repository" | "operation">,
): Promise<Reversal | null> {
  if (!steps.some(({ type }) => type === "push")) return null;
  const nameOf = namer(operation);
  const refs = await readRefs(repository);
  const moved = new Set(steps.flatMap((step) => step.type === "refs" ? step.changes.map(({ ref }) => ref) : []));
  const changes: RefChange[] = [];
  for (const change of steps.flatMap((step) => step.type === "push" ? step.changes : [])) {
    // A commit that the operation did not make was here before it.
    if (moved.has(change.ref) || change.after === null || !("step" in change.after)) continue;
    const made = nameOf(change.after);
    const here = refs.get(change.ref);
    if (made === "" || here === undefined || !change.ref.startsWith("refs/heads/")) continue;
    if (here.sha === made) changes.push(change);
    else if (await containsCommit(repository, here.commit, made)) throw movedError([change], "here");
  }
  if (changes.length === 0) return null;
  await refuseCheckedOut(changes, { repository, operation });
  return { calls: listRefCalls("followed", changes.map((change) => reverseChange(change, nameOf))), outcome: null };
}

/** A step that is kept because of what people have changed since. */
function keepConflict(error: unknown, conflicts: RevertOptions["conflicts"]): Reversal {
  if (conflicts === "refuse" || !(error instanceof KitError) || error.code !== "unsafe") throw error;
  const text = error instanceof UndoConflict ? error.keeps : error.message;
  return { calls: [], outcome: { text, isKept: true } };
}

interface Reverting {
  readonly repository: Repository;
  readonly operation: Operation;
  /** Whether the step is known to have been applied; otherwise it may have been, in whole or in part. */
  readonly isComplete: boolean;
  readonly readRemote: ReadRemote;
  readonly acts: Acts;
}

function planReversal(step: Step, reverting: Reverting): Promise<Reversal | null> {
  switch (step.type) {
    case "tag":
      return planTagReversal(step, reverting);
    case "refs":
      return planRefsReversal(step, reverting);
    case "track":
      return planTrackReversal(step, reverting);
    case "switch":
      return planSwitchReversal(step, reverting);
    case "act":
      return planActReversal(step, reverting);
    case "push":
      return planPushReversal(step, reverting);
    case "merge":
    case "commit":
    case "check":
      // Their commits are in no branch.
      return Promise.resolve(null);
  }
}

async function planActReversal(
  step: ActStep,
  { acts, operation: { endedAt }, isComplete }: Reverting,
): Promise<Reversal | null> {
  const wasDone = endedAt !== null;
  if (step.undo === "never" || step.undo === "unfinished" && wasDone) return null;
  const plan = await actOf(acts, step).planUndo?.({ isComplete, wasDone }) ?? null;
  return plan === null ? null : { calls: [], apply: plan.apply, outcome: { text: plan.text, isKept: false } };
}

/** Name objects by the results; an object that was never made has a name that no ref has. */
function namer({ results }: Operation) {
  const nameOf = nameByResults(results);
  return (object: Parameters<typeof nameOf>[0]) => "step" in object && !(object.step in results) ? "" : nameOf(object);
}

async function planTagReversal(step: TagStep, { repository, operation }: Reverting): Promise<Reversal | null> {
  const ref = `refs/tags/${step.name}`;
  const found = (await readRefs(repository)).get(ref);
  if (found === undefined) return null;
  const isOurs = found.sha === operation.results[step.id] || found.commit === namer(operation)(step.on);
  if (!isOurs) throw movedError([{ ref, before: null, after: null }], "here");
  return { calls: listRefCalls(step.id, [{ ref, before: found.sha, after: null }]), outcome: null };
}

async function planRefsReversal(step: RefsStep, reverting: Reverting): Promise<Reversal | null> {
  const { repository, operation, isComplete } = reverting;
  const refs = await readRefs(repository);
  const nameOf = namer(operation);
  const moved = step.changes.filter((change) => positionOf(change, refs, nameOf) === "elsewhere");
  if (isComplete && moved.length > 0) throw movedError(moved, "here");
  const changes = step.changes.filter((change) => positionOf(change, refs, nameOf) === "after");
  if (changes.length === 0) return null;
  await refuseCheckedOut(changes, reverting);
  return { calls: listRefCalls(step.id, changes.map((change) => reverseChange(change, nameOf))), outcome: null };
}

/** List the changes whose refs have moved on from where the change took them, or would have. */
async function listContaining(
  changes: readonly RefChange[],
  { repository, refs, nameOf }: Pick<Built, "repository" | "refs" | "nameOf">,
): Promise<readonly RefChange[]> {
  const found: RefChange[] = [];
  for (const change of changes) {
    const now = refs.get(change.ref);
    const made = change.after === null ? "" : nameOf(change.after);
    if (now !== undefined && made !== "" && await containsCommit(repository, now.commit, made)) found.push(change);
  }
  return found;
}

/** List the calls that change refs to known hashes. */
function listRefCalls(id: string, changes: readonly RefChange[]): readonly StepCall[] {
  return listStepCalls({ type: "refs", id, changes }, nameByResults({}));
}

/** A branch that was switched to since then would lose its commit, or seem to have modified files. */
async function refuseCheckedOut(
  changes: readonly RefChange[],
  { repository, operation }: Pick<Reverting, "repository" | "operation">,
): Promise<void> {
  const isSwitchedBack = (branch: string, path: string) =>
    path === repository.root && operation.steps.some((step) => step.type === "switch" && step.branch === branch);
  for (const { path, branch } of await listWorktrees(repository)) {
    if (branch === null || isSwitchedBack(branch, path)) continue;
    if (!changes.some(({ ref }) => ref === `refs/heads/${branch}`)) continue;
    throw new KitError("unsafe", `Cannot take ${branch} back: it is checked out in ${path}`, {
      // Other commands refuse a detached HEAD, so the branch before it is better where there is one.
      hint: shell`Leave it first: git -C ${path} switch ${await hasPrevious(path) ? "-" : "--detach"}`,
    });
  }
}

/** Check whether another branch was checked out before in a working tree, to which `git switch -` leads. */
async function hasPrevious(cwd: string): Promise<boolean> {
  const { code, stdout } = await runGit(["rev-parse", "--symbolic-full-name", "@{-1}"], { cwd });
  return code === 0 && stdout.startsWith("refs/heads/");
}

/** Plan the push that takes another one back; `null` if nothing of it is at the remote. */
async function planPushReversal(step: PushStep, reverting: Reverting): Promise<Reversal | null> {
  const { repository, operation, isComplete, readRemote } = reverting;
  const { sent } = operation;
  if (!isComplete && sent.length === 0) return null;
  const nameOf = namer(operation);
  const refs = await readRemote(repository, step.remote);
  const pushed = isComplete ? step.changes : listArrived(step.changes, { sent, refs, nameOf });
  const moved = pushed.filter((change) => positionOf(change, refs, nameOf) === "elsewhere");
  const built = await listBuiltUpon(moved, { ...reverting, step, refs, nameOf });
  if (built.length > 0) throw builtUponError(built, { ...reverting, step, refs, nameOf });
  const changes = pushed.filter((change) => positionOf(change, refs, nameOf) === "after");
  if (changes.length === 0) return null;
  const back: PushStep = { ...step, changes: changes.map((change) => reverseChange(change, nameOf)) };
  const context = { repository, results: operation.results, signal: undefined, refusedHint: adviseKept(operation) };
  const apply = async () => {
    await push(back, context);
    return true;
  };
  return { calls: listStepCalls(back, nameOf), apply, outcome: null };
}

/** Say what to do about what the remote keeps. Its rules may forbid to delete and to rewrite. */
function adviseKept(operation: Operation): string {
  const advice = adviseRevert(operation);
  const way = advice === null
    ? "it merged nothing, so no other branch has it"
    : `take it back by new commits: ${advice}`;
  return `Nothing was changed. What was pushed stays; ${way}`;
}

interface Built extends Reverting {
  readonly step: PushStep;
  readonly refs: Refs;
  readonly nameOf: ReturnType<typeof namer>;
}

/**
 * List the changes of a push whose refs have moved on. If it is not known whether the push was made, a ref moved on from
 * it only if the pushed commit is in its history.
 */
async function listBuiltUpon(moved: readonly RefChange[], built: Built): Promise<readonly RefChange[]> {
  const { repository, isComplete, step, refs, nameOf } = built;
  if (isComplete || moved.length === 0) return moved;
  await fetchRemote(repository, step.remote);
  return await listContaining(moved, { repository, refs, nameOf });
}

/** Create the error for refs on which somebody has built: how to see what is new, and how to take a merge back then. */
function builtUponError(built: readonly RefChange[], { operation, step: { remote }, refs, nameOf }: Built): KitError {
  const logs = built.flatMap(({ ref, after }) => {
    const branch = /^refs\/heads\/(.*)$/.exec(ref)?.[1];
    return branch === undefined || after === null || !refs.has(ref)
      ? []
      : [shell`git log ${`${nameOf(after).slice(0, 12)}..${remote}/${branch}`}`];
  });
  if (logs.length === 0) return movedError(built, `at ${remote}`);
  const advice = adviseRevert(operation);
  const revert = advice === null ? "" : `. Nothing was changed; to take the merge back all the same, ${advice}`;
  const hint = `See what is new there: ${[shell`git fetch ${remote}`, ...logs].join(" && ")}${revert}`;
  return movedError(built, `at ${remote}`, hint);
}

async function planTrackReversal({ branch }: TrackStep, { repository: { root: cwd } }: Reverting): Promise<Reversal> {
  const calls: StepCall[] = [];
  for (const key of [`branch.${branch}.remote`, `branch.${branch}.merge`]) {
    const { code } = await runGit(["config", "--get", key], { cwd });
    // Without the key, the step was not applied.
    if (code === 0) calls.push({ where: "root", program: "git", args: ["config", "--unset", key] });
  }
  return { calls, outcome: null };
}

async function planSwitchReversal(step: SwitchStep, { repository }: Reverting): Promise<Reversal | null> {
  const cwd = repository.root;
  const { stdout } = await runGit(["symbolic-ref", "--short", "--quiet", "HEAD"], { cwd });
  if (stdout.trim() !== step.branch) return null;
  const changes = await git(["status", "--porcelain", "--untracked-files=no"], { cwd });
  if (changes !== "") {
    throw new KitError("unsafe", `Cannot switch back to ${step.from}: ${step.branch} has uncommitted changes`, {
      hint: "Commit or stash them first",
    });
  }
  return { calls: listStepCalls({ ...step, branch: step.from }, nameByResults({})), outcome: null };
}
