import { KitError, shell } from "../../base/mod.ts";
import { explainRemoteFailure, readRemoteRefs } from "../refs/remote_refs.ts";
import { readRefs } from "../refs/read_refs.ts";
import type { Repository } from "../open_repository.ts";
import { type GitOutput, runGit } from "../run_git.ts";
import { listArrived, movedError, positionOf, type RefPosition, shortName } from "./_ref_positions.ts";
import { applyMerge } from "./_apply_merge.ts";
import { isResolved } from "./_is_resolved.ts";
import { actOf, nameByResults, runCalls, type StepOptions } from "./_step_options.ts";
import type {
  ActStep,
  CheckStep,
  CommitStep,
  PushStep,
  RefChange,
  RefsStep,
  Step,
  SwitchStep,
  TagStep,
} from "./step.ts";
import { listStepCalls } from "./step_calls.ts";

/**
 * Apply a step, whether or not an earlier process has applied it in part or in whole.
 *
 * @returns The hash that it results in, or `null` if the step has no result
 */
export function applyStep(step: Step, options: StepOptions): Promise<string | null> {
  switch (step.type) {
    case "merge":
      return applyMerge(step, options);
    case "commit":
      return applyInTree(step, options);
    case "check":
      return applyCheck(step, options);
    case "tag":
      return applyTag(step, options);
    case "refs":
      return applyRefs(step, options);
    case "push":
      return applyPush(step, options);
    case "track":
      return runCalls(step, options, null);
    case "switch":
      return applySwitch(step, options);
    case "act":
      return applyAct(step, options);
  }
}

async function applyInTree(step: CommitStep, options: StepOptions): Promise<string | null> {
  const { path } = await options.tree.renew(nameByResults(options.results)(step.onto));
  return await runCalls(step, options, path);
}

async function applyCheck(step: CheckStep, options: StepOptions): Promise<null> {
  const on = nameByResults(options.results)(step.on);
  if (step.isOnlyForResolved === true && !await isResolved(on, options.repository.root)) return null;
  const { path } = await options.tree.renew(on);
  const failure = await options.runCheck(step, path);
  options.signal?.throwIfAborted();
  if (failure !== null) throw failure;
  return null;
}

async function applyAct(step: ActStep, { acts }: StepOptions): Promise<null> {
  await actOf(acts, step).apply();
  return null;
}

async function applyTag(step: TagStep, options: StepOptions): Promise<string | null> {
  const found = (await readRefs(options.repository)).get(`refs/tags/${step.name}`);
  if (found === undefined) return await runCalls(step, options, null);
  if (found.commit === nameByResults(options.results)(step.on) && found.sha !== found.commit) return found.sha;
  throw new KitError("unsafe", `Cannot make the tag ${step.name}: it exists, on ${found.commit.slice(0, 12)}`, {
    hint: shell`See what it is: git show ${step.name}`,
  });
}

async function applyRefs(step: RefsStep, options: StepOptions): Promise<null> {
  const refs = await readRefs(options.repository);
  const nameOf = nameByResults(options.results);
  const positions = step.changes.map((change) => positionOf(change, refs, nameOf));
  const moved = step.changes.filter((_, index) => positions[index] === "elsewhere");
  if (moved.length > 0) throw movedError(moved, "here");
  const changes = step.changes.filter((_, index) => positions[index] === "before");
  await runCalls({ ...step, changes }, options, null);
  return null;
}

/**
 * Push, unless an earlier process has. What is already where the push would take it was pushed by somebody else, such as
 * a colleague who began the same branch at the same commit, unless the journal says that this operation may have sent it.
 * What cannot be told apart: a process was killed after it wrote that, and somebody made just these refs before this one
 * looks; then they count as its own.
 */
async function applyPush(step: PushStep, options: StepOptions): Promise<null> {
  const { repository, signal, results, sent, onSent } = options;
  const nameOf = nameByResults(results);
  const refs = await readRemoteRefs(repository, step.remote, { signal });
  const wanted = step.changes.filter(({ before, after }) => after === null || before !== nameOf(after));
  const at = (position: RefPosition) => wanted.filter((change) => positionOf(change, refs, nameOf) === position);
  const arrived = listArrived(wanted, { sent, refs, nameOf });
  if (arrived.length === wanted.length && at("after").length === wanted.length) return null;
  const taken = [...at("elsewhere"), ...at("after").filter((change) => !arrived.includes(change))];
  if (taken.length > 0) {
    await onSent(namesOf(arrived));
    throw outrunError(step, taken);
  }
  await pushOnce({ ...step, changes: at("before") }, options);
  return null;
}

/** Push refs that were just found where they were, and keep the journal of what may have been sent true. */
async function pushOnce(step: PushStep, options: StepOptions): Promise<void> {
  const { sent, onSent } = options;
  await onSent(namesOf(step.changes));
  let unchanged: readonly string[];
  try {
    unchanged = await push(step, options);
  } catch (error) {
    // The remote has answered, so nothing of this push arrived there.
    if (error instanceof KitError && error.code === "unsafe") await onSent(sent);
    throw error;
  }
  if (unchanged.length === 0) return;
  // The git of a process that was killed may live on, and finish its push after this process has looked.
  const isOwn = unchanged.length === step.changes.length && unchanged.every((ref) => sent.includes(ref));
  if (isOwn) return;
  const isTaken = ({ ref }: RefChange) => unchanged.includes(ref);
  const pushed = step.changes.filter((change) => !isTaken(change));
  await onSent(namesOf(pushed));
  throw outrunError(step, step.changes.filter(isTaken), pushed);
}

