import { KitError, shell } from "../../base/mod.ts";
import { EXACT_CHECKOUT } from "../checkout/exact_checkout.ts";
import { git } from "../git.ts";
import { containsCommit, isOnLine } from "../refs/contains_commit.ts";
import { runGit } from "../run_git.ts";
import { nameByResults, runCalls, type StepOptions, Suspension } from "./_step_options.ts";
import type { MergeStep } from "./step.ts";
import { listResolutionCalls } from "./step_calls.ts";

/** How it goes on after a person has done something in the tree. */
const THEN = "then civitai-dl branch continue; or take everything back with civitai-dl branch undo";

/**
 * Merge in the operation's tree, or take over what a person has resolved there.
 *
 * @returns Full hash of the merge
 * @throws {Suspension} If there are conflicts, or if the work of the person is not complete or cannot be committed
 */
export async function applyMerge(step: MergeStep, options: StepOptions): Promise<string | null> {
  const left = await options.tree.find();
  if (left !== null) {
    const resolved = await takeOver(step, options, left.path);
    if (resolved !== null) return resolved;
  }
  const { path } = await options.tree.renew(nameByResults(options.results)(step.onto));
  try {
    return await runCalls(step, options, path);
  } catch (error) {
    const conflicts = await listConflicts(path);
    if (conflicts.length === 0 || options.signal?.aborted) throw error;
    throw conflictSuspension(step, { path, conflicts });
  }
}

/** What an earlier process, and perhaps a person after it, left of a merge: nothing that is needed, or the merge. */
export type LeftMerge =
  | { readonly state: "none" }
  | { readonly state: "resolved" }
  | { readonly state: "committed"; readonly sha: string };

/**
 * Read what the operation's tree has of a merge, and change nothing.
 *
 * @param cwd The tree
 * @throws {Suspension} If conflicts are left, or if the tree has work that would be lost
 */
export async function readLeftMerge(
  step: MergeStep,
  options: Pick<StepOptions, "repository" | "results">,
  cwd: string,
): Promise<LeftMerge> {
  const nameOf = nameByResults(options.results);
  const onto = nameOf(step.onto);
  const from = nameOf(step.from);
  const read = async (name: string) =>
    (await runGit(["rev-parse", "--verify", "--quiet", name], { cwd })).stdout.trim();
  const head = await read("HEAD");
  const merging = await read("MERGE_HEAD");
  if (head === onto && merging === from) {
    const conflicts = await listConflicts(cwd);
    if (conflicts.length > 0) throw conflictSuspension(step, { path: cwd, conflicts });
    await refuseUnadded(step, cwd);
    return { state: "resolved" };
  }
  // The tree is at the beginning of the merge, or of an earlier step.
  if ([onto, from, ...Object.values(options.results)].includes(head)) return { state: "none" };
  const { repository } = options;
  if (await isOnLine(repository, head, onto) && await containsCommit(repository, head, from)) {
    await refuseUncommitted(step, cwd);
    return { state: "committed", sha: head };
  }
  if (await isNamed(head, cwd)) return { state: "none" };
  const reason = `${quoteSubject(step)} is not what ${cwd} has: its commit ${
    head.slice(0, 12)
  } does not have both sides`;
  const advice = shell`merge there: git -C ${cwd} switch --detach ${onto} && git -C ${cwd} merge --no-ff ${from}`;
  throw treeSuspension(reason, advice);
}

/**
 * Take over the merge that a person has resolved in the tree; `null` if the tree has none. If git fails, such as for a
 * key that is missing, the operation waits, and the tree stays.
 */
async function takeOver(step: MergeStep, options: StepOptions, cwd: string): Promise<string | null> {
  try {
    const merge = await readLeftMerge(step, options, cwd);
    if (merge.state !== "resolved") return merge.state === "none" ? null : merge.sha;
    let result = "";
    for (const { args } of listResolutionCalls(step)) {
      result = (await git(args, { cwd, signal: options.signal })).trim();
    }
    return result;
  } catch (error) {
    if (options.signal?.aborted || !(error instanceof KitError)) throw error;
    const { code, hint = "Mend the cause" } = error;
    const message = `${error.message}; what was resolved in ${cwd} is kept`;
    throw new Suspension(message, new KitError(code, message, { hint: `${hint}, ${THEN}`, cause: error }));
  }
}

async function listConflicts(cwd: string): Promise<readonly string[]> {
  const { stdout } = await runGit(["diff", "--name-only", "--diff-filter=U", "-z"], { cwd });
  return stdout.split("\0").filter(Boolean);
}

/** A path of a tree that differs from its commit. */
interface ChangedPath {
  readonly path: string;
  /** Whether the index does not have the change, so that a commit would leave it out. */
  readonly isUnadded: boolean;
}

async function listChanged(cwd: string): Promise<readonly ChangedPath[]> {
  const args = ["status", "--porcelain", "-z", "--no-renames", "--untracked-files=all"];
  const entries = (await git([...EXACT_CHECKOUT, ...args], { cwd })).split("\0").filter(Boolean);
  return entries.map((entry) => ({ path: entry.slice(3), isUnadded: entry[1] !== " " }));
}

async function refuseUnadded(step: MergeStep, cwd: string): Promise<void> {
  const paths = (await listChanged(cwd)).filter(({ isUnadded }) => isUnadded).map(({ path }) => path);
  if (paths.length === 0) return;
  throw treeSuspension(
    `${quoteSubject(step)} would be committed without what was changed after git add in ${cwd}: ${paths.join(", ")}`,
    "run git add for what belongs to it there, and remove the rest",
  );
}

async function refuseUncommitted(step: MergeStep, cwd: string): Promise<void> {
  const paths = (await listChanged(cwd)).map(({ path }) => path);
  if (paths.length === 0) return;
  throw treeSuspension(
    `${quoteSubject(step)} is committed in ${cwd}, but not what was changed there since: ${paths.join(", ")}`,
    "run git commit for what belongs to it there, and remove the rest",
  );
}

/** Check whether a branch or a tag has a commit, so that it stays when the tree is removed. */
async function isNamed(sha: string, cwd: string): Promise<boolean> {
  return (await git(["for-each-ref", "--count=1", "--contains", sha], { cwd })) !== "";
}

/** Create the suspension for work in the tree that would be lost; `advice` is what to do, without a capital letter. */
function treeSuspension(reason: string, advice: string): Suspension {
  const hint = `${advice}, ${THEN}`;
  return new Suspension(
    `${reason}; ${advice}, then civitai-dl branch continue`,
    new KitError("unsafe", `Cannot merge: ${reason}`, { hint: `${hint[0]!.toUpperCase()}${hint.slice(1)}` }),
  );
}

interface Conflict {
  /** The tree. */
  readonly path: string;
  readonly conflicts: readonly string[];
}

function conflictSuspension(step: MergeStep, { path, conflicts }: Conflict): Suspension {
  const reason = `${quoteSubject(step)} has conflicts in ${conflicts.join(", ")}`;
  const place = `edit those files in ${path}, run git add there, then civitai-dl branch continue`;
  return new Suspension(
    `${reason}; ${place}`,
    new KitError("unsafe", `Cannot merge: ${reason}`, {
      hint: `E${place.slice(1)}; or take everything back with civitai-dl branch undo`,
    }),
  );
}

/** Name a merge in a sentence. */
function quoteSubject({ message }: MergeStep): string {
  return `"${message.split("\n")[0]}"`;
}