function namesOf(changes: readonly RefChange[]): readonly string[] {
  return changes.map(({ ref }) => ref);
}

/** What {@linkcode push} works with. */
export interface PushOptions extends Pick<StepOptions, "repository" | "results" | "signal"> {
  /** Hint for the error if a rule of the remote refuses. */
  readonly refusedHint?: string;
}

/**
 * Push refs whose positions were checked, and explain a refusal.
 *
 * @returns Full names of the refs that were where they should go already, so that this push did not take them there
 * @throws {KitError} `unsafe` if the remote refuses, which then has changed nothing
 */
export async function push(step: PushStep, options: PushOptions): Promise<readonly string[]> {
  const { repository, signal, refusedHint = askForLeave(step) } = options;
  const [call] = listStepCalls(step, nameByResults(options.results));
  const output = await runGit(call!.args, { cwd: repository.root, signal });
  if (output.code !== 0) throw await explainPushFailure(repository, { step, output, refusedHint });
  return parseReport(output.stdout).filter(({ flag }) => flag === "=").map(({ ref }) => ref);
}

/** One line of git's report of a push. */
interface ReportedRef {
  /** One character: `=` if the ref was there already, `!` if it was refused, another one if it was changed. */
  readonly flag: string;
  /** Full name at the remote. */
  readonly ref: string;
  /** What git says about it, such as `[rejected] (stale info)`. */
  readonly summary: string;
}

/** Parse what `git push --porcelain` prints. */
function parseReport(stdout: string): readonly ReportedRef[] {
  return [...stdout.matchAll(/^(.)\t[^:\t]*:([^\t]+)\t(.*)$/gm)].map(([, flag, ref, summary]) => ({
    flag: flag!,
    ref: ref!,
    summary: summary!,
  }));
}

function askForLeave({ remote }: PushStep): string {
  return `Nothing was pushed. Who manages ${remote} can allow it`;
}

/** Reasons of a remote that are about the position of a ref, and not about a rule. */
const MOVED = /cannot lock ref|failed to update ref|incorrect old value|reference already exists|stale info/;

interface FailedPush {
  readonly step: PushStep;
  readonly output: GitOutput;
  readonly refusedHint: string;
}

async function explainPushFailure(
  repository: Repository,
  { step, output: { stdout, stderr }, refusedHint }: FailedPush,
): Promise<KitError> {
  const rejections = parseReport(stdout).flatMap(({ ref, summary }) => {
    const [, byRemote, reason] = /^\[(remote )?rejected\] \(((?!atomic).*)\)$/.exec(summary) ?? [];
    return reason === undefined ? [] : [{ isRule: byRemote !== undefined && !MOVED.test(reason), ref, reason }];
  });
  const rule = rejections.find(({ isRule }) => isRule);
  const text = `${stdout}\n${stderr}`;
  if (rule === undefined && /\bstale info\b|\[rejected\]|non-fast-forward|fetch first|cannot lock ref/.test(text)) {
    return outrunError(step, step.changes.filter(({ ref }) => rejections.some((one) => one.ref === ref)));
  }
  if (rule !== undefined || /pre-receive hook declined|protected branch|GH\d{3}|denied/.test(text)) {
    const said = stderr.split("\n").filter((line) => line.startsWith("remote: ")).map((line) => line.slice(8).trim());
    const reason = rule?.reason ?? "a rule of the remote";
    const words = [reason, ...said.filter(Boolean)].join(": ");
    return new KitError("unsafe", `Cannot push ${listShortNames(step.changes)}: ${step.remote} refuses: ${words}`, {
      hint: refusedHint,
    });
  }
  return await explainRemoteFailure(repository, step.remote, stderr);
}

/**
 * Create the error for a push that somebody else's push has outrun.
 *
 * @param taken The changes whose refs are no longer where they were, if the remote named them
 * @param pushed The changes that were pushed all the same, and that are taken back now
 */
function outrunError(step: PushStep, taken: readonly RefChange[], pushed: readonly RefChange[] = []): KitError {
  const moved = taken.filter(({ before }) => before !== null);
  const what = taken.length > 0 && moved.length === 0
    ? `somebody has made ${listShortNames(taken)}`
    : `${moved.length === 0 ? "a branch" : listShortNames(moved)} has moved on`;
  const message = `Cannot push ${listShortNames(step.changes)}: ${what} at ${step.remote} in the meantime`;
  const state = pushed.length === 0 ? "Nothing was pushed" : `${listShortNames(pushed)} was pushed and taken back`;
  return new KitError("unsafe", message, { hint: `${state}. Run the command again; it fetches first` });
}

function listShortNames(changes: readonly RefChange[]): string {
  return changes.map(({ ref }) => shortName(ref)).join(", ");
}

async function applySwitch(step: SwitchStep, options: StepOptions): Promise<null> {
  const { repository } = options;
  const { stdout } = await runGit(["symbolic-ref", "--short", "--quiet", "HEAD"], { cwd: repository.root });
  if (stdout.trim() !== step.branch) await runCalls(step, options, null);
  return null;
}
